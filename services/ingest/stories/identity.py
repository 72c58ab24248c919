"""Is this report about that story? Signs are scored by `match_scores`; a middling sum asks a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.contract import Kind
from services.ingest.reports import Report
from services.ingest.stories.comparable import as_compared
from services.ingest.stories.comparing import BREAKDOWN, FEW, keys, likeness, size
from services.ingest.stories.dating import date_of, distance
from services.ingest.stories.match_scores import DOUBTFUL_FROM, MATCH_SCORES, SAME_FROM
from services.ingest.stories.named_part import NAMED_PART, is_named_part
from services.ingest.stories.story import Story
from services.ingest.stories.vague_days import vague_likeness

WINDOW_DAYS: Final = 7
"""Within so many days reports join by all that they have in common; after it only by what is firm."""


class Verdict(StrEnum):
    SAME = "same"
    DOUBTFUL = "doubtful"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Likeness:
    story: Story
    verdict: Verdict
    score: int
    signs: tuple[str, ...]
    """What was found, by name, for an operator who has to decide."""

    @property
    def is_a_fair_guess(self) -> bool:
        """Where nobody can be asked: a doubt that nothing speaks against; of an arrest one over a name that does not
        stand alone, or over one town, one day and the same number or authority."""
        scores = MATCH_SCORES[self.story.kind]
        if self.verdict is not Verdict.DOUBTFUL or any(scores.get(name, 0) < 0 for name in self.signs):
            return False
        if self.story.kind is Kind.PARDON:
            return True
        if _PERSONAL.intersection(self.signs):
            return any(name.startswith(_BESIDE) for name in self.signs)
        return all(group.intersection(self.signs) for group in (_ONE_TOWN, _ONE_DAY, _ONE_DEED))


_NUMBERS_SAY_AT_MOST: Final = 6
_NUMBERS_SAY_AT_LEAST: Final = -6
"""Parts of one breakdown are not independent: one corrected number moves several."""

_ANCHORS: Final = (
    "same_day",
    "apart_",
    "seen_",
    "day_of_year_same",
    "size_same",
    "size_rare",
    "size_few",
    "size_agrees",
    "decree_same",
    "same_address",
)
_RULED_OUT: Final = frozenset({"decree_differs", "before", "apart_far"})
_LATELY: Final = frozenset({"same_day", "apart_1", "apart_3", "apart_in_time", "seen_1", "seen_3", "seen_in_time"})
_PERSONAL: Final = frozenset({"persons_in_common", "person_in_common", "surname_in_common"})
_BESIDE: Final = ("same_day", "apart_", "seen_", "place_same", "all_persons_same")
_ONE_TOWN: Final = frozenset({"place_same"})
_ONE_DEED: Final = frozenset({"authority_same", "size_few", "size_same", "size_rare", "size_agrees"})
_ONE_DAY: Final = frozenset({"same_day", "apart_1", "seen_1"})
_SPECIFIC: Final = _PERSONAL | {"public_person_in_common", "same_address", "articles_same", "charge_same"}


def compare(report: Report, story: Story, window_days: int = WINDOW_DAYS) -> Likeness:
    """Stories of another kind or status (an exercise is not the world) are always different."""
    if report.kind is not story.kind or report.status is not story.status:
        return Likeness(story, Verdict.DIFFERENT, 0, ())
    shown = as_compared(story, report)
    found = (*_circumstances(report, shown, window_days), *_likeness(report, shown))
    score = _score(report.kind, found)
    if _needs_a_person(report, shown, found):
        score = min(score, SAME_FROM - 1)
    if _may_be_of_it(report, found):
        score = max(score, DOUBTFUL_FROM)
    return Likeness(story, _verdict(score), score, found)


def _likeness(report: Report, story: Story) -> tuple[str, ...]:
    """The number of a named part says nothing against the whole."""
    signs = tuple(likeness(report, story))
    if not is_named_part(report, story):
        return signs
    return (*(name for name in signs if not name.startswith("size_")), NAMED_PART)


def _verdict(score: int) -> Verdict:
    if score >= SAME_FROM:
        return Verdict.SAME
    return Verdict.DOUBTFUL if score >= DOUBTFUL_FROM else Verdict.DIFFERENT


def _circumstances(report: Report, story: Story, window_days: int) -> tuple[str, ...]:
    apart = distance(story.dated, date_of(report), window_days)
    same_address = _is_at_same_address(report, story)
    vague = vague_likeness(date_of(report), report.vague_day, story.dated, story.vague_day)
    return tuple(name for name in (apart, vague, "same_address" if same_address else None) if name)


def _is_at_same_address(report: Report, story: Story) -> bool:
    """The outlet's own page once more; what address somebody else writes under a text is up to them."""
    mine = report.source
    return mine.url is not None and any(one.url == mine.url and one.outlet == mine.outlet for one in story.sources)


def _score(kind: Kind, found: tuple[str, ...]) -> int:
    scores = MATCH_SCORES[kind]
    numbers = [scores[name] for name in found if _is_part(name)]
    size_says = sum(scores[name] for name in found if name.startswith("size_"))
    rest = sum(scores.get(name, 0) for name in found if not _is_part(name) and not name.startswith("size_"))
    against = sum(score for score in (size_says, *numbers) if score < 0)
    in_favour = min(_NUMBERS_SAY_AT_MOST, sum(score for score in numbers if score > 0)) + max(size_says, 0)
    return rest + in_favour + max(_NUMBERS_SAY_AT_LEAST, against)


def says_who_or_how_many(report: Report) -> bool:
    return size(report) is not None or bool(keys(report))


def _may_be_of_it(report: Report, found: tuple[str, ...]) -> bool:
    """Of a pardon: is somebody named again whom the story counts, or does the report say neither who nor how many, and
    came out while the story was talked of? Then it is no second act by itself, whatever the days say."""
    if report.kind is not Kind.PARDON or _RULED_OUT.intersection(found):
        return False
    return NAMED_PART in found or (not says_who_or_how_many(report) and bool(_LATELY.intersection(found)))


def _is_part(name: str) -> bool:
    part, _, how = name.rpartition("_")
    return how in ("same", "differs") and part in BREAKDOWN


def _needs_a_person(report: Report, story: Story, found: tuple[str, ...]) -> bool:
    """Few people, or nobody knows how many, and nothing that tells them from others; a name that is merely alike; names
    without a time or a number, since some people are detained, and even pardoned, more than once."""
    if "person_alike" in found or not any(name.startswith(_ANCHORS) for name in found):
        return True
    if report.kind is Kind.PARDON or _SPECIFIC.intersection(found):
        return False
    counts = [size(account) for account in (report, story)]
    return any(count is None or count.value < FEW for count in counts)
