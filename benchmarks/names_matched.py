"""Are two spellings one person's? Counts `names/pairs.yaml`: what would alert, what would be asked, and what is missed.

    python -m benchmarks.names_matched [--half tuned|held] [--afterwards | --by-class]

The halves are told by a checksum of the names, so that a pair that is added later falls into one of them by itself.
"""

from __future__ import annotations

import math
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from services.contract import Certainty, EventData, Facts, Kind, Person, Place, Role, Status
from services.names import fold
from services.subscribers.interests import following, marked
from services.subscribers.watched_persons import doubts_in, watches_somebody_in

PAIRS: Final = Path(__file__).parent / "names" / "pairs.yaml"
AFTERWARDS: Final = PAIRS.with_name("afterwards.yaml")
"""Written after the scores were chosen, and counted once."""
BY_CLASS: Final = PAIRS.with_name("by_class.yaml")
"""Each with the class of what differs, written before the rules for it."""
Answer = Literal["same", "doubtful", "different"]


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name, and what is known beside."""

    name: str
    born: int | None = None
    town: str | None = None


class LabelledPair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    a: str | Known
    b: str | Known
    label: Answer = msgspec.field(name="is")
    of: str = ""
    """The class of what differs."""

    @property
    def watched(self) -> Known:
        return Known(self.a) if isinstance(self.a, str) else self.a

    @property
    def named(self) -> Known:
        return Known(self.b) if isinstance(self.b, str) else self.b

    @property
    def half(self) -> str:
        return "held" if zlib.crc32(f"{self.watched.name}|{self.named.name}".encode()) % 2 else "tuned"


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    pairs: list[LabelledPair]


@dataclass(frozen=True, slots=True)
class Matched:
    """`counts`: by label and answer."""

    counts: Counter[tuple[str, str]]

    @property
    def recall(self) -> float:
        return self._share("same", 0)

    @property
    def precision(self) -> float:
        return self._share("same", 1)

    def _share(self, word: str, place: int) -> float:
        every = self.every(word, place)
        return self.counts[word, word] / every if every else 1.0

    def every(self, word: str, place: int) -> int:
        """How many were labelled so (`place` 0), or answered so (1)."""
        return sum(count for pair, count in self.counts.items() if pair[place] == word)


def read_pairs(path: Path = PAIRS) -> list[LabelledPair]:
    return msgspec.yaml.decode(path.read_bytes(), type=_Written).pairs


def answer(pair: LabelledPair) -> Answer:
    """By the road that an alert takes: an interest, and an event that names somebody."""
    mine, theirs = pair.watched, pair.named
    interest = following([marked(mine.name, mine.born, mine.town)])
    region, _, town = (theirs.town or "").partition(":")
    data = EventData(
        story_id="story",
        revision=1,
        sequence=1,
        kind=Kind.ARREST,
        status=Status.ACTUAL,
        certainty=Certainty.CONFIRMED,
        headline_facts=Facts(),
        place=Place(name=town, region=region) if town else None,
        persons=(Person(name=theirs.name, role=Role.DETAINED, key=fold(theirs.name), born=theirs.born),),
    )
    if watches_somebody_in(interest, data):
        return "same"
    return "doubtful" if doubts_in(interest, data) else "different"


def matched(pairs: Iterable[LabelledPair]) -> Matched:
    return Matched(Counter((pair.label, answer(pair)) for pair in pairs))


def interval(right: int, every: int) -> tuple[float, float]:
    """Between which shares the true one lies, 95 times of 100 (Wilson's score interval, 1927)."""
    if not every:
        return 0.0, 1.0
    share, z2 = right / every, 1.96**2
    middle = (share + z2 / (2 * every)) / (1 + z2 / every)
    apart = 1.96 / (1 + z2 / every) * math.sqrt(share * (1 - share) / every + z2 / (4 * every * every))
    return max(0.0, middle - apart), min(1.0, middle + apart)


def report(pairs: Sequence[LabelledPair]) -> Iterator[str]:
    """Sums, and no pair: a half can be counted unseen."""
    found = matched(pairs)
    right = found.counts["same", "same"]
    for name, share, every in (
        ("recall", found.recall, found.every("same", 0)),
        ("precision of what alerts", found.precision, found.every("same", 1)),
    ):
        low, high = interval(right, every)
        yield f"{name} {share:.3f} ({right} of {every}; {low:.3f} to {high:.3f})"
    yield f"asked about: {found.every('doubtful', 1)} of {len(pairs)}"
    for (label, said), count in sorted(found.counts.items()):
        yield f"  {label}, taken for {said}: {count}"


def main() -> None:
    half = sys.argv[sys.argv.index("--half") + 1] if "--half" in sys.argv else None
    path = AFTERWARDS if "--afterwards" in sys.argv else BY_CLASS if "--by-class" in sys.argv else PAIRS
    print("\n".join(report([pair for pair in read_pairs(path) if half in (None, pair.half)])))


if __name__ == "__main__":
    main()
