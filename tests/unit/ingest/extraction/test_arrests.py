"""Arrests in three languages."""

from __future__ import annotations

from datetime import date

import pytest

from services.contract import Kind, Role
from services.ingest.extraction import extract


def test_an_arrest_in_english() -> None:
    text = (
        "Police in Minsk detained at least 30 protesters on Sunday, Viasna said. "
        "Criminal cases were opened under Article 342 of the Criminal Code."
    )
    extraction = extract(text, published=date(2024, 12, 29))
    facts = extraction.facts
    assert (extraction.kind, facts.detained, facts.place, facts.region) == (Kind.ARREST, 30, "Minsk", "minsk_city")
    assert (facts.authority, facts.criminal_articles, facts.administrative) == ("police", ("342",), False)
    assert facts.occurred_on == "2024-12-29"
    assert facts.attribution == ("Viasna",)
    assert facts.pardoned is None


def test_an_arrest_in_russian() -> None:
    text = "В Гродно силовики задержали двенадцать человек, сообщают правозащитники. Дело завели по ст. 361−1 УК."
    extraction = extract(text)
    facts = extraction.facts
    assert (extraction.kind, facts.detained, facts.place, facts.region) == (Kind.ARREST, 12, "Grodno", "grodno")
    assert (facts.authority, facts.criminal_articles) == ("security forces", ("361-1",))
    assert facts.occurred_on is None
    assert extraction.place is not None
    assert extraction.place.names["be"] == "Гродна"


def test_an_arrest_in_belarusian() -> None:
    text = "У Гомлі АМАП затрымаў 10 чалавек, паведамляе «Вясна». Іх судзілі паводле адміністрацыйных пратаколаў."
    facts = extract(text).facts
    assert (facts.detained, facts.place, facts.region, facts.authority) == (10, "Gomel", "gomel", "riot police")
    assert facts.administrative is True


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Human rights defender Nasta Loika was detained in Minsk on 6 September.", "Nasta Loika"),
        ("Журналистка Ирина Халип задержана в Минске.", "Ирина Халип"),
        ("У Менску затрымалі Ігара Лосіка.", "Ігар Лосік"),
    ],
)
def test_one_named_person_is_one_detained(text: str, name: str) -> None:
    extraction = extract(text)
    assert extraction.kind is Kind.ARREST
    assert (extraction.facts.detained, extraction.facts.names) == (1, (name,))


def test_the_person_over_whose_arrest_people_protest_is_not_newly_detained() -> None:
    text = "Hundreds are detained in Belarus at protests over the arrest of opposition candidate Viktar Babaryka."
    extraction = extract(text)
    assert extraction.kind is Kind.ARREST
    assert extraction.facts.names is None
    assert extraction.facts.detained is None


def test_a_spokesperson_is_only_mentioned() -> None:
    text = "Police detained four activists in Brest. Sviatlana Tsikhanouskaya demanded their release."
    (person,) = extract(text).persons
    assert person.role is Role.MENTIONED


def test_an_article_of_the_administrative_code_is_no_criminal_one() -> None:
    facts = extract("В Бресте задержали 5 человек, на них составили протоколы по ст. 24.23 КоАП.").facts
    assert facts.criminal_articles is None
    assert facts.administrative is True


def test_the_crowd_is_not_the_count() -> None:
    assert extract("У Добрушы выйшла каля 20 чалавек. 10 зь іх затрымалі.").facts.detained == 10
