"""A name that only media gave waits for an operator, each name for itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from services.contract import Kind, Party, PartyClass
from services.ingest.reports import Report
from services.ingest.stories import Story, approve, event_data, has_news, hold, place, published, retract
from services.ingest.stories.publishable import waiting_keys, waiting_persons

VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
WIRE = Party(id="other-wire", name="Other Wire", party_class=PartyClass.MEDIA)
NOW = datetime(2024, 12, 28, 13, tzinfo=UTC)
MakeReport = Callable[..., Report]


def arrest(make_report: MakeReport, text: str, name: str, **fields: object) -> Report:
    usual = {"said_by": WIRE, "kind": Kind.ARREST, "detained": 6, "place": "Gomel", "occurred_on": "2024-12-28"}
    return make_report(text, names=(name,), **usual | fields)


def naming(story: Story, *names: str) -> Story:
    return msgspec.structs.replace(story, facts=msgspec.structs.replace(story.facts, names=names))


def shown(story: Story) -> str:
    return msgspec.json.encode(event_data(story, sequence=1, changes=(), replaces=None)).decode()


def first_released(make_report: MakeReport) -> Story:
    held = hold(place(arrest(make_report, "a", "Ryhor Kastusiou"), [], NOW).story, "names", NOW)
    step = approve(naming(held, "Ryhor Kastusiou"), NOW)
    assert step.publish
    return published(step.story)


def test_approving_lets_out_the_names_of_that_moment_and_no_later_one(make_report: MakeReport) -> None:
    told = first_released(make_report)
    assert "Ryhor Kastusiou" in shown(told)
    later = place(arrest(make_report, "b", "Ales Bialiatski"), [told], NOW).story
    later = naming(later, "Ryhor Kastusiou", "Ales Bialiatski")
    assert "Ryhor Kastusiou" in shown(later)
    assert "Bialiatski" not in shown(later)
    assert [person.name for person in waiting_persons(later)] == ["Ales Bialiatski"]


def test_a_name_that_waited_beside_a_told_story_goes_out_as_its_next_revision(make_report: MakeReport) -> None:
    told = first_released(make_report)
    later = naming(
        place(arrest(make_report, "b", "Ales Bialiatski"), [told], NOW).story, "Ryhor Kastusiou", "Ales Bialiatski"
    )
    assert not has_news(later)
    step = approve(hold(later, "names", NOW), NOW)
    assert (step.publish, step.story.revision) == (True, 2)
    assert [(change.field, change.after) for change in step.changes] == [
        ("names", ("Ryhor Kastusiou", "Ales Bialiatski"))
    ]
    assert waiting_keys(step.story) == ()
    assert approve(hold(published(step.story), "again", NOW), NOW).publish is False


def test_another_spelling_of_a_released_name_is_the_same_name(make_report: MakeReport) -> None:
    told = first_released(make_report)
    again = place(arrest(make_report, "b", "Рыгор Кастусёў"), [told], NOW).story
    assert waiting_keys(again) == ()


def test_a_claim_is_told_with_those_of_its_names_that_may_be(make_report: MakeReport) -> None:
    both = ("Ryhor Kastusiou", "Ales Bialiatski")
    held = hold(place(make_report(said_by=WIRE, kind=Kind.ARREST, names=(), detained=2), [], NOW).story, "x", NOW)
    claim = msgspec.structs.replace(held.claims[0], field="names", value=both)
    story = msgspec.structs.replace(naming(held, *both), claims=(claim,), released=waiting_keys(naming(held, both[0])))
    data = event_data(story, sequence=1, changes=(), replaces=None)
    assert [one.value for one in data.claims] == [("Ryhor Kastusiou",)]
    assert data.headline_facts.names == ("Ryhor Kastusiou",)


def test_somebody_still_held_is_not_released_among_those_freed(make_report: MakeReport) -> None:
    report = make_report(said_by=WIRE, pardoned=20, held=("Ales Bialiatski",), names_pardoned=("Ales Bialiatski",))
    assert waiting_keys(place(report, [], NOW).story) == ()


def test_a_retraction_names_nobody_who_still_waited(make_report: MakeReport) -> None:
    told = first_released(make_report)
    later = place(arrest(make_report, "b", "Ales Bialiatski"), [told], NOW).story
    step = retract(hold(later, "names", NOW), "a hoax", NOW)
    assert step.publish
    assert "Bialiatski" not in shown(step.story)
