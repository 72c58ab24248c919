"""A joke, a supposition or a denial beside an act is a doubt; true news that only sounds like one has none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.contract import Kind, Party, PartyClass
from services.ingest.extraction import Extraction, extract
from services.ingest.extraction.doubts import MEANINGS
from services.ingest.extraction.lexicon import LANGUAGES, lexicon

TEXTS: dict[str, dict[str, list[Any]]] = yaml.safe_load(Path(__file__).with_name("doubtful_texts.yaml").read_text())
DAY = date(2025, 9, 11)
PRESIDENT = Party(id="president", name="the president's website", party_class=PartyClass.OFFICIAL)
WIRE = Party(id="wire", name="Sample Wire", party_class=PartyClass.MEDIA)


def _texts(key: str) -> list[Any]:
    return [
        pytest.param(text, id=f"{language}-{key}-{n}")
        for language in TEXTS
        for n, text in enumerate(TEXTS[language][key])
    ]


def _read(text: str | dict[str, str], *, title: str | None = None, outlet: Party | None = None) -> Extraction:
    if isinstance(text, dict):
        title, text = text["title"], text["text"]
    return extract(text, title=title, outlet=outlet, published=DAY)


@pytest.mark.parametrize("text", [*_texts("held"), *_texts("planted")])
def test_what_may_be_no_act_is_read_as_none_or_with_a_doubt(text: str | dict[str, str]) -> None:
    found = _read(text)
    assert found.kind is Kind.OTHER or found.doubts


@pytest.mark.parametrize("text", _texts("told"))
def test_true_news_with_similar_words_nearby_has_no_doubts(text: str) -> None:
    found = _read(text)
    assert found.kind is not Kind.OTHER
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("joke", "Lukashenko pardoned 52 people, BelTA reported. This is a joke."),
        ("joke", "Лукашенко помиловал 52 человека, сообщило БелТА. Это шутка."),
        ("joke", "Лукашэнка памілаваў 52 чалавекі, паведаміла БелТА. Гэта жарт."),
        ("fiction", "In a novel by a writer from Brest, Lukashenko pardoned 52 people."),
        ("fiction", "В романе писателя из Бреста Лукашенко помиловал 52 человека."),
        ("fiction", "У рамане пісьменніка з Брэста Лукашэнка памілаваў 52 чалавекі."),
        ("supposition", "Imagine: Lukashenko pardoned 52 people, BelTA reported."),
        ("supposition", "Представьте: Лукашенко помиловал 52 человека, сообщило БелТА."),
        ("supposition", "Уявіце: Лукашэнка памілаваў 52 чалавекі, паведаміла БелТА."),
        ("rumour", "According to rumours, Lukashenko pardoned 52 people."),
        ("rumour", "По слухам, Лукашенко помиловал 52 человека."),
        ("rumour", "Паводле чутак, Лукашэнка памілаваў 52 чалавекі."),
        ("planned", "An astrologer says that Lukashenko pardoned 52 people."),
        ("planned", "Астролог говорит, что Лукашенко помиловал 52 человека."),
        ("planned", "Астролаг сцвярджае: Лукашэнка памілаваў 52 чалавекі."),
        ("asked", "Lukashenko pardoned 52 people, BelTA reported. Is it true?"),
        ("asked", "Лукашенко помиловал 52 человека, сообщило БелТА. Правда ли это?"),
        ("asked", "Лукашэнка памілаваў 52 чалавекі, паведаміла БелТА. Ці праўда гэта?"),
        ("denied", "Police in Minsk detained 12 people, Viasna reported. The report is false."),
        ("denied", "В Минске задержали 12 человек, сообщила «Вясна». Эта информация - фейк."),
        ("denied", "У Мінску затрымалі 12 чалавек, паведаміла «Вясна». Гэтая інфармацыя - фэйк."),
        ("unconfirmed", "Lukashenko pardoned 52 people, BelTA reported. There is no official confirmation of this."),
        ("unconfirmed", "Лукашенко помиловал 52 человека, сообщило БелТА. Официально это не подтверждено."),
        ("unconfirmed", "Лукашэнка памілаваў 52 чалавекі, паведаміла БелТА. Афіцыйна гэта не пацверджана."),
        ("retold", "From our archive: Lukashenko pardoned 52 people, BelTA reported."),
        ("retold", "Из архива: Лукашенко помиловал 52 человека, сообщило БелТА."),
        ("retold", "З архіва: Лукашэнка памілаваў 52 чалавекі, паведаміла БелТА."),
    ],
)
def test_each_doubt_has_its_slug_in_each_language(slug: str, text: str) -> None:
    found = _read(text)
    assert found.kind is not Kind.OTHER
    assert slug in found.doubts


@pytest.mark.parametrize(
    "text",
    [
        "Чуткі: Лукашэнка памілаваў 52 чалавекі, паведаміла БелТА.",
        "Чуткі сьведчаць, што сёньня Лукашэнка памілаваў 52 чалавекі. Іх сем'і чакаюць зьвестак.",
        "Čutki: Łukašenka pamiłavaŭ 52 čałavieki, paviedamiła BiełTA.",
    ],
)
def test_doubt_is_heard_in_every_spelling_of_belarusian(text: str) -> None:
    assert "rumour" in _read(text).doubts


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("April fool: Lukashenko pardoned 52 people", "joke"),
        ("Fake: 52 people pardoned in Belarus", "denied"),
        ("Is it true that Lukashenko pardoned 52 people?", "asked"),
    ],
)
def test_a_title_puts_in_doubt_what_the_text_states(title: str, slug: str) -> None:
    assert slug in _read("Lukashenko pardoned 52 people, BelTA reported on Thursday.", title=title).doubts


CAVEAT = "Reporters could not independently verify the report."


def test_a_caveat_of_the_press_is_no_doubt_where_an_authority_or_a_group_says_it() -> None:
    assert _read(f"Lukashenko pardoned 52 people, his press service said. {CAVEAT}").doubts == ()
    assert _read(f"Police in Minsk detained 12 people, Viasna said. {CAVEAT}").doubts == ()


def test_the_same_caveat_is_a_doubt_where_nobody_is_named() -> None:
    assert _read(f"Lukashenko pardoned 52 people on Thursday. {CAVEAT}", outlet=WIRE).doubts == ("unverified",)


def _far_apart(remark: str) -> str:
    between = " ".join(f"The {word} spoke of the weather at length." for word in ("first", "second", "third", "fourth"))
    act = "On Thursday the head of state Alexander Lukashenko pardoned 52 people."
    return f"{act} {between} {remark} {between}"


def test_far_from_the_act_an_authoritys_own_text_may_call_something_else_a_lie() -> None:
    text = _far_apart("These claims are a lie.")
    assert _read(text, outlet=PRESIDENT).doubts == ()
    assert _read(text, outlet=WIRE).doubts == ("denied",)


def test_beside_the_act_an_authoritys_own_text_is_doubted_as_any_other() -> None:
    text = "On Thursday Alexander Lukashenko pardoned 52 people. This report is false: the site was hacked."
    assert "denied" in _read(text, outlet=PRESIDENT).doubts


def test_what_somebody_is_charged_with_puts_no_arrest_in_doubt() -> None:
    text = "Police in Minsk detained four people who allegedly spread fakes and jokes about the army, Viasna said."
    assert _read(text).doubts == ()


def test_an_agency_in_brackets_whose_name_is_a_word_of_doubt_puts_nothing_in_doubt() -> None:
    assert (
        _read("MINSK (Sample Wire) - Lukashenko has pardoned 20 people, the president's website announced.").doubts
        == ()
    )
    assert _read("(Sample) Lukashenko has pardoned 20 people, the president's website announced.").doubts == (
        "fiction",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slug_of_a_lexicon_is_explained(language: str) -> None:
    words = lexicon(language)
    groups = (words.doubts_in_clause, words.doubts_in_sentence, words.doubts_of_message)
    assert {slug for group in groups for slug in group} <= set(MEANINGS)
    assert [set(group) for group in groups] == [
        set(group)
        for group in (lexicon("en").doubts_in_clause, lexicon("en").doubts_in_sentence, lexicon("en").doubts_of_message)
    ]
