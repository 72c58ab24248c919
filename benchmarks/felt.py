"""What a reader feels of the reading: who sees a true item, which stories are lost, what is said and not so. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from benchmarks.scoring import Tally, false_names, score_names, score_numbers
from services.fact_table import ACTS


class Fate(StrEnum):
    """Of an item: readers get it without anybody's doing, an operator is shown it, nobody sees it."""

    OUT = "out"
    WAITS = "waits"
    DROPPED = "dropped"


_BEST_FIRST = tuple(Fate)


@dataclass(slots=True)
class Fates:
    """How many ended which way."""

    out: int = 0
    waits: int = 0
    dropped: int = 0

    @property
    def total(self) -> int:
        return self.out + self.waits + self.dropped

    def share(self, fate: Fate) -> float:
        """0 to 1; 0 of nothing."""
        return float(getattr(self, fate.value)) / self.total if self.total else 0.0

    def count(self, fate: Fate) -> None:
        setattr(self, fate.value, getattr(self, fate.value) + 1)


def count_fates(fates: Iterable[Fate]) -> Fates:
    counted = Fates()
    for fate in fates:
        counted.count(fate)
    return counted


def count_story_fates(items: Iterable[tuple[str | None, Fate]]) -> Fates:
    """(event, fate) of each true item → a happening has the best fate that any item of it has. An item of no event is a
    happening of its own."""
    best: dict[object, Fate] = {}
    for number, (event, fate) in enumerate(items):
        best_known = best.setdefault(event if event is not None else number, fate)
        best[event if event is not None else number] = min(best_known, fate, key=_BEST_FIRST.index)
    return count_fates(best.values())


def false_statements(label: Mapping[str, Any], kind: str, facts: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """(field, value) of all that was read and is not so: a wrong kind, a number, a name. An item read as news of
    another kind, or as news where it is none, is one statement: its kind."""
    if kind != label["kind"]:
        return [] if kind == "other" else [("kind", kind)]
    numbers = score_numbers(label, facts)
    said = [(field, facts[field]) for field, tally in numbers.items() if tally.false_finds]
    return said + [("names", name) for name in false_names(label, facts)]


def score_act(items: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> dict[str, tuple[Tally, Tally]]:
    """(label, facts) → by kind: its number and its names, of the items that the label gives that kind and no other."""
    found: defaultdict[str, tuple[Tally, Tally]] = defaultdict(lambda: (Tally(), Tally()))
    whole = {kind.value: act.number for kind, act in ACTS.items()}
    for label, facts in items:
        if label["kind"] not in whole:
            continue
        number, names = found[label["kind"]]
        number.add(score_numbers(label, facts)[whole[label["kind"]]])
        names.add(score_names(label, facts))
    return dict(found)
