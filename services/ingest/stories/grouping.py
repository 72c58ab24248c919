"""Groups reports into stories where no person can be asked and nothing is published: for looking and for measuring."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from services.ingest.reports import Report
from services.ingest.stories.dating import DayBasis, date_of
from services.ingest.stories.deciding import published
from services.ingest.stories.placing import place
from services.ingest.stories.story import Placement, ReportOutcome, Story, StoryState, let_go


def group(reports: Mapping[str, Report]) -> dict[str, str]:
    """The id of each report's story, by the report's own id of the caller; in whatever order they come.

    A doubtful report goes to its likeliest story where nothing speaks against it, else it opens one of its own.
    """
    stories: dict[str, Story] = {}
    found: dict[str, str] = {}
    for name, report in sorted(reports.items(), key=lambda item: (*_how_firm(item[1]), item[0])):
        placement = place(report, stories.values(), report.received)
        found[name] = placement.guess or placement.story.id
        if placement.guess is None:
            stories[placement.story.id] = _settled(placement)
    return found


_FIRM: Final = {DayBasis.TEXT: 0, DayBasis.PUBLISHED: 0}


def _how_firm(report: Report) -> tuple[int, date, int]:
    """First what is dated, in the order of time; then what says most, so that the vague meets what it may belong to."""
    dated = date_of(report)
    said = sum(getattr(report.facts, field) is not None for field in report.facts.__struct_fields__)
    late = _FIRM.get(dated.basis, 1)
    return late, date.fromisoformat(dated.day) if not late else date.max, -said


def _settled(placement: Placement) -> Story:
    """As if it had gone out, or had been approved as a story of its own."""
    if placement.outcome in (ReportOutcome.JOINED, ReportOutcome.REPEATED):
        return placement.story
    own = msgspec.structs.replace(let_go(placement.story, StoryState.OPEN), candidates=(), revision=1)
    return published(own if placement.outcome is ReportOutcome.DOUBTFUL else placement.story)
