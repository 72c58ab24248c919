"""Whether a text is about Belarus: by its words, by what only Belarus has, by a source that writes of nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest

from services.contract import Kind
from services.ingest.extraction import Extraction, extract

WITHOUT_A_WORD_FOR_HOME = {
    "en": {
        Kind.ARREST: [
            "Six subscribers of an extremist channel were detained on Monday.",
            "Police have taken away nine workers of a fertiliser plant, the group said.",
            "Security forces rounded up four students at a dormitory.",
        ],
        Kind.PARDON: [
            "The president pardoned 17 people today, his press service said.",
            "Fifteen people left prison under a pardon.",
            "Twelve political prisoners were freed and taken to Lithuania.",
            "Twelve political prisoners were pardoned and are now in Poland.",
        ],
    },
    "ru": {
        Kind.ARREST: [
            "Задержаны шесть подписчиков экстремистского канала.",
            "Силовики задержали девять работников завода, сообщают правозащитники.",
            "В общежитии задержали четверых студентов.",
        ],
        Kind.PARDON: [
            "Глава государства помиловал 17 человек, сообщает пресс-служба.",
            "Пятнадцать человек вышли на свободу по помилованию.",
            "Двенадцать политзаключенных освободили и вывезли в Литву.",
            "Двенадцать политзаключенных помиловали, они уже в Варшаве.",
        ],
    },
}
ABROAD = {
    "en": [
        "Twenty people were detained at a rally in Moscow.",
        "Police in Tbilisi detained 14 protesters.",
        "Russian security forces detained four people.",
        "In Georgia, 12 demonstrators were detained on Friday.",
        "Four engineers were detained in the Russian city of Bryansk.",
        "Lithuania's police detained two people.",
        "Putin pardoned 20 women.",
    ],
    "ru": [
        "В Москве на митинге задержали двадцать человек.",
        "В Тбилиси полиция задержала 14 протестующих.",
        "Российские силовики задержали четырех человек.",
        "Двое задержаны в Польше.",
        "ФСБ задержала троих инженеров.",
        "Путин помиловал 20 женщин.",
    ],
}


def read(text: str, language: str, *, title: str | None = None, at_home: bool = False) -> Extraction:
    return extract(text, title=title, language=language, published=date(2026, 3, 2), at_home=at_home)


def each() -> Iterator[tuple[str, Kind, str]]:
    for language, kinds in WITHOUT_A_WORD_FOR_HOME.items():
        for kind, texts in kinds.items():
            yield from ((language, kind, text) for text in texts)


@pytest.mark.parametrize(("language", "kind", "text"), [*each()])
def test_a_source_of_belarus_alone_needs_no_word_for_it(language: str, kind: Kind, text: str) -> None:
    assert read(text, language, at_home=True).kind is kind


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in ABROAD.items() for text in texts])
def test_what_happened_abroad_is_abroad_whoever_tells_it(language: str, text: str) -> None:
    assert read(text, language, at_home=True).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("en", "Anti-war rally in Moscow", "Twenty people were detained, among them journalists."),
        ("ru", "Антивоенный митинг в Москве", "Задержаны двадцать человек, среди них журналисты."),
    ],
)
def test_a_title_may_say_that_it_was_abroad(language: str, title: str, text: str) -> None:
    assert read(text, language, title=title, at_home=True).kind is Kind.OTHER
    assert read(text, language, at_home=True).kind is Kind.ARREST


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Three people were detained under Article 361-4 of the Criminal Code."),
        ("en", "The KGB detained four engineers."),
        ("ru", "Троих задержали по ст. 361-4 УК."),
        ("ru", "Троих рабочих задержали по статье 24.23 КоАП."),
        ("ru", "Девять человек задержали и увезли в РОВД."),
    ],
)
def test_what_only_belarus_has_is_a_word_for_it(language: str, text: str) -> None:
    assert read(text, language).kind is Kind.ARREST


ABOUT_US = ["Лукашенко помиловал 14 человек", "Из Беларуси: помиловали 14 политзаключенных"]
MOVED = ["вывезли в", "отправили в", "доставили в", "перевезли в", "увезли в", "переправили в"]
TO = ["Литву", "Польшу", "Вильнюс", "Украину", "Германию"]


@pytest.mark.parametrize(("act", "moved", "to"), [*product(ABOUT_US, MOVED, TO)])
def test_where_the_freed_were_taken_makes_the_act_no_other_countrys(act: str, moved: str, to: str) -> None:
    found = read(f"{act} и {moved} {to}.", "ru")
    assert (found.kind, found.facts.pardoned) == (Kind.PARDON, 14)


@pytest.mark.parametrize("moved", ["вывезлі ў", "адправілі ў", "даставілі ў", "прывезлі ў", "перавезлі ў"])
@pytest.mark.parametrize("to", ["Літву", "Польшчу", "Вільню", "Нямеччыну"])
def test_nor_in_belarusian(moved: str, to: str) -> None:
    assert read(f"Памілавалі 14 палітвязняў, усіх {moved} {to}.", "be").facts.pardoned == 14
