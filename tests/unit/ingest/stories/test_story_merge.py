"""Two stories that are one happening: the first goes on, and whoever got the second is told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from services.contract import EventType, Kind, Party, PartyClass
from services.ingest.reports import Report
from services.ingest.stories import (
    Placement,
    Step,
    Story,
    WrongState,
    approve,
    event_data,
    event_type,
    hold,
    merge_stories,
    place,
    published,
    retract,
)

VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
NOW = datetime(2024, 12, 28, 13, tzinfo=UTC)
WHY = "one decree, told twice"

MakeReport = Callable[..., Report]
Tell = Callable[..., Placement]


@pytest.fixture
def first(make_report: MakeReport) -> Report:
    return make_report("a", pardoned=20)


@pytest.fixture
def second(make_report: MakeReport) -> Report:
    return make_report("b", said_by=VIASNA, outlet="Viasna", pardoned=20, women=11, published="2024-12-29T09:00")


def alone(report: Report) -> Story:
    return published(place(report, [], NOW).story)


def merged(kept: Story, ended: Story, *reports: Report) -> tuple[Step, Step]:
    return merge_stories(kept, ended, {report.id: report for report in reports}, WHY, NOW)


def test_the_first_takes_the_reports_of_the_second_and_tells_what_is_new(first: Report, second: Report) -> None:
    on, over = merged(alone(first), alone(second), second)
    assert on.story.report_ids == (first.id, second.id)
    assert (on.publish, on.story.revision, [change.field for change in on.changes]) == (
        True,
        2,
        ["certainty", "women"],
    )
    assert on.story.owed_reason is None
    assert (over.story.state, over.story.merged_into) == ("merged", on.story.id)


def test_readers_of_both_are_told_once_that_these_are_one(first: Report, second: Report) -> None:
    kept, ended = alone(first), published(place(second, [], NOW).story, "2024-12-29T09:00:00.000Z")
    on, over = merged(kept, ended, second)
    data = event_data(on.story, sequence=2, changes=on.changes, replaces=kept.last_event_id)
    assert (on.publish, over.publish, event_type(on.story)) == (True, False, EventType.STORY_MERGED)
    assert (data.story_id, data.revision, data.merged_from) == (kept.id, 2, ended.id)
    assert (data.merged_at, data.replaces) == ("2024-12-29T09:00:00.000Z", kept.last_event_id)
    assert [source.name for source in data.sources] == ["Sample Wire", "Viasna"], "the whole account, not one half"
    after = published(on.story)
    assert event_type(msgspec.structs.replace(after, revision=3)) is EventType.PARDON_UPDATED, "told once"


def test_they_are_told_also_where_nothing_else_is_new(make_report: MakeReport, second: Report) -> None:
    again = make_report("c", said_by=VIASNA, pardoned=20)
    on, over = merged(alone(second), alone(again), again)
    assert (on.publish, on.changes, over.publish) == (True, (), False)


def test_a_second_that_nobody_got_ends_in_silence(first: Report, second: Report) -> None:
    doubtful = hold(place(second, [], NOW).story, "doubtful_match", NOW)
    on, over = merged(alone(first), doubtful, second)
    assert (on.publish, over.publish, over.story.revision) == (True, False, 0)


def test_what_is_held_of_the_first_is_not_let_out_by_the_end_of_the_second(first: Report, second: Report) -> None:
    kept = hold(alone(first), "asking", NOW, by_operator=True)
    on, over = merged(kept, alone(second), second)
    assert (on.publish, on.story.state, over.publish) == (False, "held", False)
    let_go = approve(on.story, NOW)
    assert (let_go.publish, event_type(let_go.story)) == (True, EventType.STORY_MERGED)


def test_what_readers_know_goes_on(first: Report, second: Report) -> None:
    unknown = hold(place(first, [], NOW).story, "undated", NOW)
    with pytest.raises(WrongState, match="the other way round"):
        merged(unknown, alone(second), second)


def test_stories_that_cannot_be_one_are_not_merged(first: Report, second: Report, make_report: MakeReport) -> None:
    story, other = alone(first), alone(second)
    arrest = alone(make_report("c", kind=Kind.ARREST, detained=2))
    with pytest.raises(WrongState, match="with itself"):
        merged(story, story, first)
    with pytest.raises(WrongState, match="not of one kind"):
        merged(story, arrest)
    with pytest.raises(WrongState, match="retracted already"):
        merged(story, retract(other, "a hoax", NOW).story, second)
    with pytest.raises(WrongState, match="merged into another one"):
        merged(story, merged(story, other, second)[1].story, second)
    with pytest.raises(WrongState, match="no longer kept"):
        merged(story, other)
