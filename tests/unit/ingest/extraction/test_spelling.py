"""Belarusian in Łacinka and in the classical spelling is read as the official one, and quoted as it was written."""

from __future__ import annotations

from datetime import date

import pytest

from services.ingest.extraction import extract
from services.ingest.extraction.spelling import in_latin, respelt


@pytest.mark.parametrize(
    ("written", "official"),
    [
        ("Łukašenka pamiłavaŭ dziesiać čałaviek", "Лукашэнка памілаваў дзесяць чалавек"),
        ("Jaŭhien, Ihar i Dźmitryj jeduć u Vilniu", "Яўген, Ігар і Дзмітрый едуць у Вільню"),
        ("U źniavoleńni zastałasia abjekt «Ŭzhorje»", "У зняволенні засталася аб'ект «Узгор'е»"),
        ("Пасьля зьняволеньня дзьве зь іх ня хочуць вяртацца", "Пасля зняволення дзве з іх не хочуць вяртацца"),
        ("Затрымлiвалi ў калёніі прэзыдэнта", "Затрымлівалі ў калоніі прэзідэнта"),
        ("Кузьміч, бацькі, людзьмі, пяцьдзесят зьмен", "Кузьміч, бацькі, людзьмі, пяцьдзесят змен"),
        ("KDB i MUS maŭčać", "КДБ і МУС маўчаць"),
    ],
)
def test_every_spelling_becomes_the_official_one(written: str, official: str) -> None:
    assert respelt(written, "be").text == official


@pytest.mark.parametrize("text", ["Памілаваныя дваццаць чалавек.", "Іх затрымалі https://news.example/address", ""])
def test_the_official_spelling_stays_as_it_is(text: str) -> None:
    assert respelt(text, "be").places is None


def test_other_languages_have_one_spelling() -> None:
    assert respelt("Łukašenka", "en").places is None


def test_a_text_said_to_be_belarusian_may_be_in_lacinka_by_few_letters() -> None:
    text = "Dvaccać try palitviaźni pamiłavanyja, paviedamiła BiełTA."
    assert extract(text, language="be").facts.pardoned == 23


def test_a_claim_quotes_the_text_as_it_was_written() -> None:
    text = "Łukašenka pamiłavaŭ 31 palitviaźnia. Siarod ich dźvie žančyny."
    spans = {claim.field: text[slice(*claim.span)] for claim in extract(text, published=date(2024, 11, 8)).claims}
    assert spans == {"act": "pamiłavaŭ", "pardoned": "pamiłavaŭ 31", "women": "dźvie žančyny"}


@pytest.mark.parametrize(
    "text",
    [
        "Prezydent ułaskawił dwadzieścia osób, poinformowała służba prasowa.",
        "Prezidentas suteikė malonę dvidešimčiai žmonių, pranešė tarnyba.",
        "Prezident udělil milost dvaceti lidem, oznámila tisková služba.",
        "Predsjednik je pomilovao dvadeset ljudi, priopćila je služba.",
    ],
)
def test_neighbours_in_latin_letters_are_not_taken_for_belarusian(text: str) -> None:
    assert in_latin(text) is None
