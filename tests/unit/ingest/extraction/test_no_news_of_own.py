"""What an authority's or a group's own source publishes without telling of a new act never goes out by itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from services.contract import Party, PartyClass
from services.fact_table import BESIDE_THE_ACT
from services.ingest.extraction import Extraction, extract

HERE: Final = Path(__file__).parent
VIASNA: Final = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)


def listed(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text("utf-8"))


NO_NEWS: Final = [
    (language, text)
    for name in ("no_news_of_own.yaml", "told_beside_another_subject.yaml")
    for language, classes in listed(name).items()
    for texts in classes.values()
    for text in texts
]
NEWS: Final = [(language, *each) for language, texts in listed("news_all_the_same.yaml").items() for each in texts]


def read(text: str, language: str) -> Extraction:
    return extract(text, language=language, published=date(2026, 3, 2), outlet=VIASNA, at_home=True)


@pytest.mark.parametrize(("language", "text"), NO_NEWS)
def test_it_is_reported_only_in_doubt(language: str, text: str) -> None:
    found = read(text, language)
    told = [claim.field for claim in found.claims if claim.scope == "act" and claim.field not in BESIDE_THE_ACT]
    assert not told or found.doubts, "it would go out by itself"


@pytest.mark.parametrize(("language", "text", "field", "number"), NEWS)
def test_the_same_words_beside_an_act_do_not_hide_it(language: str, text: str, field: str, number: int) -> None:
    assert getattr(read(text, language).facts, field) == number


def test_most_of_them_go_out_without_a_doubt() -> None:
    doubtful = [text for language, text, _, _ in NEWS if read(text, language).doubts]
    assert len(doubtful) <= len(NEWS) * 0.12, doubtful


@pytest.mark.parametrize(
    ("language", "kind", "text"),
    [
        (language, kind, text)
        for language, kinds in listed("surely_news.yaml").items()
        for kind, texts in kinds.items()
        for text in texts
    ],
)
def test_news_as_sources_tell_it_has_no_doubt(language: str, kind: str, text: str) -> None:
    found = read(text, language)
    assert found.kind == kind
    assert found.doubts == ()
