"""What tells an act on the way to something else never goes out by itself, whoever was taken and wherever."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from services.contract import Party, PartyClass
from services.fact_table import BESIDE_THE_ACT
from services.ingest.extraction import extract

LISTED: Final[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "no_news_by_class.yaml").read_text("utf-8"))
SOURCES: Final = (
    Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER),
    Party(id="kgb", name="KGB", party_class=PartyClass.OFFICIAL),
)
LANGUAGES: Final = ("en", "ru", "be")


def goes_out(text: str, language: str, source: Party) -> bool:
    found = extract(text, language=language, published=date(2026, 3, 2), outlet=source, at_home=True)
    told = any(each.scope == "act" and each.field not in BESIDE_THE_ACT for each in found.claims)
    return told and not found.doubts


def filled(frame: str, language: str) -> list[str]:
    """The frame with somebody and some town, four times."""
    words = LISTED["words"][language]
    pairs = [(who, words["town"][at % len(words["town"])]) for at, who in enumerate(words["who"])][::2]
    return [
        frame.replace("{who}", who).replace("{Who}", who[0].upper() + who[1:]).replace("{town}", town)
        for who, town in pairs
    ]


@pytest.mark.parametrize("source", SOURCES, ids=lambda each: each.id)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LISTED["classes"])
def test_an_act_told_on_the_way_to_something_else_waits(name: str, language: str, source: Party) -> None:
    texts = [text for frame in LISTED["classes"][name][language] for text in filled(frame, language)]
    assert [text for text in texts if goes_out(text, language, source)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_that_is_not_the_acts_makes_no_news_of_it(language: str) -> None:
    texts = LISTED["said_these_days"][language]
    assert [text for text in texts if goes_out(text, language, SOURCES[0])] == []
