"""Which reports tell of one happening, and which only look like it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest

from services.contract import Kind, Party, PartyClass, Precision, Status
from services.ingest.reports import Report
from services.ingest.stories import Placement, retract

VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
WIRE = Party(id="other-wire", name="Other Wire", party_class=PartyClass.MEDIA)

MakeReport = Callable[..., Report]
Tell = Callable[..., Placement]


def test_two_outlets_on_one_decree_make_one_story(make_report: MakeReport, tell: Tell) -> None:
    first = make_report(pardoned=20, women=11)
    second = make_report(outlet="Other Wire", published="2024-12-28T15:00", pardoned=20, women=11, chronically_ill=14)
    placement = tell(first, second)
    assert placement.story.id == tell(first).story.id
    assert placement.outcome == "revised"


def test_the_order_of_two_reports_does_not_matter(make_report: MakeReport, tell: Tell) -> None:
    reports = (
        make_report(pardoned=20, women=11),
        make_report(outlet="Other Wire", published="2024-12-29T08:00", pardoned=20, chronically_ill=14),
        make_report(outlet="Third Wire", published=None, pardoned=20, women=11, nth_pardon=8),
    )
    ends = [tell(*order).story for order in permutations(reports)]
    assert {(story.facts.pardoned, story.facts.women, story.facts.chronically_ill) for story in ends} == {(20, 11, 14)}
    assert all(set(story.report_ids) == {report.id for report in reports} for story in ends)


def test_the_same_report_twice_changes_nothing(make_report: MakeReport, tell: Tell) -> None:
    report = make_report(pardoned=20, women=11)
    once = tell(report)
    again = tell(report, report)
    assert again.outcome == "known"
    assert again.changes == ()
    assert (again.story.facts, again.story.sources, again.story.revision) == (once.story.facts, once.story.sources, 1)


def test_a_story_gets_the_same_readable_id_again(make_report: MakeReport, tell: Tell) -> None:
    story_id = tell(make_report(occurred_on="2024-12-28", pardoned=20)).story.id
    assert story_id == tell(make_report(occurred_on="2024-12-28", pardoned=20)).story.id
    kind, day, tail = story_id.split("-")
    assert (kind, day, len(tail)) == ("pardon", "20241228", 6)
    assert set(tail) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_two_decrees_of_thirty_people_each_are_two_stories(make_report: MakeReport, tell: Tell) -> None:
    august = make_report(published="2024-08-16T10:00", received="2024-08-16T10:00", pardoned=30, women=14, men=16)
    september = make_report(
        "another text", published="2024-09-04T10:00", received="2024-09-04T10:00", pardoned=30, women=7, men=23
    )
    placement = tell(august, september)
    assert placement.outcome == "new"
    assert placement.story.id != tell(august).story.id


def test_a_late_text_without_a_breakdown_joins_the_nearer_of_two_equal_acts(
    make_report: MakeReport, tell: Tell
) -> None:
    august = make_report(published="2024-08-16T10:00", pardoned=30)
    september = make_report("second", published="2024-09-04T10:00", pardoned=30)
    late = make_report("third", outlet="Other Wire", published="2024-09-05T10:00", pardoned=30)
    assert tell(august, september, late).story.id == tell(september).story.id


def test_an_undated_text_with_nothing_but_a_size_is_for_a_person(make_report: MakeReport, tell: Tell) -> None:
    known = make_report(published="2024-08-16T10:00", pardoned=30, women=14)
    undated = make_report(
        "handed in", published=None, received="2024-10-01T10:00", solicited=True, said_by=WIRE, pardoned=30
    )
    placement = tell(known, undated)
    assert placement.outcome == "doubtful"
    assert placement.candidates == (tell(known).story.id,)
    assert placement.guess == tell(known).story.id
    assert (placement.story.state, placement.story.revision) == ("held", 0)


def test_an_undated_text_with_the_same_breakdown_joins(make_report: MakeReport, tell: Tell) -> None:
    known = make_report(published="2024-08-16T10:00", pardoned=30, women=14)
    undated = make_report("handed in", published=None, received="2024-10-01T10:00", solicited=True, pardoned=30, men=16)
    assert tell(known, undated).story.id == tell(known).story.id


def test_acts_of_two_days_in_one_week_are_two_stories(make_report: MakeReport, tell: Tell) -> None:
    priests = make_report(occurred_on="2025-11-20", published="2025-11-20T10:00", pardoned=2)
    ukrainians = make_report("second", occurred_on="2025-11-22", published="2025-11-22T10:00", pardoned=31)
    assert tell(priests, ukrainians).outcome == "new"


@pytest.mark.parametrize(("number", "outcome"), [("343", "joined"), ("344", "new")])
def test_a_decree_number_decides(make_report: MakeReport, tell: Tell, number: str, outcome: str) -> None:
    known = make_report(occurred_on="2024-09-04", pardoned=30, decree_number="343")
    other = make_report("second", occurred_on="2024-09-04", pardoned=30, decree_number=number)
    assert tell(known, other).outcome == outcome


def test_a_decree_number_starts_again_every_year(make_report: MakeReport, tell: Tell) -> None:
    known = make_report(occurred_on="2024-09-04", published="2024-09-04T10:00", decree_number="343", pardoned=30)
    next_year = make_report("second", occurred_on="2025-09-04", published="2025-09-04T10:00", decree_number="343")
    assert tell(known, next_year).outcome == "new"


def test_part_of_an_act_and_the_whole_on_one_day_are_one_story(make_report: MakeReport, tell: Tell) -> None:
    part = make_report(published="2025-09-11T09:00", pardoned=14)
    whole = make_report("second", outlet="Other Wire", published="2025-09-11T11:00", pardoned=52)
    assert tell(part, whole).story.id == tell(part).story.id


def test_people_may_be_pardoned_twice_in_their_lives(make_report: MakeReport, tell: Tell) -> None:
    twice = ("Mikola Statkevich", "Mikola Dziadok")
    known = make_report(published="2025-09-11T09:00", pardoned=52, names=twice)
    undated = make_report("old page", published=None, received="2025-09-20T09:00", solicited=True, names=twice)
    assert tell(known, undated).outcome == "doubtful"


def test_an_exercise_never_joins_the_world(make_report: MakeReport, tell: Tell) -> None:
    real = make_report(pardoned=20, women=11)
    drill = make_report("drill", status=Status.EXERCISE, pardoned=20, women=11)
    assert tell(real, drill).outcome == "new"


def test_an_edited_page_belongs_to_the_story_it_told_before(make_report: MakeReport, tell: Tell) -> None:
    page = make_report(url="https://wire.example/a", pardoned=20, women=11)
    edited = make_report("edited", url="https://wire.example/a", pardoned=22, women=12)
    placement = tell(page, edited)
    assert placement.story.id == tell(page).story.id
    assert len(placement.story.sources) == 1


def test_what_was_retracted_and_is_told_again_is_for_a_person(make_report: MakeReport, tell: Tell) -> None:
    first = make_report(pardoned=20, women=11)
    wrong = retract(tell(first).story, "a hoax", first.received).story
    assert tell(make_report("again", pardoned=20, women=11), stories=[wrong]).outcome == "doubtful"


def _arrest(make_report: MakeReport, text: str, **more: object) -> Report:
    return make_report(text, kind=Kind.ARREST, said_by=VIASNA, **more)


def test_one_person_detained_is_one_story_in_two_spellings(make_report: MakeReport, tell: Tell) -> None:
    first = _arrest(make_report, "a", detained=1, names=("Алесь Бяляцкі",), place="Minsk")
    second = _arrest(make_report, "b", detained=1, names=("Ales Bialiatski",), published="2024-12-29T09:00")
    assert tell(first, second).story.id == tell(first).story.id


def test_a_person_detained_again_after_the_first_term_is_another_story(make_report: MakeReport, tell: Tell) -> None:
    first = _arrest(make_report, "a", detained=1, names=("Ales Bialiatski",), place="Minsk")
    again = _arrest(
        make_report, "b", detained=1, names=("Ales Bialiatski",), place="Minsk", published="2025-01-14T09:00"
    )
    assert tell(first, again).outcome == "new"


def test_two_persons_detained_on_one_day_in_one_city_are_two_stories(make_report: MakeReport, tell: Tell) -> None:
    first = _arrest(make_report, "a", detained=1, names=("Ales Bialiatski",), place="Minsk")
    second = _arrest(make_report, "b", detained=1, names=("Viktar Babaryka",), place="Minsk")
    assert tell(first, second).outcome == "new"


def test_a_name_alone_joins_nothing(make_report: MakeReport, tell: Tell) -> None:
    first = _arrest(make_report, "a", detained=1, names=("Ales Bialiatski",))
    undated = _arrest(
        make_report, "b", names=("Ales Bialiatski",), published=None, received="2026-01-01T09:00", solicited=True
    )
    assert tell(first, undated).outcome == "doubtful"


def test_few_unnamed_people_in_a_town_are_never_merged_by_themselves(make_report: MakeReport, tell: Tell) -> None:
    first = _arrest(make_report, "a", detained=2, names=("Ales Bialiatski",), place="Brest")
    second = _arrest(make_report, "b", detained=2, place="Brest")
    assert tell(first, second).outcome == "doubtful"


def test_the_number_of_a_protest_may_grow_through_the_evening(make_report: MakeReport, tell: Tell) -> None:
    early = _arrest(make_report, "a", detained=110, place="Minsk", hedged={"detained": Precision.OVER})
    late = _arrest(make_report, "b", detained=250, place="Minsk", outlet="Other Wire", published="2024-12-28T21:00")
    placement = tell(early, late)
    assert placement.story.id == tell(early).story.id
    assert placement.story.facts.detained == 250


def test_equal_sizes_a_week_apart_with_other_breakdowns_are_two_stories(make_report: MakeReport, tell: Tell) -> None:
    first = make_report(published="2024-09-04T10:00", pardoned=30, women=14)
    second = make_report("second", published="2024-09-11T10:00", pardoned=30, women=7)
    assert tell(first, second).outcome == "new"


@pytest.mark.parametrize(
    ("vague_day", "outcome"),
    [("--08-16", "joined"), ("--09-04", "new"), ("W5", "doubtful"), ("W1", "new"), (None, "doubtful")],
)
def test_a_day_without_a_year_tells_two_acts_of_one_size_apart(
    make_report: MakeReport, tell: Tell, vague_day: str | None, outcome: str
) -> None:
    known = make_report(occurred_on="2024-08-16", published="2024-08-16T10:00", pardoned=30)
    undated = make_report("handed in", published=None, received="2024-10-01T10:00", solicited=True, pardoned=30)
    assert tell(known, replace(undated, vague_day=vague_day)).outcome == outcome


def test_at_least_ten_that_became_seventeen_is_most_likely_one_story(make_report: MakeReport, tell: Tell) -> None:
    early = make_report(
        published="2024-07-04T10:00", pardoned=10, names=("Ryhor Kastusiou",), hedged={"pardoned": Precision.AT_LEAST}
    )
    undated = make_report("late", published=None, solicited=True, pardoned=17, names=("Рыгор Кастусёў",))
    assert tell(early, undated).guess == tell(early).story.id


def test_arrests_of_different_people_on_one_day_are_two_stories_whatever_else_agrees(
    make_report: MakeReport, tell: Tell
) -> None:
    first = _arrest(make_report, "a", names=("Viktar Babaryka",), place="Brest", url="https://wire.example/live")
    second = _arrest(make_report, "b", names=("Maksim Znak",), place="Brest", url="https://wire.example/live")
    assert tell(first, second).outcome == "new"


def test_a_whole_breakdown_joins_long_after_the_act(make_report: MakeReport, tell: Tell) -> None:
    parts = {"pardoned": 29, "women": 11, "chronically_ill": 15, "with_disability": 2, "pensioners": 3}
    first = make_report(published="2024-12-09T10:00", **parts)
    late = make_report("weeks later", published="2025-01-10T10:00", **parts)
    assert tell(first, late).story.id == tell(first).story.id
    bare = make_report("weeks later still", published="2025-01-10T10:00", pardoned=29)
    assert tell(first, bare).outcome == "new"
