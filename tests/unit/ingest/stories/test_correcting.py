"""An operator's correction stands over what reports say, and readers hear what changed, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from services.contract import Certainty, EventType, Kind, Party, PartyClass
from services.ingest.desk.correction_request import as_correction, read_correction_request
from services.ingest.reports import Report
from services.ingest.stories import (
    Placement,
    Step,
    Story,
    WrongState,
    approve,
    correct,
    event_data,
    event_type,
    hold,
    place,
    published,
    retract,
)
from services.ingest.stories.absorbing import absorb_report

VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
NOW = datetime(2024, 12, 28, 13, tzinfo=UTC)
WHY = "the page had a slip of the pen"

MakeReport = Callable[..., Report]
Tell = Callable[..., Placement]


def corrected(story: Story, field: str, value: Any, said_by: str | None = None) -> Step:
    return correct(story, as_correction(read_correction_request(field, value, said_by), story, WHY, NOW), WHY, NOW)


@pytest.fixture
def told(make_report: MakeReport, tell: Tell) -> Story:
    return published(tell(make_report(pardoned=20, women=11)).story)


def test_readers_hear_the_number_before_and_after_and_the_reason(told: Story) -> None:
    step = corrected(told, "pardoned", "22")
    data = event_data(step.story, sequence=1, changes=step.changes, replaces=told.last_event_id)
    assert (step.publish, step.story.revision, event_type(step.story)) == (True, 2, EventType.PARDON_UPDATED)
    assert [(one.field, one.before, one.after) for one in data.changes] == [("pardoned", 20, 22)]
    assert data.reason == WHY
    assert published(step.story).owed_reason is None, "the next revision does not give it once more"


def test_the_same_correction_again_is_none(told: Story) -> None:
    once = published(corrected(told, "pardoned", "22").story)
    with pytest.raises(WrongState, match="says so already"):
        corrected(once, "pardoned", "22")
    assert corrected(once, "pardoned", "22", "viasna").write, "now somebody else says so"


def test_we_stand_among_the_sources_once_for_each_day_however_much_we_corrected(told: Story) -> None:
    story = told
    for field, value, why, day in (
        ("pardoned", "22", WHY, 28),
        ("women", "9", "another slip", 28),
        ("men", "13", WHY, 29),
    ):
        now = NOW.replace(day=day)
        story = correct(
            story, as_correction(read_correction_request(field, value, None), story, why, now), why, now
        ).story
    assert [(one.published or "")[:10] for one in story.sources if one.name == "Vestka"] == ["2024-12-28", "2024-12-29"]


def test_what_we_misread_stays_the_sources_word_and_our_desk_is_no_source(told: Story) -> None:
    step = corrected(told, "pardoned", 22)
    data = event_data(step.story, sequence=1, changes=step.changes, replaces=told.last_event_id)
    (claim,) = (one for one in data.claims if one.field == "pardoned")
    assert (claim.said_by.id, claim.value, data.sources[claim.source].name) == ("president", 22, "Sample Wire")
    assert [source.name for source in data.sources] == ["Sample Wire"]
    assert (data.certainty, [change.ours for change in data.changes]) == (told.certainty, [True])


def test_a_party_whom_the_operator_has_it_from_needs_no_article(told: Story) -> None:
    step = corrected(told, "pardoned", 22, "viasna")
    data = event_data(step.story, sequence=1, changes=step.changes, replaces=told.last_event_id)
    (claim,) = (one for one in data.claims if one.field == "pardoned")
    assert (claim.said_by.id, data.sources[claim.source].outlet) == ("viasna", "vestka")


def test_what_a_source_corrects_itself_is_no_error_of_ours(told: Story) -> None:
    request = as_correction(read_correction_request("pardoned", 22, None), told, "source_corrected", NOW)
    step = correct(told, request, "source_corrected", NOW)
    assert [(change.after, change.ours) for change in step.changes] == [(22, False)]


def test_it_stands_however_often_the_value_it_overruled_is_said_again(told: Story, make_report: MakeReport) -> None:
    story = published(corrected(told, "pardoned", 22).story)
    again = make_report("b", outlet="Other Wire", pardoned=20, women=11)
    placement = place(again, [story], NOW)
    assert placement.outcome == "joined"
    assert (placement.story.facts.pardoned, placement.story.certainty) == (22, Certainty.REPORTED)


def test_whoever_says_something_else_later_disagrees_and_does_not_overrule_it(
    told: Story, make_report: MakeReport
) -> None:
    story = published(corrected(told, "pardoned", 22).story)
    placement = place(make_report("b", said_by=VIASNA, outlet="Viasna", pardoned=23, women=11), [story], NOW)
    assert (placement.story.facts.pardoned, placement.story.certainty) == (22, Certainty.DISPUTED)
    again = corrected(placement.story, "pardoned", 23).story
    assert (again.facts.pardoned, again.certainty) == (23, Certainty.CONFIRMED), "both say so, once we read it right"


def test_a_fact_can_be_taken_back_to_not_known(told: Story, make_report: MakeReport) -> None:
    step = corrected(told, "women", "none")
    assert [(one.field, one.before, one.after) for one in step.changes] == [("women", 11, None)]
    again = place(make_report("b", outlet="Other Wire", pardoned=20, women=11), [published(step.story)], NOW)
    assert (again.outcome, again.story.facts.women) == ("joined", None)


def test_a_name_that_was_wrong_does_not_come_back_with_the_next_report(make_report: MakeReport, tell: Tell) -> None:
    names = ("Ryhor Kastusiou", "Ales Bialiatski")
    first = make_report(said_by=VIASNA, pardoned=2, names=names, names_pardoned=names)
    told = published(tell(first).story)
    step = corrected(told, "names_pardoned", "Ryhor Kastusiou")
    assert step.publish
    assert [person.name for person in step.story.persons] == ["Ryhor Kastusiou"]
    again = make_report("b", said_by=VIASNA, outlet="Viasna", pardoned=2, names=names, names_pardoned=names)
    story = place(again, [published(step.story)], NOW).story
    assert story.facts.names_pardoned == ("Ryhor Kastusiou",)
    assert [person.name for person in story.persons] == ["Ryhor Kastusiou"]


def test_the_day_and_the_place_move_with_their_facts(make_report: MakeReport, tell: Tell) -> None:
    first = make_report(kind=Kind.ARREST, detained=6, place="Gomel", region="gomel", occurred_on="2024-12-27")
    story = published(tell(first).story)
    moved = corrected(corrected(story, "occurred_on", "2024-12-26").story, "place", "Брест").story
    assert (moved.occurred_on, moved.dated.day) == ("2024-12-26", "2024-12-26")
    assert moved.place is not None
    assert (moved.place.name, moved.place.region, moved.facts.region) == ("Brest", "brest", "brest")
    again = make_report(
        "b", outlet="Other Wire", kind=Kind.ARREST, detained=6, region="gomel", occurred_on="2024-12-26"
    )
    assert absorb_report(moved, again, NOW).facts.region == "brest"
    nowhere = corrected(moved, "place", "none").story
    assert (nowhere.place, nowhere.facts.place, nowhere.facts.region) == (None, None, None)


def test_a_held_story_is_corrected_silently_and_says_why_when_it_goes_out(told: Story) -> None:
    held = hold(told, "the number is being checked", NOW, by_operator=True)
    step = corrected(held, "pardoned", 22)
    assert (step.publish, step.story.state) == (False, "held")
    out = approve(step.story, NOW)
    data = event_data(out.story, sequence=1, changes=out.changes, replaces=None)
    assert (out.publish, data.reason, [change.after for change in data.changes]) == (True, WHY, [22])


def test_a_story_that_nobody_got_goes_out_as_if_it_had_always_been_right(make_report: MakeReport) -> None:
    held = hold(place(make_report(pardoned=20), [], NOW).story, "undated", NOW)
    out = approve(corrected(held, "pardoned", 22).story, NOW)
    data = event_data(out.story, sequence=1, changes=out.changes, replaces=None)
    assert (data.headline_facts.pardoned, data.reason, data.changes) == (22, None, ())


def test_what_a_story_says_already_or_no_longer_says_is_not_corrected(told: Story) -> None:
    with pytest.raises(WrongState, match="says so already"):
        corrected(told, "pardoned", 20)
    with pytest.raises(WrongState, match="retracted already"):
        corrected(retract(told, "a hoax", NOW).story, "pardoned", 22)
