"""The demo's own sample articles are read completely: what a newcomer sees first must be right."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from services.contract import Claim, Facts, Kind, Precision, Role
from services.ingest.extraction import Extraction, extract


def sample(name: str, as_of: date) -> Extraction:
    text = files("services.demo").joinpath(name).read_text(encoding="utf-8")
    return extract(text, as_of=as_of)


@pytest.fixture
def article() -> Extraction:
    return sample("article.txt", date(2024, 12, 28))


def first(extraction: Extraction, field: str) -> Claim:
    return next(each for each in extraction.claims if each.field == field)


def test_the_sample_article_is_read_without_doubt(article: Extraction) -> None:
    assert article.doubts == ()


def test_every_fact_of_the_sample_article_is_found(article: Extraction) -> None:
    assert article.facts == Facts(
        pardoned=20,
        convicted_of_extremism=20,
        women=11,
        chronically_ill=14,
        names_disclosed=False,
        repented=True,
        petitioned=True,
        nth_pardon=8,
        released_total=207,
        still_held=1250,
        deaths_in_custody=7,
        attribution=("the president's website", "Viasna"),
        occurred_on="2024-12-28",
        act="pardoned",
    )


@pytest.mark.parametrize(
    ("said_by", "fields"),
    [
        ("president", "pardoned convicted_of_extremism women chronically_ill names_disclosed repented petitioned"),
        ("viasna", "nth_pardon released_total still_held deaths_in_custody"),
    ],
)
def test_every_fact_of_the_sample_article_has_its_speaker(article: Extraction, said_by: str, fields: str) -> None:
    assert {first(article, field).said_by.id for field in fields.split()} == {said_by}


def test_the_hedges_of_the_sample_article_are_kept(article: Extraction) -> None:
    hedged = {each.field: each.precision for each in article.claims if each.precision is not Precision.EXACT}
    assert hedged == {"still_held": Precision.ABOUT, "deaths_in_custody": Precision.AT_LEAST}


@pytest.mark.parametrize("name", ["article.txt", "article_update.txt"])
def test_those_still_held_are_named_in_every_language(name: str) -> None:
    people = {person.name: person for person in sample(name, date(2024, 12, 28)).persons}
    for held in ("Ales Bialiatski", "Siarhei Tsikhanouski", "Viktar Babaryka"):
        assert people[held].role is Role.STILL_HELD
        assert set(people[held].names) == {"en", "ru", "be"}
    assert people["Ales Bialiatski"].names["ru"] == "Алесь Беляцкий"


def test_the_addition_to_the_sample_article_says_what_is_new() -> None:
    facts = sample("article_update.txt", date(2024, 12, 28)).facts
    assert (facts.pardoned, facts.with_children, facts.women, facts.chronically_ill) == (20, 10, 11, 14)
    assert (facts.nth_pardon, facts.released_total, facts.still_held, facts.deaths_in_custody) == (8, 207, 1250, 7)
    assert facts.occurred_on == "2024-12-28"


def test_the_sample_arrest_is_told_by_the_investigators() -> None:
    extraction = sample("article_arrest_ru.txt", date(2025, 1, 15))
    facts = extraction.facts
    assert (extraction.kind, facts.detained, facts.place, facts.region) == (Kind.ARREST, 3, "Gomel", "gomel")
    assert (facts.authority, facts.criminal_articles) == ("Investigative Committee", ("342",))
    assert (facts.administrative, facts.occurred_on) == (False, "2025-01-14")
    assert first(extraction, "detained").said_by.id == "sk"
