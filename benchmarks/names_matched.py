"""Are two spellings one person's? Counts `names/pairs.yaml`: what would alert, what would be asked, and what is missed.

    python -m benchmarks.names_matched [--half tuned|held | --afterwards]

The halves are told by a checksum of the names, so that a pair that is added later falls into one of them by itself.
"""

from __future__ import annotations

import sys
import zlib
from collections import Counter
from collections.abc import Iterable
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
        every = sum(count for pair, count in self.counts.items() if pair[place] == word)
        return self.counts[word, word] / every if every else 1.0


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


def main() -> None:
    half = sys.argv[sys.argv.index("--half") + 1] if "--half" in sys.argv else None
    path = AFTERWARDS if "--afterwards" in sys.argv else PAIRS
    pairs = [pair for pair in read_pairs(path) if half in (None, pair.half)]
    found = matched(pairs)
    print(f"{len(pairs)} pairs: recall {found.recall:.3f}, precision {found.precision:.3f} of what alerts")
    for (label, said), count in sorted(found.counts.items()):
        print(f"  {label}, taken for {said}: {count}")


if __name__ == "__main__":
    main()
