"""What each condition of the release rules means, one function each; which of them leads to what is data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import msgspec

from services.contract import Facts
from services.fact_table import PARTS
from services.ingest.news_time import day_in_minsk
from services.ingest.reports import Report
from services.ingest.stories import Placement, ReportOutcome, voices, waiting_accounts, waiting_persons
from services.ingest.stories.dating import DayBasis, read_day
from services.sourcing import Basis, basis_of, is_own_word

ALREADY_ANNOUNCED: Final = frozenset({ReportOutcome.REVISED, ReportOutcome.JOINED})
"""Outcomes of which readers know the story."""


class FactLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text_age_days: int
    happening_age_days: int
    pardoned: int
    detained: int
    nth_pardon: int = 100
    """The ordinal of a pardon."""
    tally: int = 100_000
    """A count that runs on: released in all, still held, died in custody."""


def _is_held_by_operator(placement: Placement, _report: Report, _limits: FactLimits) -> bool:
    return placement.story.is_held_by_operator


def _is_doubtful(placement: Placement, _report: Report, _limits: FactLimits) -> bool:
    return placement.outcome is ReportOutcome.DOUBTFUL


def _is_implausible(placement: Placement, report: Report, limits: FactLimits) -> bool:
    # The report's own numbers count as well: a story keeps the better of two, and the worse one is still a sign.
    # But what others said makes no authority's own numbers impossible.
    own = is_own_word(report.source)
    return any(_cannot_be(facts, limits) for facts in (() if own else (placement.story.facts,)) + (report.facts,))


def _cannot_be(facts: Facts, limits: FactLimits) -> bool:
    if (facts.pardoned or 0) > limits.pardoned or (facts.detained or 0) > limits.detained:
        return True
    if facts.pardoned is None:
        return False
    parts = [getattr(facts, part) or 0 for part in PARTS]
    return max(parts) > facts.pardoned or (facts.women or 0) + (facts.men or 0) > facts.pardoned


def _is_in_future(_placement: Placement, report: Report, _limits: FactLimits) -> bool:
    today = day_in_minsk(report.received)
    dates = (_published_on(report), _occurred_on(report))
    return report.as_of is None and any(day is not None and day - today > timedelta(days=1) for day in dates)


def _is_undated(_placement: Placement, report: Report, _limits: FactLimits) -> bool:
    return report.as_of is None and _published_on(report) is None and _occurred_on(report) is None


def _is_old_text(_placement: Placement, report: Report, limits: FactLimits) -> bool:
    written = _published_on(report) or _occurred_on(report)
    return _is_past(written, report, limits.text_age_days)


def _is_old_happening(placement: Placement, report: Report, limits: FactLimits) -> bool:
    """Names may join a story long after the act; only a story that nobody was told of must be recent."""
    if report.as_of is not None or placement.outcome in ALREADY_ANNOUNCED:
        return False
    dated = placement.story.dated
    story_day = read_day(dated.day) if dated.basis in (DayBasis.TEXT, DayBasis.PUBLISHED) else None
    # What an authority says itself is judged by its own day: whatever others said of it makes it no older.
    days = (_occurred_on(report), None if is_own_word(report.source) else story_day)
    return report.stale or any(_is_past(day, report, limits.happening_age_days) for day in days)


def _is_name_not_given_firsthand(placement: Placement, _report: Report, _limits: FactLimits) -> bool:
    return bool(waiting_persons(placement.story))


def _is_lone_deviation(placement: Placement, _report: Report, _limits: FactLimits) -> bool:
    return bool(waiting_accounts(placement.story))


def _is_unsure_reading(_placement: Placement, report: Report, _limits: FactLimits) -> bool:
    return bool(report.doubts)


def _rests_on(*bases: Basis) -> Callable[[Placement, Report, FactLimits], bool]:
    def holds(placement: Placement, _report: Report, _limits: FactLimits) -> bool:
        return basis_of(voices(placement.story)) in bases

    return holds


CONDITIONS: Final[dict[str, Callable[[Placement, Report, FactLimits], bool]]] = {
    "held_by_operator": _is_held_by_operator,
    "doubtful_match": _is_doubtful,
    "implausible_number": _is_implausible,
    "unsure_reading": _is_unsure_reading,
    "date_in_future": _is_in_future,
    "undated": _is_undated,
    "old_text": _is_old_text,
    "old_happening": _is_old_happening,
    "name_not_given_firsthand": _is_name_not_given_firsthand,
    "lone_deviation": _is_lone_deviation,
    "own_official_source": _rests_on(Basis.OWN_OFFICIAL),
    "own_defender_source": _rests_on(Basis.OWN_DEFENDER),
    "independent_accounts": _rests_on(Basis.INDEPENDENT),
    "quoted_by_outlets": _rests_on(Basis.QUOTED),
    "two_independent_outlets": _rests_on(Basis.SEVERAL),
    "media_origins_only": _rests_on(Basis.ALONE),
}


def _is_past(day: date | None, report: Report, days: int) -> bool:
    """Nothing is past for a text that a person reads as on its own day."""
    return report.as_of is None and day is not None and day_in_minsk(report.received) - day > timedelta(days=days)


def _published_on(report: Report) -> date | None:
    return day_in_minsk(report.published) if report.published else None


def _occurred_on(report: Report) -> date | None:
    return read_day(report.occurred_on)
