"""Which words of a sentence are the names of people, and what the names are in the nominative."""

from __future__ import annotations

import pytest

from services.ingest.extraction.people.namings import Strangers, namings
from services.ingest.extraction.sentences.passages import sentences


def names(text: str, language: str) -> list[str]:
    return [naming.name for sentence in sentences(text) for naming in namings(sentence, language)]


NAMED = [
    ("ru", "Задержали Светлану Алексиевич и Василя Быкова.", ["Светлана Алексиевич", "Василь Быков"]),
    ("ru", "Задержан Быков Василий Владимирович, 58 лет.", ["Василий Владимирович Быков"]),
    ("ru", "Среди задержанных — Короткевич Владимир, Быков Василий.", ["Владимир Короткевич", "Василий Быков"]),
    ("ru", "Задержали Светлану Алексиевич.", ["Светлана Алексиевич"]),
    ("ru", "Задержали В. В. Быкова и Я. Брыля.", ["В. В. Быкова", "Я. Брыля"]),
    ("ru", "Задержан В. Короткевич.", ["В. Короткевич"]),
    ("ru", "В Гродно задержали Ивана и Марию Мележей.", ["Иван Мележей", "Мария Мележей"]),
    ("ru", "Задержали Ивана и Марию Быковых.", ["Иван Быков", "Мария Быкова"]),
    ("ru", "Вчера Мария вышла на свободу.", []),
    ("ru", "Его увезли с улицы Янки Купалы на площадь Якуба Коласа.", []),
    ("ru", "Университет имени Янки Купалы закрыт.", []),
    ("be", "Затрымалі Уладзіміра Караткевіча і Ларысу Геніюш.", ["Уладзімір Караткевіч", "Ларыса Геніюш"]),
    ("be", "Затрыманы Быкаў Васіль Уладзіміравіч.", ["Васіль Уладзіміравіч Быкаў"]),
    ("be", "У Гродне затрымалі Івана і Марыю Быкавых.", ["Іван Быкаў", "Марыя Быкава"]),
    ("be", "Затрымалі Сямёна Вераб’ёва.", ["Сямён Вераб'ёў"]),
    ("be", "Ён жыве на вуліцы Янкі Купалы.", []),
    ("be", "Уручылі прэмію імя Алега Лойкі.", []),
    ("be", "Лаўрэат прэміі Алег Лойка на свабодзе.", ["Алег Лойка"]),
    ("ru", "Лауреат Нобелевской премии Светлана Алексиевич.", ["Светлана Алексиевич"]),
    ("en", "Police detained Uladzimir Karatkevich and Vasil Bykau.", ["Uladzimir Karatkevich", "Vasil Bykau"]),
    ("en", "Svetlana Alexandrovna Alexievich's lawyer said so.", ["Svetlana Alexandrovna Alexievich"]),
    ("en", "Uładzimir Karatkievič was detained.", ["Uładzimir Karatkievič"]),
    ("en", "They met on Yanka Kupala Street and in Victoria Park.", []),
    ("en", "The U.S. President spoke in Minsk.", []),
    ("en", "Janka Kupala University and the Vasil Bykau Prize", []),
]


@pytest.mark.parametrize(("language", "text", "expected"), NAMED)
def test_people_are_found_and_streets_are_not(language: str, text: str, expected: list[str]) -> None:
    assert names(text, language) == expected


def test_initials_are_of_somebody_known_only_where_they_fit() -> None:
    (fitting, other) = (namings(sentences(f"Задержан {name}.")[0], "ru")[0] for name in ("А. Беляцкий", "В. Беляцкий"))
    assert fitting.known is not None
    assert other.known is None


def test_a_strangers_surname_alone_is_a_name_only_after_the_full_one() -> None:
    first, second = sentences("Задержан Василий Быков. Быкова увезли в Минск.")
    met = Strangers()
    met.meet(namings(first, "ru"))
    assert namings(second, "ru") == ()
    assert [naming.name for naming in met.again(second.plain, ())] == ["Василий Быков"]


def test_a_surname_that_two_people_share_tells_neither() -> None:
    first, second = sentences("Задержаны Василий Быков и Иван Быков. Быкова увезли в Минск.")
    met = Strangers()
    met.meet(namings(first, "ru"))
    assert met.again(second.plain, ()) == ()


def test_the_span_of_a_naming_covers_the_words_as_written() -> None:
    sentence = sentences("У Гродне затрымалі Ларысу Геніюш.")[0]
    (naming,) = namings(sentence, "be")
    assert sentence.written[naming.start : naming.end] == "Ларысу Геніюш"
