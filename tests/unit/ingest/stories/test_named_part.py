"""Who names some of those that an act touched counts a part of it: no second act, and no rival number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.contract import Kind, Party, PartyClass
from services.ingest.reports import Report
from services.ingest.stories import Placement, Story, load_known_acts, place
from services.ingest.stories.standing import disputed_fields

TEXT = (Path(__file__).parents[4] / "infra" / "known_acts.yaml").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
WIRE = Party(id="wire", name="Sample Wire", party_class=PartyClass.MEDIA)

MakeReport = Callable[..., Report]
Tell = Callable[..., Placement]


@pytest.fixture(scope="module")
def acts() -> tuple[Story, ...]:
    return load_known_acts(TEXT)


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("day", ["2025-09-11", "2025-09-12", "2025-09-14", "2025-09-18"])
@pytest.mark.parametrize("names", [("Mikola Dziadok",), ("Ihar Losik", "Mikola Dziadok")])
def test_named_people_of_a_known_act_are_of_it(
    make_report: MakeReport, acts: tuple[Story, ...], day: str, names: tuple[str, ...], *, own: bool
) -> None:
    said = {"published": f"{day}T12:00", "received": f"{day}T12:05", "occurred_on": day}
    report = make_report(said_by=VIASNA, own=own, names=names, pardoned=len(names), **said)
    placement = place(report, acts, NOW)
    assert (placement.outcome, placement.story.id) == ("known_act", "pardon-BY-2025-09-11")
    assert not [claim for claim in placement.story.claims if claim.field == "pardoned"], "it rivals no number"


def test_months_later_a_person_looks_whether_it_is_that_act_or_another(
    make_report: MakeReport, acts: tuple[Story, ...]
) -> None:
    said = {"published": "2025-11-01T12:00", "received": "2025-11-01T12:05"}
    assert place(make_report(names=("Mikola Dziadok",), pardoned=1, **said), acts, NOW).outcome == "doubtful"


def test_a_stranger_to_the_act_is_another_matter(make_report: MakeReport, acts: tuple[Story, ...]) -> None:
    said = {"published": "2025-09-18T12:00", "received": "2025-09-18T12:05", "occurred_on": "2025-09-18"}
    report = make_report(said_by=VIASNA, own=True, names=("Mikola Dziadok", "Zmitser Nezaleski"), pardoned=2, **said)
    assert place(report, acts, NOW).story.id != "pardon-BY-2025-09-11"


@pytest.mark.parametrize("kind", [Kind.PARDON, Kind.ARREST])
def test_a_part_changes_no_number_that_readers_know(make_report: MakeReport, tell: Tell, kind: Kind) -> None:
    number = "pardoned" if kind is Kind.PARDON else "detained"
    where = {"place": "Hrodna"} if kind is Kind.ARREST else {}
    people = ("Alena Sample", "Piotr Example", "Hanna Instance")
    whole = make_report("whole", kind=kind, said_by=VIASNA, own=True, names=people, **{number: 12}, **where)
    part = make_report("part", kind=kind, said_by=WIRE, names=people[:2], **{number: 2}, **where)
    placement = tell(whole, part)
    assert placement.story.facts == tell(whole).story.facts
    assert not disputed_fields(placement.story.claims)


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("day", ["2025-09-11", "2025-09-12", "2025-09-14", "2025-09-18"])
def test_what_says_neither_how_many_nor_who_waits_while_an_act_is_talked_of(
    make_report: MakeReport, acts: tuple[Story, ...], day: str, *, own: bool
) -> None:
    said = {"published": f"{day}T12:00", "received": f"{day}T12:05", "occurred_on": day}
    report = make_report(own=own, names_disclosed=False, **said)
    assert place(report, acts, NOW).outcome in {"doubtful", "known_act"}


def test_and_when_nothing_was_it_is_news(make_report: MakeReport, acts: tuple[Story, ...]) -> None:
    said = {"published": "2026-11-22T10:00", "received": "2026-11-22T12:00"}
    assert place(make_report(own=True, names_disclosed=False, **said), acts, NOW).outcome == "new"
