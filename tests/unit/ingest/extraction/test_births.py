"""The year of birth that a text gives behind a name; an age and any other year are none."""

from __future__ import annotations

from datetime import date

import pytest

from services.ingest.extraction import extract

BORN = [
    ("В Гомеле задержали Ивана Дроздова, 1987 года рождения.", 1987),
    ("В Гомеле задержали Ивана Дроздова (1987 г.р.).", 1987),
    ("В Гомеле задержан Иван Дроздов, 1987 г. р., сообщает «Вясна».", 1987),
    ("У Гомелі затрымалі Івана Драздова, 1987 года нараджэння.", 1987),
    ("У Гомелі затрымалі Івана Драздова (нарадзіўся ў 1987).", 1987),
    ("Ivan Drazdou (born 1987) was detained in Homel.", 1987),
    ("Ivan Drazdou, born in 1987, was detained in Homel.", 1987),
    ("В Гомеле задержали Ивана Дроздова, 37 лет.", None),
    ("В Гомеле задержали Ивана Дроздова в 1987 году.", None),
    ("В 2024 году в Гомеле задержали Ивана Дроздова.", None),
]


@pytest.mark.parametrize(("text", "born"), BORN)
def test_the_year_behind_a_name_is_when_they_were_born(text: str, born: int | None) -> None:
    assert [person.born for person in extract(text, as_of=date(2025, 1, 14)).persons] == [born]


def test_a_later_naming_without_the_year_does_not_take_it_away() -> None:
    text = "В Гомеле задержали Ивана Дроздова, 1987 года рождения. Позже Ивана Дроздова увезли, сообщает «Весна»."
    (person,) = extract(text, as_of=date(2025, 1, 14)).persons
    assert person.born == 1987
