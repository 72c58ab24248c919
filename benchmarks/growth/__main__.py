"""`make growth`: twice the text never takes much more than twice the CPU time, for any pattern and for extraction.

    python -m benchmarks.growth [--quick] [--most 100000] [--pumps 6] [--seed 1] [--only patterns|articles]

Ends with 1 where something grows faster, and says what, where and with which text. `--quick` asks every pattern with
fewer and shorter texts, as `make test` does.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from typing import Final

from benchmarks.growth.articles import SAYS, articles, forgetting
from benchmarks.growth.measuring import growth
from benchmarks.growth.patterns import Asked, every_pattern
from benchmarks.growth.texts import texts

_QUICK: Final = {"most": 1_500, "pumps": 1}
"""As long as the longest sentence that is read."""

_SHOWN: Final = 60
"""Characters of a text and of a pattern that are shown."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Does twice the text ever take much more than twice the time?")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter texts")
    parser.add_argument("--most", type=int, default=100_000, help="characters of the longest text")
    parser.add_argument("--pumps", type=int, default=6, help="repeats of each pattern that are pumped up")
    parser.add_argument("--seed", type=int, default=1, help="of the dice that choose them")
    parser.add_argument("--only", choices=("patterns", "articles"), help="ask only these")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.most, chosen.pumps = _QUICK["most"], _QUICK["pumps"]
    patterns = every_pattern()
    found = 0
    if chosen.only != "articles":
        found += _told(_of_patterns(patterns, chosen.most, chosen.pumps, random.Random(chosen.seed)))
        print(f"{len(patterns)} patterns asked with texts of up to {chosen.most} characters")
    if chosen.only != "patterns":
        found += _told(_of_articles(chosen.most, every=5 if chosen.quick else 1))
    print(f"growth: {found} grow faster than their text" if found else "growth: nothing grows faster than its text")
    return bool(found)


def _told(lines: Iterator[str]) -> int:
    count = 0
    for count, line in enumerate(lines, 1):  # noqa: B007 - the last number is the count
        print(line, flush=True)
    return count


def _of_patterns(patterns: list[Asked], most: int, pumps: int, dice: random.Random) -> Iterator[str]:
    """One line for each pattern that grows."""
    for asked in patterns:
        for text in texts(asked.regex, pumps, dice):
            if grows := growth(asked.read, text, most):
                yield f"{asked.place}: {grows}: {text(_SHOWN)!r} by {asked.regex.pattern[:_SHOWN]!r}"
                break


def _of_articles(most: int, every: int) -> Iterator[str]:
    """One line for each text that makes extraction grow."""
    from services.ingest.extraction import extract  # noqa: PLC0415 - `every_pattern` must see it imported

    forget = forgetting()
    for language in SAYS:

        def read(text: str, language: str = language) -> None:
            forget()
            extract(text, title=text[:80], language=language)

        for name, text in list(articles(language))[::every]:
            if grows := growth(read, text, most):
                yield f"extraction ({language}): {grows}: {name}"


if __name__ == "__main__":
    sys.exit(main())
