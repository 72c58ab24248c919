"""Acts that were there before us: which reports join them, and what a file of them must look like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.contract import Party, PartyClass
from services.ingest.reports import Report
from services.ingest.stories import InvalidKnownActs, Story, load_known_acts, place, published, without_later_acts

TEXT = (Path(__file__).parents[4] / "infra" / "known_acts.yaml").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
MakeReport = Callable[..., Report]


@pytest.fixture(scope="module")
def acts() -> tuple[Story, ...]:
    return load_known_acts(TEXT)


def test_the_shipped_acts_are_those_of_july_2024_to_march_2026(acts: tuple[Story, ...]) -> None:
    assert (len(acts), acts[0].id, acts[-1].id) == (24, "pardon-BY-2024-07-03", "pardon-BY-2026-03-19")
    seed = next(act for act in acts if act.id == "pardon-BY-2024-12-28")
    assert (seed.state, seed.facts.pardoned, seed.facts.women, seed.dated.day) == ("known", 20, 11, "2024-12-28")


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("pardon-BY-2024-12-28", {"published": "2024-12-28T12:00", "pardoned": 20}),
        ("pardon-BY-2024-12-28", {"published": "2024-12-29T09:00", "pardoned": 20, "women": 11}),
        ("pardon-BY-2024-12-28", {"published": None, "solicited": True, "pardoned": 20, "women": 11}),
        ("pardon-BY-2024-08-16", {"published": None, "solicited": True, "pardoned": 30, "women": 14, "men": 16}),
        ("pardon-BY-2024-09-04", {"published": None, "solicited": True, "pardoned": 30, "decree_number": "343"}),
        ("pardon-BY-2024-07-03", {"published": "2024-07-04T08:00", "pardoned": 5, "names": ("Рыгор Кастусёў",)}),
        ("pardon-BY-2025-09-11", {"published": "2025-09-11T15:00", "pardoned": 14}),
        ("pardon-BY-2025-12-13", {"published": "2025-12-13T21:00", "pardoned": 109, "names": ("Мария Колесникова",)}),
    ],
)
def test_a_report_of_a_known_act_joins_it(
    make_report: MakeReport, acts: tuple[Story, ...], act: str, said: dict[str, object]
) -> None:
    report = make_report(received="2026-11-22T12:00", **said)
    placement = place(report, acts, NOW)
    assert (placement.outcome, placement.story.id) == ("known_act", act)
    assert placement.story.report_ids == (report.id,)
    assert placement.story.sources[-1] == report.source
    assert placement.story.facts == next(one.facts for one in acts if one.id == act)
    assert place(report, [placement.story], NOW).outcome == "known"


def test_an_undated_number_that_two_acts_share_is_for_a_person(
    make_report: MakeReport, acts: tuple[Story, ...]
) -> None:
    placement = place(make_report(published=None, received="2026-11-22T12:00", pardoned=30), acts, NOW)
    assert placement.outcome == "doubtful"


def test_a_new_act_of_a_known_size_is_news(make_report: MakeReport, acts: tuple[Story, ...]) -> None:
    report = make_report(published="2026-11-22T10:00", received="2026-11-22T12:00", pardoned=20)
    assert place(report, acts, NOW).outcome == "new"


def test_an_act_is_known_from_the_day_after_it(acts: tuple[Story, ...]) -> None:
    on_the_day = without_later_acts(acts, date(2024, 12, 28))
    assert on_the_day[-1].id == "pardon-BY-2024-12-09"
    assert without_later_acts(acts, date(2024, 12, 29))[-1].id == "pardon-BY-2024-12-28"


ACT = """\
acts:
  - id: pardon-BY-2024-09-04
    date: 2024-09-04
    people: 30
    breakdown: {women: 7, men: 23}
    sources: [https://wire.example/a]
"""
SECOND = "  - id: pardon-BY-2024-09-04\n    date: 2024-09-04\n    people: 3\n"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("people: 30", "people: many", r"\$\.acts\[0\]\.people"),
        ("people: 30", "people: 0", r"\$\.acts\[0\]\.people"),
        ("women: 7", "women: 70", r"pardon-BY-2024-09-04 has more women \(70\) than people \(30\)"),
        ("women: 7", "women: 8", r"more women and men than people"),
        ("women: 7", "woman: 7", r"woman"),
        ("date: 2024-09-04", "date: 2024-09-05", r"make the two agree"),
        ("date: 2024-09-04", "date: 2024-02-31", r"known acts"),
        ("pardon-BY", "amnesty-BY", r"\$\.acts\[0\]\.id"),
        ("https://wire", "wire", r"\$\.acts\[0\]\.sources\[0\]"),
        ("acts:", "act:", r"act"),
        ("acts:", "acts: [", r"not YAML"),
        ("    sources:", f"{SECOND}    sources:", r"stands there twice"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(before: str, after: str, message: str) -> None:
    assert load_known_acts(ACT)
    with pytest.raises(InvalidKnownActs, match=message):
        load_known_acts(ACT.replace(before, after, 1))


def test_a_later_report_reaches_those_who_were_told_of_an_open_story_of_the_act(
    make_report: MakeReport, acts: tuple[Story, ...]
) -> None:
    """The act was put on the list meanwhile; the correction passes it."""
    told = published(place(make_report(pardoned=20, published="2024-12-28T12:00"), [], NOW).story)
    later = make_report("b", outlet="Viasna", said_by=VIASNA, pardoned=20, women=11, published="2024-12-28T15:00")
    placement = place(later, [*acts, told], NOW)
    assert (placement.outcome, placement.story.id) == ("revised", told.id)


def test_of_another_day_an_open_story_takes_nothing_from_the_list(
    make_report: MakeReport, acts: tuple[Story, ...]
) -> None:
    told = published(place(make_report(pardoned=31, published="2026-11-21T12:00"), [], NOW).story)
    report = make_report("b", received="2026-11-22T12:00", published="2024-12-29T09:00", pardoned=20, women=11)
    assert place(report, [*acts, told], NOW).story.id == "pardon-BY-2024-12-28"
