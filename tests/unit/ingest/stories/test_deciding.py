"""Holding, approving, retracting; and what a story looks like on the stream and in the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from services.contract import EventType, Kind, Party, PartyClass, event_id
from services.ingest.reports import Report
from services.ingest.stories import (
    Placement,
    Story,
    WrongState,
    approve,
    event_data,
    event_type,
    has_news,
    hold,
    place,
    published,
    retract,
)

VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
WIRE = Party(id="other-wire", name="Other Wire", party_class=PartyClass.MEDIA)
NOW = datetime(2024, 12, 28, 13, tzinfo=UTC)

MakeReport = Callable[..., Report]
Tell = Callable[..., Placement]


def test_a_story_survives_the_store(make_report: MakeReport, tell: Tell) -> None:
    story = published(
        tell(
            make_report(pardoned=20, women=11, names=("Ryhor Kastusiou",), held=("Ales Bialiatski",)),
            make_report("b", said_by=VIASNA, outlet="Viasna", pardoned=18, place="Minsk"),
        ).story
    )
    assert msgspec.json.decode(msgspec.json.encode(story), type=Story) == story


def test_a_held_announcement_was_never_told(make_report: MakeReport, tell: Tell) -> None:
    held = hold(place(make_report(pardoned=20), [], NOW).story, "undated", NOW)
    assert held.hold is not None
    assert (held.state, held.hold.reason, held.revision) == ("held", "undated", 0)
    assert has_news(held)


def test_an_approved_story_goes_out_as_its_first_revision(make_report: MakeReport) -> None:
    held = hold(place(make_report(pardoned=20), [], NOW).story, "undated", NOW)
    free = approve(held, NOW).story
    assert (free.state, free.revision, event_type(free)) == ("open", 1, EventType.PARDON_ANNOUNCED)
    assert not has_news(published(free))


def test_a_held_revision_keeps_its_changes(make_report: MakeReport, tell: Tell) -> None:
    told = published(tell(make_report(pardoned=20)).story)
    revised = place(make_report("b", outlet="Other Wire", pardoned=20, women=11), [told], NOW)
    held = hold(revised.story, "old_text", NOW)
    assert held.revision == 1
    again = place(make_report("c", outlet="Third Wire", pardoned=20), [held], NOW)
    assert (again.outcome, again.story.revision) == ("revised", 2)
    assert [change.field for change in again.changes] == ["women"]


def test_a_second_report_of_a_held_story_asks_the_rules_again(make_report: MakeReport) -> None:
    held = hold(place(make_report(pardoned=20), [], NOW).story, "undated", NOW)
    again = place(make_report("b", outlet="Other Wire", pardoned=20), [held], NOW)
    assert (again.outcome, again.story.revision, again.story.id) == ("new", 1, held.id)


def test_an_operators_hold_on_a_published_story_takes_nothing_back(make_report: MakeReport, tell: Tell) -> None:
    told = published(tell(make_report(pardoned=20)).story)
    held = hold(told, "calling the family", NOW, by_operator=True)
    assert (held.revision, held.is_held_by_operator) == (1, True)
    again = hold(held, "held_by_operator", NOW).hold
    assert again is not None
    assert (again.reason, again.by_operator) == ("calling the family", True)
    step = approve(held, NOW)
    assert (step.story.revision, step.publish) == (1, False)


def test_a_retraction_is_the_next_revision(make_report: MakeReport, tell: Tell) -> None:
    told = published(tell(make_report(pardoned=20)).story)
    step = retract(told, "the page was a forgery", NOW)
    wrong = step.story
    assert step.publish
    data = event_data(wrong, sequence=7, changes=(), replaces=told.last_event_id)
    assert event_type(wrong) is EventType.STORY_RETRACTED
    assert (data.revision, data.reason, data.replaces) == (2, "the page was a forgery", event_id(told.id, 1))
    assert not has_news(published(wrong))


def test_what_nobody_heard_is_retracted_in_silence(make_report: MakeReport) -> None:
    held = hold(place(make_report(pardoned=20), [], NOW).story, "undated", NOW)
    step = retract(held, "a hoax", NOW)
    assert (step.story.revision, step.publish) == (0, False)
    assert not has_news(step.story)


def test_a_story_is_not_approved_or_retracted_twice(make_report: MakeReport, tell: Tell) -> None:
    story = published(tell(make_report(pardoned=20)).story)
    with pytest.raises(WrongState, match="open, not held"):
        approve(story, NOW)
    wrong = retract(story, "a hoax", NOW).story
    with pytest.raises(WrongState, match="retracted already"):
        retract(wrong, "a hoax", NOW)
    with pytest.raises(WrongState, match="nothing to hold"):
        hold(wrong, "late", NOW)


@pytest.mark.parametrize(
    ("kind", "revision", "expected"),
    [
        (Kind.PARDON, 1, EventType.PARDON_ANNOUNCED),
        (Kind.PARDON, 2, EventType.PARDON_UPDATED),
        (Kind.ARREST, 1, EventType.ARREST_REPORTED),
        (Kind.ARREST, 2, EventType.ARREST_UPDATED),
    ],
)
def test_the_first_revision_announces_and_the_next_update(
    make_report: MakeReport, kind: Kind, revision: int, expected: EventType
) -> None:
    story = place(make_report(kind=kind, pardoned=20), [], NOW).story
    assert event_type(msgspec.structs.replace(story, revision=revision)) is expected


def test_names_that_only_media_gave_stay_out_of_the_event_until_released(make_report: MakeReport) -> None:
    report = make_report(said_by=WIRE, pardoned=1, names=("Ryhor Kastusiou",), names_pardoned=("Ryhor Kastusiou",))
    story = place(report, [], NOW).story
    data = event_data(story, sequence=1, changes=(), replaces=None)
    assert "Kastusiou" not in msgspec.json.encode(data).decode()
    free = approve(hold(story, "names", NOW), NOW).story
    released = event_data(free, sequence=1, changes=(), replaces=None)
    assert released.headline_facts.names_pardoned == ("Ryhor Kastusiou",)
    assert [person.name for person in released.persons] == ["Ryhor Kastusiou"]


def test_an_event_shows_official_sources_first_and_claims_point_to_their_own(
    make_report: MakeReport, tell: Tell
) -> None:
    reports = [make_report(f"text {n}", outlet=f"Wire {n}", pardoned=20, women=11) for n in range(20)]
    page = make_report("page", outlet="President", own=True, pardoned=20, chronically_ill=14)
    data = event_data(tell(*reports, page).story, sequence=1, changes=(), replaces=None)
    assert len(data.sources) == 12
    assert data.sources[0].name == "President"
    carried_by = {claim.field: data.sources[claim.source].name for claim in data.claims}
    assert (carried_by["women"], carried_by["chronically_ill"]) == ("Wire 0", "President")
