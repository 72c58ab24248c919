"""`make bench-extraction`: articles a second that extraction reads on one core, and whether its memory stays flat.

    python -m benchmarks.extraction_speed [--seconds 2] [--articles 100000]

Articles are 2 kB, put together from sentences written for this project: the stories of its tests, and everyday news. A
mix says how much of an article is of ours: all of it (the worst that can come), a story within other news, background
only, or nothing. Languages are told from the text, as for a page that does not say.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import yaml

from services.ingest.extraction import extract

ROOT: Final = Path(__file__).parents[1]
LANGUAGES: Final = ("en", "ru", "be")
SIZE: Final = 2_000
"""Bytes of UTF-8."""

MIXES: Final = {"news": (0.1, 0.1), "only ours": (1.0, 0.0), "background": (0.0, 0.5), "everyday": (0.0, 0.0)}
"""The share of an article that is of an act, and the share that only sounds like it."""

PUBLISHED: Final = date(2024, 12, 29)
SAMPLE: Final = 60
"""Articles of each language and mix."""


def main() -> int:
    parser = argparse.ArgumentParser(description="How fast extraction reads on one core, and how flat its memory is.")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each mix is read")
    parser.add_argument(
        "--articles", type=int, default=0, help="then read so many different ones, and watch the memory"
    )
    chosen = parser.parse_args()
    dice = random.Random(3)
    print(
        f"{'mix':11}"
        + "".join(f"{language:>8}" for language in (*LANGUAGES, "all"))
        + "  articles of 2 kB a CPU second"
    )
    for mix in MIXES:
        by_language = {language: articles(language, mix, dice) for language in LANGUAGES}
        together = [article for some in by_language.values() for article in some]
        dice.shuffle(together)
        speeds = [speed(some, chosen.seconds) for some in (*by_language.values(), together)]
        print(f"{mix:11}" + "".join(f"{each:8.0f}" for each in speeds), flush=True)
    if chosen.articles:
        show_memory(chosen.articles, dice)
    return 0


def articles(language: str, mix: str, dice: random.Random, count: int = SAMPLE) -> list[str]:
    return [article(language, *MIXES[mix], dice) for _ in range(count)]


def article(language: str, of_act: float, of_background: float, dice: random.Random) -> str:
    """Paragraphs until there are 2 kB; the first is of the act where the mix has one."""
    acts, others, everyday = written(language)
    paragraphs = [dice.choice(acts)] if of_act else []
    while size(paragraphs) < SIZE:
        toss = dice.random()
        pool = acts if toss < of_act else others if toss < of_act + of_background else everyday
        paragraphs.append(dice.choice(pool))
    return "\n\n".join(paragraphs)


def size(paragraphs: Sequence[str]) -> int:
    return sum(len(each.encode()) + 2 for each in paragraphs)


def written(language: str) -> tuple[list[str], list[str], list[str]]:
    """Texts that tell of an act, texts that only sound like one, and sentences of everyday news."""
    if language not in _WRITTEN:
        folder = ROOT / "tests" / "unit" / "ingest" / "extraction" / "stories"
        told = yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))
        everyday = yaml.safe_load((ROOT / "benchmarks" / "everyday_news.yaml").read_text(encoding="utf-8"))
        acts = [story["text"].strip() for kind in ("pardons", "arrests") for story in told[kind]]
        _WRITTEN[language] = acts, [text.strip() for text in told["others"].values()], everyday[language]
    return _WRITTEN[language]


_WRITTEN: Final[dict[str, tuple[list[str], list[str], list[str]]]] = {}


def speed(texts: Sequence[str], seconds: float) -> float:
    """Articles per second of this process's own time, after one pass to warm up."""
    for text in texts:
        extract(text, published=PUBLISHED)
    start, done = time.process_time(), 0
    while time.process_time() - start < seconds:
        extract(texts[done % len(texts)], published=PUBLISHED)
        done += 1
    return done / (time.process_time() - start)


def show_memory(count: int, dice: random.Random) -> None:
    """The peak after a tenth of the articles and at the end, no two of which are alike."""
    peaks = []
    for number, text in enumerate(different(count, dice), 1):
        extract(text, published=PUBLISHED)
        if number in (count // 10, count):
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(f"memory: {peaks[0]:.0f} MB after {count // 10} articles, {peaks[-1]:.0f} MB after {count}")


def different(count: int, dice: random.Random) -> Iterator[str]:
    mixes = list(MIXES)
    for number in range(count):
        text = article(dice.choice(LANGUAGES), *MIXES[dice.choice(mixes)], dice)
        yield f"{text}\n\n{number} {dice.getrandbits(64):x}"


if __name__ == "__main__":
    sys.exit(main())
