"""Grouping without anybody to ask: the order has no say, and a doubt that is contradicted stays apart."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

from services.contract import Kind
from services.ingest.reports import Report
from services.ingest.stories import group

MakeReport = Callable[..., Report]


def grouped(*reports: Report) -> list[set[int]]:
    """The places of the reports that were put together."""
    found = group({str(place): report for place, report in enumerate(reports)})
    stories = sorted(set(found.values()))
    return sorted(({int(name) for name, story in found.items() if story == one} for one in stories), key=min)


def undated(make_report: MakeReport, text: str, **said: object) -> Report:
    return make_report(text, published=None, received="2026-11-22T12:00", solicited=True, **said)


def test_the_order_of_the_reports_has_no_say(make_report: MakeReport) -> None:
    reports = (
        make_report("a", published="2024-08-16T10:00", pardoned=30, women=14),
        undated(make_report, "b", pardoned=30, women=14, men=16),
        make_report("c", published="2024-09-04T10:00", pardoned=30, women=7),
        undated(make_report, "d", pardoned=30, men=23),
    )
    for order in permutations(range(4)):
        found = grouped(*(reports[place] for place in order))
        assert sorted(sorted(order[place] for place in one) for one in found) == [[0, 1], [2, 3]]


def test_an_undated_size_goes_to_the_only_act_of_that_size_and_to_none_of_two(make_report: MakeReport) -> None:
    august = make_report("a", published="2024-08-16T10:00", pardoned=30)
    september = make_report("b", published="2024-09-04T10:00", pardoned=30)
    bare = undated(make_report, "c", pardoned=30)
    assert grouped(august, bare) == [{0, 1}]
    assert grouped(august, september, bare) == [{0}, {1}, {2}]


def test_undated_arrests_meet_by_whom_they_name_and_never_by_where_they_were(make_report: MakeReport) -> None:
    named = undated(make_report, "a", kind=Kind.ARREST, detained=1, names=("Ihar Losik",), place="Brest")
    again = undated(make_report, "b", kind=Kind.ARREST, detained=1, names=("Игорь Лосик",), place="Brest")
    crowd = undated(make_report, "c", kind=Kind.ARREST, detained=10, place="Brest")
    other = undated(make_report, "d", kind=Kind.ARREST, detained=12, place="Brest")
    assert grouped(named, again, crowd, other) == [{0, 1}, {2}, {3}]


def test_an_outlet_that_says_nothing_of_the_act_but_its_kind_is_grouped_too(make_report: MakeReport) -> None:
    told = make_report("a", occurred_on="2025-02-12", published="2025-02-12T09:00", pardoned=3)
    bare = make_report("b", occurred_on="2025-02-12", published="2025-02-12T15:00")
    assert grouped(told, bare) == [{0, 1}]
