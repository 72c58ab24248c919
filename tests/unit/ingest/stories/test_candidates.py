"""The cheap look before the careful one: it leaves out much, and nothing that the careful one would have joined."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from services.contract import Kind
from services.ingest.reports import Report
from services.ingest.stories import Placement, Verdict, compare
from services.ingest.stories.candidates import candidates

MakeReport = Callable[..., Report]
Tell = Callable[..., Placement]

PLACES = (None, "Brest", "Gomel", "Orsha")
NAMES = ((), ("Ihar Losik",), ("Игорь Лосик", "Maksim Znak"), ("Alena Hnauk",))
DAYS = ("2024-12-28", "2024-12-30", "2025-01-20", "2025-03-30")


def _reports(make_report: MakeReport) -> list[Report]:
    return [
        make_report(
            f"{place} {names} {day}",
            kind=Kind.ARREST,
            published=f"{day}T10:00",
            place=place,
            names=names,
            detained=len(names) or 10,
            url=f"https://wire.example/{day}",
        )
        for place, names, day in product(PLACES, NAMES, DAYS)
    ]


def test_whatever_may_be_the_same_is_looked_at(make_report: MakeReport, tell: Tell) -> None:
    reports = _reports(make_report)
    stories = [tell(report).story for report in reports]
    for report in reports:
        looked_at = {story.id for story in candidates(report, stories)}
        likely = {story.id for story in stories if compare(report, story).verdict is not Verdict.DIFFERENT}
        assert likely <= looked_at


def test_an_arrest_elsewhere_or_long_ago_is_not_looked_at(make_report: MakeReport, tell: Tell) -> None:
    reports = _reports(make_report)
    stories = [tell(report).story for report in reports]
    report = make_report("new", kind=Kind.ARREST, place="Brest", names=("Ihar Losik",), detained=1)
    looked_at = list(candidates(report, stories))
    assert len(looked_at) < len(stories)
    assert all(story.dated.day != "2025-03-30" for story in looked_at)
    elsewhere = [story for story in stories if story.place and story.place.name == "Orsha" and "Alena" in str(story)]
    assert elsewhere
    assert not any(story in looked_at for story in elsewhere)


def test_every_pardon_is_looked_at_by_a_pardon_and_by_no_arrest(make_report: MakeReport, tell: Tell) -> None:
    pardons = [tell(make_report("a", pardoned=3)).story, tell(make_report("b", pardoned=200)).story]
    assert list(candidates(make_report("c", pardoned=30), pardons)) == pardons
    assert list(candidates(make_report("d", kind=Kind.ARREST, detained=3), pardons)) == []
