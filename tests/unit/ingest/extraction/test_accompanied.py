"""Whoever went with so many others is counted with them, whatever words say it; and numbers in the case of "with"."""

from __future__ import annotations

from itertools import product
from typing import Final

import pytest

from services.ingest.extraction.lexicon import lexicon
from services.ingest.extraction.read_text import read_text
from tests.unit.ingest.extraction.test_unread_beside import read

OTHERS: Final = 14
WAYS: Final = {
    ("en", "pardoned"): {
        "a name": "The political prisoner Ivan Sample was {act} in Belarus on Friday {together}.",
        "a pronoun": "The political prisoner Ivan Sample is free in Belarus. He was {act} on Friday {together}.",
        "one without a name": "A teacher was {act} in Belarus on Friday {together}.",
        "him": "The political prisoner Ivan Sample was {act} in Belarus on Friday. {others} were {act} with him.",
    },
    ("ru", "pardoned"): {
        "a name": "Политзаключённый Иван Примеров {act} в Беларуси в пятницу {together}.",
        "a name behind": "{Together} в Беларуси в пятницу {act} политзаключённый Иван Примеров.",
        "him": "Иван Примеров {act} в Беларуси. Вместе с ним на свободу вышли ещё {others}.",
    },
    ("ru", "detained"): {
        "a name": "Иван Примеров {act} в Минске {together}, сообщает «Вясна».",
        "an object": "Ивана Примерова задержали в Минске {together}, сообщает «Вясна».",
        "a name behind": "{Together} в Минске {act} Иван Примеров, сообщает «Вясна».",
        "one without a name": "Учительницу задержали в Минске {together}, сообщает «Вясна».",
        "him": "Иван Примеров {act} в Минске, сообщает «Вясна». Вместе с ним забрали ещё {others}.",
    },
    ("be", "detained"): {
        "a name": "Іван Прыкладаў {act} у Мінску {together}, паведамляе «Вясна».",
        "an object": "Івана Прыкладава затрымалі ў Мінску {together}, паведамляе «Вясна».",
        "him": "Іван Прыкладаў {act} у Мінску, паведамляе «Вясна». Разам з ім забралі яшчэ {others}.",
    },
    ("en", "detained"): {
        "a name": "Ivan Sample was {act} in Minsk {together}, Viasna says.",
        "one without a name": "A teacher was {act} in Minsk {together}, Viasna says.",
        "him": "Ivan Sample was {act} in Minsk, Viasna says. {others} were {act} with him.",
    },
}
ACT: Final = {
    ("en", "pardoned"): ("pardoned",),
    ("en", "detained"): ("detained", "arrested", "taken away"),
    ("ru", "pardoned"): ("помилован",),
    ("ru", "detained"): ("задержан", "арестован"),
    ("be", "detained"): ("затрыманы", "арыштаваны"),
}
TOGETHER: Final = {
    "en": ("together with 14 others", "along with fourteen other people", "with 14 others", "alongside 14 colleagues"),
    "ru": ("вместе с 14 другими", "вместе с ещё четырнадцатью рабочими", "вместе с четырнадцатью коллегами"),
    "be": ("разам з 14 іншымі", "разам з яшчэ чатырнаццаццю рабочымі", "разам з іншымі 14 рабочымі"),
}
WHO: Final = {"en": "Fourteen more people", "ru": "14 человек", "be": "14 чалавек"}
CASES: Final = [
    pytest.param(language, field, sentence, act, together, id=f"{language}: {act}, {who}, {together}")
    for (language, field), ways in WAYS.items()
    for (who, sentence), act in product(ways.items(), ACT[language, field])
    for together in (TOGETHER[language] if "ogether}" in sentence else ("",))
]


@pytest.mark.parametrize(("language", "field", "sentence", "act", "together"), CASES)
def test_whoever_went_with_others_is_one_more(
    language: str, field: str, sentence: str, act: str, together: str
) -> None:
    text = sentence.format(
        act=act, together=together, Together=together[:1].upper() + together[1:], others=WHO[language]
    )
    assert getattr(read(language, text).facts, field) == OTHERS + 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Nine activists were arrested in Minsk along with three journalists, Viasna says."),
        ("ru", "В Минске задержали девять рабочих вместе с тремя инженерами, сообщает «Вясна»."),
        ("be", "У Мінску затрымалі дзевяць рабочых разам з трыма інжынерамі, паведамляе «Вясна»."),
    ],
)
def test_so_many_with_so_many_are_their_sum(language: str, text: str) -> None:
    assert read(language, text).facts.detained == 12


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Двадцать три женщины и восемь мужчин в Беларуси {}."),
        ("ru", "23 женщины и 8 мужчин, осуждённых в Беларуси за экстремизм, {}."),
    ],
)
@pytest.mark.parametrize("act", ["получили помилование", "помилованы", "вышли на свободу по указу о помиловании"])
def test_men_and_women_beside_one_another_are_all_of_the_act(language: str, text: str, act: str) -> None:
    assert read(language, text.format(act)).facts.pardoned == 31


IN_THE_CASE_OF_WITH: Final = {
    "ru": "двумя:2 тремя:3 четырьмя:4 пятью:5 шестью:6 восемью:8 восьмью:8 девятью:9 десятью:10 одиннадцатью:11 "
    "двенадцатью:12 тринадцатью:13 пятнадцатью:15 восемнадцатью:18 двадцатью:20 тридцатью:30 сорока:40 "
    "пятьюдесятью:50 шестьюдесятью:60 восемьюдесятью:80 ста:100 двумястами:200 пятьюстами:500",
    "be": "двума:2 трыма:3 чатырма:4 пяццю:5 шасцю:6 сямю:7 васьмю:8 дзевяццю:9 дзесяццю:10 дванаццаццю:12 "
    "дваццаццю:20 трыццаццю:30 сарака:40 пяццюдзесяццю:50 шасцюдзесяццю:60",
}


@pytest.mark.parametrize(
    ("language", "word", "number"),
    [
        (language, word, int(number))
        for language, words in IN_THE_CASE_OF_WITH.items()
        for word, number in (each.split(":") for each in words.split())
    ],
)
def test_a_number_in_the_case_of_with_is_a_number_and_no_ordinal(language: str, word: str, number: int) -> None:
    said = {"ru": f"Вместе с {word} коллегами задержан рабочий.", "be": f"Разам з {word} калегамі затрыманы рабочы."}
    (reading,) = read_text(said[language], lexicon(language), None, None).readings
    assert [each.value for each in reading.quantities] == [number]
    assert not reading.ordinals


@pytest.mark.parametrize("word", ["третью", "пятую", "десятую"])
def test_an_ordinal_stays_one(word: str) -> None:
    (reading,) = read_text(f"Его задержали в {word} годовщину.", lexicon("ru"), None, None).readings
    assert not reading.quantities
    assert len(reading.ordinals) == 1
