"""Is this report about that story? Signs are scored by `match_scores`; a middling sum asks a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.contract import Kind
from services.ingest.reports import Report
from services.ingest.stories.comparable import as_compared
from services.ingest.stories.comparing import FEW, keys, likeness, size
from services.ingest.stories.dating import date_of, distance
from services.ingest.stories.match_scores import DOUBTFUL_FROM, MATCH_SCORES, SAME_FROM
from services.ingest.stories.named_part import is_named_part
from services.ingest.stories.signs import APART, PARTS, SEEN, SIZES, Sign
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
    signs: tuple[Sign, ...]
    """What was found, by name, for an operator who has to decide."""

    @property
    def is_a_fair_guess(self) -> bool:
        """Where nobody can be asked: a doubt that nothing speaks against; of an arrest one over a name that does not
        stand alone, or over one town, one day and the same number or authority."""
        scores = MATCH_SCORES[self.story.kind]
        if self.verdict is not Verdict.DOUBTFUL or any(scores[sign] < 0 for sign in self.signs):
            return False
        if self.story.kind is Kind.PARDON:
            return True
        if _PERSONAL.intersection(self.signs):
            return not _BESIDE.isdisjoint(self.signs)
        return all(group.intersection(self.signs) for group in (_ONE_TOWN, _ONE_DAY, _ONE_DEED))


_NUMBERS_SAY_AT_MOST: Final = 6
_NUMBERS_SAY_AT_LEAST: Final = -6
"""Parts of one breakdown are not independent: one corrected number moves several."""

_ANCHORS: Final = (
    APART
    | SEEN
    | {
        Sign.SAME_DAY,
        Sign.DAY_OF_YEAR_SAME,
        Sign.SIZE_SAME,
        Sign.SIZE_RARE,
        Sign.SIZE_FEW,
        Sign.SIZE_AGREES,
        Sign.DECREE_SAME,
        Sign.SAME_ADDRESS,
    }
)
_RULED_OUT: Final = frozenset({Sign.DECREE_DIFFERS, Sign.BEFORE, Sign.APART_FAR})
_LATELY: Final = frozenset(
    {Sign.SAME_DAY, Sign.APART_1, Sign.APART_3, Sign.APART_IN_TIME, Sign.SEEN_1, Sign.SEEN_3, Sign.SEEN_IN_TIME}
)
_PERSONAL: Final = frozenset({Sign.PERSONS_IN_COMMON, Sign.PERSON_IN_COMMON, Sign.SURNAME_IN_COMMON})
_BESIDE: Final = APART | SEEN | {Sign.SAME_DAY, Sign.PLACE_SAME, Sign.ALL_PERSONS_SAME}
_ONE_TOWN: Final = frozenset({Sign.PLACE_SAME})
_ONE_DEED: Final = frozenset({Sign.AUTHORITY_SAME, Sign.SIZE_FEW, Sign.SIZE_SAME, Sign.SIZE_RARE, Sign.SIZE_AGREES})
_ONE_DAY: Final = frozenset({Sign.SAME_DAY, Sign.APART_1, Sign.SEEN_1})
_SPECIFIC: Final = _PERSONAL | {Sign.PUBLIC_PERSON_IN_COMMON, Sign.SAME_ADDRESS, Sign.ARTICLES_SAME, Sign.CHARGE_SAME}


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


def _likeness(report: Report, story: Story) -> tuple[Sign, ...]:
    """The number of a named part says nothing against the whole."""
    signs = tuple(likeness(report, story))
    if not is_named_part(report, story):
        return signs
    return (*(sign for sign in signs if sign not in SIZES), Sign.NAMED_PART)


def _verdict(score: int) -> Verdict:
    if score >= SAME_FROM:
        return Verdict.SAME
    return Verdict.DOUBTFUL if score >= DOUBTFUL_FROM else Verdict.DIFFERENT


def _circumstances(report: Report, story: Story, window_days: int) -> tuple[Sign, ...]:
    apart = distance(story.dated, date_of(report), window_days)
    same_address = _is_at_same_address(report, story)
    vague = vague_likeness(date_of(report), report.vague_day, story.dated, story.vague_day)
    return tuple(sign for sign in (apart, vague, Sign.SAME_ADDRESS if same_address else None) if sign)


def _is_at_same_address(report: Report, story: Story) -> bool:
    """The outlet's own page once more; what address somebody else writes under a text is up to them."""
    mine = report.source
    return mine.url is not None and any(one.url == mine.url and one.outlet == mine.outlet for one in story.sources)


def _score(kind: Kind, found: tuple[Sign, ...]) -> int:
    scores = MATCH_SCORES[kind]
    numbers = [scores[sign] for sign in found if sign in PARTS]
    size_says = sum(scores[sign] for sign in found if sign in SIZES)
    rest = sum(scores[sign] for sign in found if sign not in PARTS and sign not in SIZES)
    against = sum(score for score in (size_says, *numbers) if score < 0)
    in_favour = min(_NUMBERS_SAY_AT_MOST, sum(score for score in numbers if score > 0)) + max(size_says, 0)
    return rest + in_favour + max(_NUMBERS_SAY_AT_LEAST, against)


def says_who_or_how_many(report: Report) -> bool:
    return size(report) is not None or bool(keys(report))


def _may_be_of_it(report: Report, found: tuple[Sign, ...]) -> bool:
    """Of a pardon: is somebody named again whom the story counts, or does the report say neither who nor how many, and
    came out while the story was talked of? Then it is no second act by itself, whatever the days say."""
    if report.kind is not Kind.PARDON or _RULED_OUT.intersection(found):
        return False
    return Sign.NAMED_PART in found or (not says_who_or_how_many(report) and bool(_LATELY.intersection(found)))


def _needs_a_person(report: Report, story: Story, found: tuple[Sign, ...]) -> bool:
    """Few people, or nobody knows how many, and nothing that tells them from others; a name that is merely alike; names
    without a time or a number, since some people are detained, and even pardoned, more than once."""
    if Sign.PERSON_ALIKE in found or _ANCHORS.isdisjoint(found):
        return True
    if report.kind is Kind.PARDON or _SPECIFIC.intersection(found):
        return False
    counts = [size(account) for account in (report, story)]
    return any(count is None or count.value < FEW for count in counts)
