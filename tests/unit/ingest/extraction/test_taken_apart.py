"""A number that a text takes apart is not added to its parts; who a person is kin to is nobody taken."""

from __future__ import annotations

import pytest

from services.ingest.extraction import extract

TAKEN_APART = {
    "en": [
        ("Police in Belarus detained nine people: two journalists and seven activists, three of them women.", 9),
        ("Nine people were detained in Minsk: four students, three workers and two drivers.", 9),
        ("The KGB in Minsk arrested twelve people on Tuesday: ten men and two women, four of them under 20.", 12),
    ],
    "ru": [
        ("В Минске задержали девять человек: двоих журналистов и семерых активистов, трое из них женщины.", 9),
        ("В Минске задержаны девять человек: четверо студентов, трое рабочих и двое водителей.", 9),
    ],
    "be": [
        ("У Мінску затрымалі дзевяць чалавек: дваіх журналістаў і сямярых актывістаў, трое з іх жанчыны.", 9),
        ("У Мінску затрыманыя дзевяць чалавек: чацвёра студэнтаў, трое рабочых і двое кіроўцаў.", 9),
    ],
}
KIN = {
    "en": [
        "Police in Minsk detained Ivan Petrovich, the brother of the poet Siarhei Ivanou, and three students.",
        "Police in Minsk detained Ivan Petrovich, a friend of opposition candidate Siarhei Ivanou, and three students.",
    ],
    "ru": [
        "В Минске задержали Ивана Петровича, брата известного поэта Сергея Иванова, и троих студентов.",
        "В Минске задержали Ивана Петровича, главу штаба кандидата Сергея Иванова, и троих студентов.",
    ],
    "be": [
        "У Мінску затрымалі Івана Пятровіча, брата вядомага паэта Сяргея Іванова, і траіх студэнтаў.",
        "У Мінску затрымалі Івана Пятровіча, кіраўніка штаба кандыдата Сяргея Іванова, і траіх студэнтаў.",
    ],
}


@pytest.mark.parametrize("language", TAKEN_APART)
def test_parts_behind_a_colon_are_not_added_to_the_number_before_it(language: str) -> None:
    for text, number in TAKEN_APART[language]:
        assert extract(text, language=language).facts.detained == number, text


@pytest.mark.parametrize("language", ["en", "ru", "be"])
def test_a_pardon_taken_apart_keeps_its_number(language: str) -> None:
    text = {
        "en": "Lukashenko pardoned 29 people: 11 women and 18 men, six of them under 25 and three retired.",
        "ru": "Лукашенко помиловал 29 человек: 11 женщин и 18 мужчин, шестеро из них моложе 25 лет, трое на пенсии.",
        "be": "Лукашэнка памілаваў 29 чалавек: 11 жанчын і 18 мужчын, шасцёра з іх маладзейшыя за 25, трое на пенсіі.",
    }[language]
    facts = extract(text, language=language).facts
    assert (facts.pardoned, facts.women, facts.men) == (29, 11, 18)


@pytest.mark.parametrize("language", KIN)
def test_whose_kin_or_friend_somebody_is_is_not_counted_with_them(language: str) -> None:
    for text in KIN[language]:
        assert extract(text, language=language).facts.detained == 4, text
