"""Is this report about that story? Evidence is weighed by a table; a middling sum asks a person.

A count is no identity (two decrees covered 30 people each, nineteen days apart), a name is none either (namesakes, and
people who are detained again), so no single weak likeness reaches SAME by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.contract import Kind
from services.ingest.reports import Report
from services.ingest.stories.dating import date_of, distance
from services.ingest.stories.evidence import BREAKDOWN, FEW, evidence, size
from services.ingest.stories.story import Story


class Verdict(StrEnum):
    SAME = "same"
    DOUBTFUL = "doubtful"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Likeness:
    story: Story
    verdict: Verdict
    score: int
    evidence: tuple[str, ...]
    """What was found, by name, for an operator who has to decide."""


_SAME_FROM: Final = 4
_DOUBTFUL_FROM: Final = 3

_WEIGHTS: Final[dict[Kind, dict[str, int]]] = {
    Kind.PARDON: {
        # A decree number decides; it starts again every year, so the dates still have their say.
        "decree_same": 12,
        "decree_differs": -16,
        "same_address": 6,
        # No two acts on one day are known, and two in one week are: 20 and 22 November 2025.
        "same_day": 9,
        "same_day_same_site": 1,
        "apart_1": 2,
        "apart_3": -5,
        "apart_5": -8,
        "apart_10": -8,
        "apart_45": -12,
        "apart_far": -16,
        "seen_1": 6,
        "seen_3": 2,
        "seen_5": 0,
        "seen_10": 0,
        "seen_45": -4,
        "seen_far": -12,
        "before": -12,
        "size_rare": 4,
        "size_same": 3,
        "size_few": 2,
        "size_one": 0,
        "size_agrees": 1,
        # Part of an act is often reported before the whole: 14 foreigners, then 52; and 5, 7, 10, 17, 18 within days.
        "size_of_one_order": -2,
        "size_far_off": -3,
        "size_differs": -3,
        "women_same": 1,
        "women_differs": -3,
        "minors_at_offence_same": 1,
        "minors_at_offence_differs": -1,
        "chronically_ill_same": 1,
        "chronically_ill_differs": -2,
        "with_disability_same": 1,
        "with_disability_differs": -2,
        "pensioners_same": 1,
        "pensioners_differs": -2,
        "with_children_same": 1,
        "with_children_differs": -2,
        # Outlets count the acts differently, so an ordinal or a tally that differs says nothing.
        "nth_pardon_same": 1,
        "released_total_same": 1,
        "persons_in_common": 6,
        "person_in_common": 3,
        "surname_in_common": 2,
        "person_alike": 1,
        "other_persons": -6,
    },
    Kind.ARREST: {
        "same_address": 6,
        "same_day": 3,
        "apart_1": 2,
        "apart_3": 1,
        "apart_5": 0,
        # Administrative arrests of one person recur back to back.
        "apart_10": -1,
        "apart_45": -5,
        "apart_far": -10,
        "seen_1": 2,
        "seen_3": 1,
        "seen_5": 0,
        "seen_10": -1,
        "seen_45": -5,
        "seen_far": -10,
        "before": -10,
        "size_rare": 3,
        "size_same": 2,
        "size_few": 1,
        "size_one": 0,
        "size_agrees": 1,
        # The number grows through the evening of a protest.
        "size_of_one_order": 1,
        "size_far_off": 0,
        "size_differs": -2,
        "place_same": 2,
        "place_capital": 1,
        "place_near": -1,
        "region_same": 1,
        "place_differs": -3,
        "authority_same": 1,
        "articles_same": 1,
        "articles_differ": -1,
        "charge_same": 1,
        "persons_in_common": 5,
        "person_in_common": 3,
        "surname_in_common": 2,
        "person_alike": 2,
        "other_persons": -6,
    },
}

_NUMBERS_SAY_AT_MOST: Final = 4
_NUMBERS_SAY_AT_LEAST: Final = -6
"""Parts of one breakdown are not independent: one corrected number moves several."""

_ANCHORS: Final = (
    "same_day",
    "apart_",
    "seen_",
    "size_same",
    "size_rare",
    "size_few",
    "size_agrees",
    "decree_same",
    "same_address",
)
_PERSONAL: Final = frozenset({"persons_in_common", "person_in_common", "surname_in_common"})
_SPECIFIC: Final = _PERSONAL | {"same_address", "articles_same", "charge_same"}


def compare(report: Report, story: Story) -> Likeness:
    """Stories of another kind or status (an exercise is not the world) are always different."""
    if report.kind is not story.kind or report.status is not story.status:
        return Likeness(story, Verdict.DIFFERENT, 0, ())
    found = (*_circumstances(report, story), *evidence(report, story))
    score = _weigh(report.kind, found)
    if _needs_a_person(report, story, found):
        score = min(score, _SAME_FROM - 1)
    return Likeness(story, _verdict(score), score, found)


def _verdict(score: int) -> Verdict:
    if score >= _SAME_FROM:
        return Verdict.SAME
    return Verdict.DOUBTFUL if score >= _DOUBTFUL_FROM else Verdict.DIFFERENT


def _circumstances(report: Report, story: Story) -> tuple[str, ...]:
    apart = distance(story.dated, date_of(report))
    same_address = report.source.url is not None and any(known.url == report.source.url for known in story.sources)
    same_site = apart == "same_day" and any(known.name == report.source.name for known in story.sources)
    found = (apart, "same_address" if same_address else None, "same_day_same_site" if same_site else None)
    return tuple(name for name in found if name)


def _weigh(kind: Kind, found: tuple[str, ...]) -> int:
    weights = _WEIGHTS[kind]
    numbers = [weights[name] for name in found if _is_part(name)]
    size_says = sum(weights[name] for name in found if name.startswith("size_"))
    rest = sum(weights.get(name, 0) for name in found if not _is_part(name) and not name.startswith("size_"))
    against = sum(weight for weight in (size_says, *numbers) if weight < 0)
    in_favour = min(_NUMBERS_SAY_AT_MOST, sum(weight for weight in numbers if weight > 0)) + max(size_says, 0)
    return rest + in_favour + max(_NUMBERS_SAY_AT_LEAST, against)


def _is_part(name: str) -> bool:
    part, _, how = name.rpartition("_")
    return how in ("same", "differs") and part in BREAKDOWN


def _needs_a_person(report: Report, story: Story, found: tuple[str, ...]) -> bool:
    """Few people, and nothing that tells them from others; a name that is merely alike; names without a time or a
    number, since some people are detained, and even pardoned, more than once."""
    if "person_alike" in found or not any(name.startswith(_ANCHORS) for name in found):
        return True
    counts = [count.value for count in (size(report), size(story)) if count]
    few = report.kind is Kind.ARREST and min(counts, default=FEW) < FEW
    return few and not _SPECIFIC.intersection(found)
