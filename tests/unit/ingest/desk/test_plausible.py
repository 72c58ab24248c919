"""A fact as an operator corrects it can be: no day to come, no part above its whole, no number beyond all limits."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.contract import Facts, Kind
from services.fact_table import PARTS
from services.ingest.desk.plausible import implausible
from services.ingest.release.conditions import FactLimits

LIMITS = FactLimits(text_age_days=7, happening_age_days=7, pardoned=1000, detained=5000, nth_pardon=100, tally=100_000)
TODAY = date(2024, 12, 28)


def fault(field: str, kind: Kind = Kind.PARDON, **facts: Any) -> str | None:
    return implausible(field, Facts(**facts), kind, TODAY, LIMITS)


@pytest.mark.parametrize("day", ["2024-12-29", "2025-01-01", "2031-01-01"])
def test_a_day_to_come_is_refused_with_today(day: str) -> None:
    said = fault("occurred_on", occurred_on=day)
    assert said is not None
    assert said.startswith("occurred_on: ")
    assert "2024-12-28 in Minsk" in said


@pytest.mark.parametrize("day", ["2024-12-28", "2024-12-01", "1996-11-24"])
def test_today_and_any_day_before_it_can_be(day: str) -> None:
    assert fault("occurred_on", occurred_on=day) is None


@pytest.mark.parametrize(("kind", "whole"), [(Kind.PARDON, "pardoned"), (Kind.ARREST, "detained")])
@pytest.mark.parametrize("part", PARTS)
def test_no_part_is_more_than_its_whole_from_either_side(part: str, kind: Kind, whole: str) -> None:
    facts: dict[str, Any] = {part: 30, whole: 20}
    fitting: dict[str, Any] = {part: 20, whole: 20}
    of_part, of_whole = fault(part, kind, **facts), fault(whole, kind, **facts)
    assert of_part == f"{part}: 30 is more than the 20 {whole}; correct {whole} first, or give at most 20"
    assert of_whole == f"{whole}: 20 is less than its part, {part} (30); correct {part} first"
    assert fault(part, kind, **fitting) is None
    assert fault(whole, kind, **fitting) is None


def test_women_and_men_together_are_no_more_than_all() -> None:
    facts: dict[str, Any] = {"pardoned": 20, "women": 11, "men": 10}
    for field in facts:
        assert fault(field, **facts), field
    assert fault("women", pardoned=20, women=11, men=9) is None


def test_there_are_no_more_names_than_people() -> None:
    three = ("Ales Bialiatski", "Ryhor Kastusiou", "Mikola Statkevich")
    assert fault("names", Kind.ARREST, detained=2, names=three) == (
        "names: there would be 3 names for 2 detained; correct detained first, or give fewer names"
    )
    assert fault("detained", Kind.ARREST, detained=2, names=three) == (
        "names: there would be 3 names for 2 detained; correct names first"
    )
    assert "names_pardoned: there would be 3" in str(fault("names_pardoned", pardoned=2, names_pardoned=three))
    assert fault("names", Kind.ARREST, names=three) is None
    assert fault("names", Kind.ARREST, detained=3, names=three) is None


@pytest.mark.parametrize(
    ("field", "kind", "value", "says"),
    [
        ("pardoned", Kind.PARDON, 1001, "from 1 to 1,000"),
        ("pardoned", Kind.PARDON, 0, "from 1 to 1,000"),
        ("detained", Kind.ARREST, 5001, "from 1 to 5,000"),
        ("women", Kind.PARDON, 1001, "from 0 to 1,000"),
        ("women", Kind.ARREST, 5001, "from 0 to 5,000"),
        ("nth_pardon", Kind.PARDON, 0, "from 1 to 100"),
        ("nth_pardon", Kind.PARDON, 2024, "from 1 to 100"),
        ("released_total", Kind.PARDON, 100_001, "from 0 to 100,000"),
        ("still_held", Kind.ARREST, 10**18, "from 0 to 100,000"),
        ("deaths_in_custody", Kind.PARDON, 9_000_000, "from 0 to 100,000"),
    ],
)
def test_a_number_beyond_the_limits_of_the_release_rules_is_refused(
    field: str, kind: Kind, value: Any, says: str
) -> None:
    said = implausible(field, Facts(**{field: value}), kind, TODAY, LIMITS)
    assert said is not None
    assert said.startswith(f"{field}: ")
    assert says in said
    assert implausible(field, Facts(**{field: value}), kind, TODAY, None) is None


def test_a_story_has_only_the_facts_of_its_kind() -> None:
    assert fault("detained", detained=5) == (
        "detained: this story is about a pardon, which has none; correct pardoned, or retract the story"
    )
    assert "about an arrest" in str(fault("pardoned", Kind.ARREST, pardoned=5))
    assert "correct names," in str(fault("names_pardoned", Kind.ARREST, names_pardoned=("Ales Bialiatski",)))
    assert fault("detained", detained=None) is None


@pytest.mark.parametrize("field", ["women", "pardoned", "occurred_on", "names"])
def test_that_a_fact_is_not_known_can_always_be(field: str) -> None:
    facts: dict[str, Any] = {"pardoned": 20, "women": 30, "men": 30, field: None}
    assert fault(field, **facts) is None


@pytest.mark.parametrize("field", ["place", "charge", "still_held", "occurred_on"])
def test_an_older_fault_in_another_fact_does_not_stand_in_the_way(field: str) -> None:
    value: Any = {"still_held": 1250, "occurred_on": "2024-12-28"}.get(field, "Gomel")
    assert fault(field, pardoned=20, women=30, **{field: value}) is None
