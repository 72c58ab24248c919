"""What real pages broke on, as kinds: texts written for this project, in three languages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from services.contract import Kind
from services.fact_table import ACTS
from services.ingest.extraction import Extraction, extract

DAY: Final = date(2024, 3, 6)
KINDS: Final[dict[str, list[dict[str, Any]]]] = yaml.safe_load(
    (Path(__file__).parent / "kinds_of_real_pages.yaml").read_text()
)


def read(case: dict[str, Any]) -> Extraction:
    return extract(case["text"], language=case["language"], published=DAY)


@pytest.mark.parametrize("case", KINDS["taken"], ids=lambda case: f"{case['why']}: {case['language']}")
def test_who_was_taken_is_counted_and_nobody_else(case: dict[str, Any]) -> None:
    found = read(case)
    assert (found.kind, found.facts.detained) == (Kind.ARREST, case["number"])


@pytest.mark.parametrize("case", KINDS["no_news"], ids=lambda case: case["text"][:40])
def test_what_was_or_goes_on_or_is_a_crime_is_no_news(case: dict[str, Any]) -> None:
    assert read(case).kind is Kind.OTHER


@pytest.mark.parametrize("case", KINDS["named"], ids=lambda case: case["text"][:40])
def test_only_who_was_taken_is_named(case: dict[str, Any]) -> None:
    assert len(read(case).facts.names or ()) == case["number"]


@pytest.mark.parametrize("case", KINDS["earlier"], ids=lambda case: case["language"])
def test_who_was_freed_with_an_earlier_group_is_none_of_this_one(case: dict[str, Any]) -> None:
    found = read(case)
    assert (found.facts.pardoned, found.facts.names_pardoned) == (22, None)


@pytest.mark.parametrize("case", KINDS["counted"], ids=lambda case: case["text"][:40])
def test_an_act_is_counted_by_its_people_alone(case: dict[str, Any]) -> None:
    found = read(case)
    assert (found.kind.value, getattr(found.facts, ACTS[found.kind].number)) == (case["kind"], case["number"])
    assert found.facts.released_total is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Политзаключенный Иван Маркевич вышел на свободу по помилованию."),
        ("be", "Палітвязень Іван Маркевіч выйшаў на волю паводле памілавання."),
        ("en", "Ivan Markevich, who was arrested in 2021, and Anna Sobal left prison in Belarus on Tuesday."),
    ],
)
def test_a_title_is_none_of_a_name_and_nobody_freed_is_detained(language: str, text: str) -> None:
    facts = read({"language": language, "text": text}).facts
    assert facts.names is None
    assert all(len(name.split()) == 2 for name in facts.names_pardoned or ())
