"""Acts told without a verb of the act: "ended up behind bars", "did not come home from work", "is out of jail"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from services.contract import Kind
from services.ingest.extraction import Extraction, extract
from services.ingest.extraction.dialect.patterns import BadLexicon
from services.ingest.extraction.idioms import Idioms

TOLD: Final[dict[str, dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "idioms.yaml").read_text("utf-8"))
SPEAKER: Final = {
    "en": " on Thursday, the Viasna centre in Belarus reports.",
    "ru": ". Об этом в четверг сообщила «Вясна».",
    "be": ". Пра гэта ў чацвер паведаміла «Вясна».",
}
NAME: Final = {"en": "Maryna Kavalchuk", "ru": "Марина Ковальчук", "be": "Марына Кавальчук"}


def read(text: str, language: str) -> Extraction:
    return extract(text, language=language, published=date(2025, 3, 13))


def sentences(who: str, acts: str) -> Iterator[tuple[str, str, bool]]:
    """Each act of each language, of several people and of one who is named."""
    for language, told in TOLD.items():
        for act in told[acts]:
            for subject, predicate, is_named in zip(told[who], act, (False, True), strict=True):
                yield language, f"{subject} {predicate}{SPEAKER[language]}", is_named


def objects() -> Iterator[tuple[str, str, bool]]:
    for language, told in TOLD.items():
        for said in told["taken"]:
            for whom, for_whom, is_named in zip(told["whom"], told["for_whom"], (False, True), strict=True):
                yield language, f"{said.format(whom=whom, for_whom=for_whom)}{SPEAKER[language]}", is_named


@pytest.mark.parametrize(("language", "text", "is_named"), [*sentences("who", "arrest"), *objects()])
def test_an_idiom_of_custody_tells_who_was_taken_and_how_many(language: str, text: str, is_named: bool) -> None:
    extraction = read(text, language)
    assert (extraction.kind, extraction.facts.detained) == (Kind.ARREST, 1 if is_named else 2)
    assert extraction.facts.names == ((NAME[language],) if is_named else None)


@pytest.mark.parametrize(("language", "text", "is_named"), [*sentences("free", "pardon")])
def test_an_idiom_of_freedom_tells_who_goes_free_and_how_many(language: str, text: str, is_named: bool) -> None:
    extraction = read(text, language)
    assert (extraction.kind, extraction.facts.pardoned) == (Kind.PARDON, 1 if is_named else 2)
    assert extraction.facts.names_pardoned == ((NAME[language],) if is_named else None)


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, told in TOLD.items() for text in told["nothing"]]
)
def test_what_only_sounds_like_an_idiom_is_no_act(language: str, text: str) -> None:
    extraction = read(text, language)
    assert (extraction.kind, extraction.near_miss) == (Kind.OTHER, None)


def test_the_languages_have_the_same_idioms_to_fill_in() -> None:
    assert len({tuple(told) for told in TOLD.values()}) == 1


def test_an_idiom_widens_a_word_that_the_lexicon_has() -> None:
    idioms = Idioms(words={"new": "c"}, widened={"old": "b"}, patterns={})
    assert idioms.words_with({"old": "a"}) == {"old": "a|b", "new": "c"}
    with pytest.raises(BadLexicon, match="old"):
        idioms.words_with({})


def test_an_idiom_stands_behind_the_lexicons_own_patterns() -> None:
    idioms = Idioms(words={}, widened={}, patterns={"signals": {"arrest": ["b"]}})
    joined = idioms.patterns_with("signals", {"arrest": ["a"], "pardon": ["p"]})
    assert joined == {"arrest": ["a", "b"], "pardon": ["p"]}
    with pytest.raises(BadLexicon, match="arrest"):
        idioms.patterns_with("signals", {})


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        (
            "en",
            "Six activists are held at the Leninski police station in Minsk, Viasna reported on Sunday.",
            Kind.ARREST,
        ),
        ("en", "Two activists were pulled into an unmarked van in Minsk on Sunday, Viasna reported.", Kind.ARREST),
        ("en", "The tourists were loaded into buses in Minsk on Sunday and taken to a castle.", Kind.OTHER),
        ("ru", "Шестеро активистов сейчас находятся в милиции Гродно, сообщила в воскресенье «Вясна».", Kind.ARREST),
        ("be", "Шасцёра актывістаў цяпер сядзяць ва ўправе міліцыі ў Гродна, паведаміла «Вясна».", Kind.ARREST),
        ("be", "Кіраўніка партала Івана Прыкладава ўзяў ГУБАЗіК, паведаміла ў пятніцу «Вясна».", Kind.ARREST),
        ("be", "Учора ў Мінску ўзялі Івана Прыкладава, былога дэпутата, паведаміла «Вясна».", Kind.ARREST),
        ("ru", "Из колонии сегодня отпустили предпринимателя Ивана Примерова, сообщает «Вясна».", Kind.PARDON),
        ("be", "З калоніі сёння выпусцілі прадпрымальніка Івана Прыкладава, паведаміла «Вясна».", Kind.PARDON),
        ("ru", "Из-за решетки сегодня вышли журналисты Иван Примеров и Мария Образцова, пишет «Вясна».", Kind.PARDON),
        ("be", "Палітвязень Іван Прыкладаў у пятніцу выйшаў са шклоўскай калоніі.", Kind.PARDON),
        ("ru", "Не отпустили из колонии Ивана Примерова, сообщила в воскресенье «Вясна».", Kind.OTHER),
        ("be", "Не адпусцілі з калоніі Івана Прыкладава, паведаміла ў нядзелю «Вясна».", Kind.OTHER),
        ("ru", "В милиции Минска остаются недовольны работой участковых, сообщили журналисты.", Kind.OTHER),
        ("be", "Трэнеры ўзялі Івана Прыкладава ў зборную, паведаміла ў нядзелю федэрацыя.", Kind.OTHER),
        ("ru", "Иван Примеров сидит в СИЗО КГБ с весны, сообщила в воскресенье «Вясна».", Kind.OTHER),
    ],
)
def test_who_sits_at_the_police_was_taken_and_who_is_let_out_of_a_colony_is_free(
    language: str, text: str, kind: Kind
) -> None:
    assert extract(text, language=language, published=date(2026, 3, 2), at_home=True).kind is kind
