"""Learns what near misses are weighed by, from labelled texts, and says what it is worth on those not learned from.

    python -m benchmarks.near_miss_weights FILE … [--write]

A file has the form of the corpus (`vestka corpus export` gives it too). First the texts are parted by happening into
ten parts, each weighed by what the nine others teach; then all of them teach, and `--write` keeps that. A logistic
regression with a penalty for large weights: small enough to be written out here, and to be read in its file.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from services.contract import Kind
from services.ingest.extraction import extract, rules_saw
from services.ingest.extraction.lexicon import LANGUAGES
from services.ingest.extraction.near_miss import Weigher, traits_of

HERE: Final = Path(__file__).parent
WEIGHTS: Final = HERE.parent / "services" / "ingest" / "extraction" / "near_miss" / "weights.json"
_PARTS: Final = 10
_PENALTY: Final = 10.0
_STEPS: Final = 300
_RATE: Final = 0.5
_SEEN_BY: Final = 2
"""Texts that a trait must stand in: of one alone nothing is learned."""


@dataclass(frozen=True, slots=True)
class Lesson:
    happening: str
    traits: Mapping[str, float]
    is_news: bool
    is_read: bool
    """By the rules, as news."""
    weigher_asks: Mapping[str, Any]
    """What `Weigher.waits` is asked."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Learns the weights of near misses from labelled texts.")
    parser.add_argument("files", nargs="+", type=Path, help="JSON lines in the form of the corpus")
    parser.add_argument("--write", action="store_true", help=f"keep what was learned in {WEIGHTS.name}")
    chosen = parser.parse_args()
    lessons = [*_everyday(), *(one for file in chosen.files for one in _lessons(file))]
    _show_unseen(lessons)
    weights = learn(lessons)
    print(f"{len(lessons)} texts, {len(weights['traits'])} traits")
    if chosen.write:
        WEIGHTS.write_text(json.dumps(weights, ensure_ascii=False, indent=0, sort_keys=True) + "\n")
    return 0


def learn(lessons: Sequence[Lesson]) -> dict[str, Any]:
    """{"bias": …, "traits": {name: weight}}, by gradient descent with momentum."""
    counted = Counter(name for one in lessons for name in one.traits)
    rows = [
        ({name: value for name, value in one.traits.items() if counted[name] >= _SEEN_BY}, one.is_news)
        for one in lessons
    ]
    weights, speed = (
        dict.fromkeys((name for name, count in counted.items() if count >= _SEEN_BY), 0.0),
        defaultdict[str, float](float),
    )
    bias = bias_speed = 0.0
    scale = _RATE / len(rows)
    for _ in range(_STEPS):
        gradient, slope = defaultdict[str, float](float), 0.0
        for traits, is_news in rows:
            off = _sigmoid(bias + sum(weights[name] * value for name, value in traits.items())) - is_news
            slope += off
            for name, value in traits.items():
                gradient[name] += off * value
        bias_speed = 0.9 * bias_speed - scale * slope
        bias += bias_speed
        for name, weight in weights.items():
            speed[name] = 0.9 * speed[name] - scale * (gradient[name] + _PENALTY * weight)
            weights[name] = weight + speed[name]
    kept = {name: round(weight, 3) for name, weight in weights.items() if abs(weight) >= 0.005}
    return {"bias": round(bias, 3), "traits": kept}


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def _lessons(file: Path) -> Iterator[Lesson]:
    for line in file.read_text().splitlines():
        item = json.loads(line)
        if item["language"] in LANGUAGES:
            published = date.fromisoformat(item["published"][:10]) if item.get("published") else None
            label = item["label"]
            happening = label.get("event") or item["id"]
            yield _lesson(item["text"], item["language"], published, happening, is_news=label["kind"] != "other")


def _everyday() -> Iterator[Lesson]:
    """What fills most of a newspaper."""
    for language, sentences in yaml.safe_load((HERE / "everyday_news.yaml").read_text()).items():
        for at in range(len(sentences)):
            text = " ".join((sentences * 2)[at : at + 4])
            yield _lesson(text, language, None, f"everyday {language}", is_news=False)


def _lesson(text: str, language: str, published: date | None, happening: str, *, is_news: bool) -> Lesson:
    found = extract(text, language=language, published=published, weighed=False)
    saw = rules_saw(found, found.near_miss)
    asked = {"text": text, "language": language, "saw": saw}
    return Lesson(happening, traits_of(text, language, saw), is_news, found.kind is not Kind.OTHER, asked)


def _show_unseen(lessons: Sequence[Lesson]) -> None:
    parts: dict[str, int] = {}
    for one in lessons:
        parts.setdefault(one.happening, len(parts) % _PARTS)
    waits: dict[bool, list[tuple[bool, bool]]] = {True: [], False: []}
    for part in range(_PARTS):
        weigher = Weigher(**learn([one for one in lessons if parts[one.happening] != part]))
        for one in lessons:
            if parts[one.happening] == part:
                by_rules = one.is_read or one.weigher_asks["saw"].near_miss is not None
                waits[one.is_news].append((by_rules, one.is_read or weigher.waits(**one.weigher_asks)))
    for is_news, name in ((True, "true items that somebody sees"), (False, "no news at the desk")):
        rules, weighed = (sum(column) / len(waits[is_news]) for column in zip(*waits[is_news], strict=True))
        print(f"{name}, of {len(waits[is_news])}: by the rules {rules:.1%}, weighed {weighed:.1%}")


if __name__ == "__main__":
    raise SystemExit(main())
