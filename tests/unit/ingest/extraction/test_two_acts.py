"""Two acts in one text are two; what is only said of somebody, or of those held, is none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from services.contract import PartyClass
from services.fact_table import ACTS
from services.ingest.articles import to_article
from services.ingest.extraction import Extraction, extract
from services.ingest.pipeline import reading_of
from services.ingest.reports import Report
from services.ingest.sources.base import Item
from services.ingest.stories import group

HERE: Final = Path(__file__).parent
TWO: Final[list[dict[str, Any]]] = yaml.safe_load((HERE / "two_acts.yaml").read_text())
ONE: Final[dict[str, list[str]]] = yaml.safe_load((HERE / "one_act_only.yaml").read_text())
PUBLISHED: Final = datetime(2024, 3, 6, 12, tzinfo=UTC)
COUNTS: Final = {"women"}


def said(found: Extraction, asked: dict[str, Any]) -> dict[str, Any]:
    act, facts = ACTS[found.kind], found.facts
    of: dict[str, Any] = {
        "kind": found.kind.value,
        "number": getattr(facts, act.number),
        "names": len(getattr(facts, act.names) or ()),
        "place": facts.place,
        "day": date.fromisoformat(facts.occurred_on) if facts.occurred_on else None,
        "women": facts.women,
    }
    return {name: of[name] for name in asked}


def reports_of(text: str, language: str, source: str = "wire") -> tuple[Report, ...]:
    item = Item(
        source_id=source,
        source_name=source,
        source_class=PartyClass.MEDIA,
        body=text,
        published=PUBLISHED,
        received=PUBLISHED,
        language=language,
    )
    found = reading_of(to_article(item))
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("case", TWO, ids=lambda case: f"{case['language']}: {case['text'][:50]}")
def test_each_of_two_acts_has_its_own_number_names_and_day(case: dict[str, Any]) -> None:
    found = extract(case["text"], language=case["language"], published=PUBLISHED.date())
    assert said(found, case["first"]) == case["first"]
    (second,) = found.further
    assert said(second, case["second"]) == case["second"]
    assert ("second_act" in second.doubts) is case.get("unsure", False)


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in ONE.items() for text in texts])
def test_what_is_said_of_the_people_or_of_others_is_no_second_act(language: str, text: str) -> None:
    assert extract(text, language=language, published=PUBLISHED.date()).further == ()


@pytest.mark.parametrize("case", TWO, ids=lambda case: f"{case['language']}: {case['text'][:50]}")
def test_two_acts_make_two_reports_and_two_stories(case: dict[str, Any]) -> None:
    first, second = reports_of(case["text"], case["language"])
    assert first.id != second.id
    stories = group({"first": first, "second": second})
    assert stories["first"] != stories["second"]


def test_reading_again_gives_the_same_two_reports() -> None:
    case = TWO[0]
    assert reports_of(case["text"], "en") == reports_of(case["text"], "en")


def test_the_running_count_goes_with_the_first_act_alone() -> None:
    text = f"{TWO[0]['text']} Some 1,250 people are still held as political prisoners, Viasna says."
    found = extract(text, language="en", published=PUBLISHED.date())
    assert found.facts.still_held == 1250
    assert [each.facts.still_held for each in found.further] == [None]
