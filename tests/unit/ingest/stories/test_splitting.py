"""Reports that were joined wrongly leave; what is left is as if they had never come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from services.contract import Certainty, Kind, Party, PartyClass
from services.ingest.reports import Report
from services.ingest.stories import (
    Placement,
    Step,
    Story,
    WrongState,
    event_data,
    load_known_acts,
    published,
    split,
)
from services.ingest.stories.known_acts import count_in
from services.ingest.stories.splitting import rebuilt

VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
NOW = datetime(2024, 12, 28, 13, tzinfo=UTC)
WHY = "that is another decree"

MakeReport = Callable[..., Report]
Tell = Callable[..., Placement]


@pytest.fixture
def right(make_report: MakeReport) -> Report:
    return make_report("a", pardoned=20)


@pytest.fixture
def wrong(make_report: MakeReport) -> Report:
    return make_report("b", said_by=VIASNA, outlet="Viasna", pardoned=20, women=11)


@pytest.fixture
def told(right: Report, wrong: Report, tell: Tell) -> Story:
    return published(tell(right, wrong).story)


def parted(story: Story, leaving: Report, *reports: Report) -> tuple[Step, Step]:
    return split(story, [leaving.id], {report.id: report for report in reports}, WHY, NOW)


def test_readers_are_told_what_no_longer_stands(told: Story, right: Report, wrong: Report) -> None:
    rest, _ = parted(told, wrong, right, wrong)
    data = event_data(rest.story, sequence=1, changes=rest.changes, replaces=told.last_event_id)
    assert (rest.publish, rest.story.report_ids, data.reason) == (True, (right.id,), WHY)
    assert {change.field: (change.before, change.after) for change in data.changes} == {
        "certainty": ("confirmed", "reported"),
        "women": (11, None),
    }
    assert rest.story.certainty is Certainty.REPORTED


def test_what_left_is_a_story_of_its_own_and_waits(told: Story, right: Report, wrong: Report) -> None:
    _, new = parted(told, wrong, right, wrong)
    assert (new.publish, new.story.state, new.story.hold and new.story.hold.reason) == (False, "held", "split_off")
    assert (new.story.report_ids, new.story.facts.women, new.story.revision) == ((wrong.id,), 11, 0)


def test_the_report_that_opened_a_story_can_leave_it(told: Story, right: Report, wrong: Report) -> None:
    rest, new = parted(told, right, right, wrong)
    assert rest.story.id == told.id
    assert new.story.id != told.id


def test_readers_hear_nothing_when_all_they_were_told_still_stands(
    right: Report, make_report: MakeReport, tell: Tell
) -> None:
    echo = make_report("echo", outlet="Other Wire", pardoned=20)
    rest, _ = parted(published(tell(right, echo).story), echo, right, echo)
    assert (rest.publish, rest.story.owed_reason) == (False, None)


def test_a_story_put_together_anew_from_all_its_reports_is_the_same(told: Story, right: Report, wrong: Report) -> None:
    again = rebuilt(told, [right, wrong], NOW)
    assert msgspec.structs.replace(again, updated_at=told.updated_at) == told


def test_an_arrest_put_together_anew_keeps_its_people_and_its_place(make_report: MakeReport, tell: Tell) -> None:
    reports = [
        make_report("a", kind=Kind.ARREST, detained=6, place="Gomel", occurred_on="2024-12-27", administrative=True),
        make_report(
            "b", kind=Kind.ARREST, said_by=VIASNA, outlet="Viasna", detained=6, place="Gomel", occurred_on="2024-12-27",
            names=("Ryhor Kastusiou",), criminal_articles=("342",),
        ),
        make_report("c", kind=Kind.ARREST, outlet="Other Wire", detained=7, place="Gomel", occurred_on="2024-12-27"),
    ]  # fmt: skip
    story = tell(*reports).story
    assert story.report_ids == tuple(report.id for report in reports)
    again = rebuilt(story, reports, NOW)
    assert msgspec.structs.replace(again, updated_at=story.updated_at) == story


def test_reports_leave_a_known_act_as_its_file_tells_it(right: Report, wrong: Report) -> None:
    (act,) = load_known_acts(
        "acts: [{id: pardon-BY-2024-12-28, date: 2024-12-28, people: 20, sources: ['https://example.org/a']}]"
    )
    counted = count_in(count_in(act, right, NOW), wrong, NOW)
    rest, new = split(counted, [wrong.id], {right.id: right, wrong.id: wrong}, WHY, NOW, act)
    assert (rest.publish, rest.story.state, rest.story.report_ids) == (False, "known", (right.id,))
    assert [source.name for source in rest.story.sources] == ["example.org", "Sample Wire"]
    assert (new.story.state, new.story.report_ids) == ("held", (wrong.id,))
    rest, _ = split(rest.story, [right.id], {right.id: right}, WHY, NOW, act)
    assert rest.story.report_ids == ()


def test_what_cannot_leave_is_said(told: Story, right: Report, wrong: Report, make_report: MakeReport) -> None:
    with pytest.raises(WrongState, match=f"its reports are {right.id}, {wrong.id}"):
        parted(told, make_report("stranger", pardoned=3), right, wrong)
    with pytest.raises(WrongState, match="nothing would be left"):
        split(told, [right.id, wrong.id], {right.id: right, wrong.id: wrong}, WHY, NOW)
    with pytest.raises(WrongState, match=f"the accounts of {right.id} are no longer kept"):
        parted(told, wrong, wrong)
