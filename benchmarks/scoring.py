"""What is counted as right: labels beside what was extracted, as counts of hits, false finds and misses. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any, Final

from services.fact_table import NAME_FIELDS, NUMBERS
from services.names import fold, similarity

KINDS: Final = ("pardon", "arrest", "other")
WHERE_AND_WHAT_FOR: Final = ("place", "authority", "criminal_articles", "administrative")
"""Facts of an arrest that are neither numbers nor names."""
SAME_NAME_FROM: Final = 80.0
"""Similarity of folded names, 0 to 100: labels are spelt as in the text, so often in an oblique case."""


@dataclass(slots=True)
class Tally:
    """Hits, false finds and misses; the two rates are 1 where nothing was to be found."""

    hits: int = 0
    false_finds: int = 0
    misses: int = 0

    @property
    def precision(self) -> float:
        found = self.hits + self.false_finds
        return self.hits / found if found else 1.0

    @property
    def recall(self) -> float:
        due = self.hits + self.misses
        return self.hits / due if due else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.hits else 0.0

    def add(self, other: Tally) -> None:
        self.hits += other.hits
        self.false_finds += other.false_finds
        self.misses += other.misses


def score_numbers(label: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Tally]:
    """By field. A wrong number is a false find and a miss."""
    found: dict[str, Tally] = {}
    for field in NUMBERS:
        due, got = label.get(field), facts.get(field)
        right = due is not None and due == got
        found[field] = Tally(int(right), int(got is not None and not right), int(due is not None and not right))
    return found


def score_names(label: Mapping[str, Any], facts: Mapping[str, Any]) -> Tally:
    """People newly pardoned or detained, in any spelling and case; each name is matched once."""
    found = [name for field in NAME_FIELDS for name in facts.get(field) or ()]
    false, missed = _held_against(label, found)
    return Tally(len(found) - len(false), len(false), len(missed))


def false_names(label: Mapping[str, Any], facts: Mapping[str, Any]) -> list[str]:
    """Those of the names found that the label has not, as found."""
    return _held_against(label, [name for field in NAME_FIELDS for name in facts.get(field) or ()])[0]


def _held_against(label: Mapping[str, Any], found: Sequence[str]) -> tuple[list[str], list[str]]:
    """The names found that are false, and those of the label (folded) that nobody found."""
    due = [fold(name) for field in NAME_FIELDS for name in label.get(field) or ()]
    false: list[str] = []
    for name in found:
        folded = fold(name)
        match = max(due, key=partial(_likeness, folded), default=None)
        if match is not None and _likeness(folded, match) >= SAME_NAME_FROM:
            due.remove(match)
        else:
            false.append(name)
    return false, due


def _likeness(name: str, label: str) -> float:
    """A label that is a surname alone is met by the full name."""
    if " " in label:
        return similarity(name, label)
    return max((similarity(token, label) for token in name.split()), default=0.0)


def score_details(label: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Tally]:
    """Place, authority and articles, by field. An authority is right where it is one of those that the label names."""
    due, got = ({name: _several(of.get(name)) for name in WHERE_AND_WHAT_FOR} for of in (label, facts))
    return {name: _overlap(due[name], got[name], loose=name == "authority") for name in WHERE_AND_WHAT_FOR}


def _several(value: Any) -> list[str]:
    if isinstance(value, str):
        return [fold(part) for part in value.split(",")]
    return [str(each) for each in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _overlap(due: Sequence[str], got: Sequence[str], *, loose: bool) -> Tally:
    if loose:
        pairs = ((set(mine.split()), set(theirs.split())) for mine in got for theirs in due)
        right = any(mine <= theirs or theirs <= mine for mine, theirs in pairs)
        return Tally(int(right), int(bool(got) and not right), int(bool(due) and not right))
    return Tally(len({*due} & {*got}), len({*got} - {*due}), len({*due} - {*got}))


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Of (label, found) kinds, over the kinds that occur among the labels."""
    present = [kind for kind in KINDS if any(label == kind for label, _ in pairs)]
    return sum(_of_kind(pairs, kind).f1 for kind in present) / len(present) if present else 1.0


def _of_kind(pairs: Sequence[tuple[str, str]], kind: str) -> Tally:
    counts = Counter((label == kind, found == kind) for label, found in pairs)
    return Tally(counts[True, True], counts[False, True], counts[True, False])


def score_pairs(items: Iterable[tuple[str | None, str | None]]) -> tuple[Tally, int]:
    """(event, story) of each item → pairs put together, and how many stories hold more than one event."""
    known = list(items)
    tally = Tally()
    for (event_a, story_a), (event_b, story_b) in combinations(known, 2):
        same, together = event_a is not None and event_a == event_b, story_a is not None and story_a == story_b
        tally.hits += same and together
        tally.false_finds += together and not same
        tally.misses += same and not together
    events: defaultdict[str, set[str]] = defaultdict(set)
    for event, story in known:
        if event is not None and story is not None:
            events[story].add(event)
    return tally, sum(len(found) > 1 for found in events.values())
