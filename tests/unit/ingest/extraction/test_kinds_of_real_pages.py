"""What real pages broke on, as kinds: texts written for this project, in three languages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from services.contract import Kind
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
