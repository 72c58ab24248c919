"""What a text calls the people whom it names."""

from __future__ import annotations

from datetime import date

import pytest

from services.ingest.extraction import extract

CALLED = [
    ("Police in Minsk detained journalist Vasil Bykau.", "journalist"),
    ("Three people were detained in Minsk, said spokeswoman Natallia Eismant.", "spokesperson"),
    ("Three people were detained in Minsk, said Vasil Bykau, a lawyer.", "lawyer"),
    ("Former political prisoner Vasil Bykau was detained in Minsk.", "former_prisoner"),
    ("В Минске задержали троих, сообщил правозащитник Василий Быков.", "defender"),
    ("В Минске задержали троих, решение вынес судья Василий Быков.", "judge"),
    ("В Минске задержали бывшего политзаключенного Василия Быкова.", "former_prisoner"),
    ("У Мінску затрымалі журналіста Васіля Быкава.", "journalist"),
    ("У Мінску затрымалі палітыка Васіля Быкава.", "politician"),
    ("Police in Minsk detained Vasil Bykau near the court, where a judge sat.", None),
    ("В Минске задержали Василия Быкова.", None),
]


@pytest.mark.parametrize(("text", "position"), CALLED)
def test_a_person_has_the_position_that_the_text_gives(text: str, position: str | None) -> None:
    assert [person.position for person in extract(text, as_of=date(2025, 1, 14)).persons] == [position]


def test_the_same_person_with_and_without_a_patronymic_is_one() -> None:
    text = "В Минске задержали Василия Владимировича Быкова. Позже Василия Быкова увезли, сообщает «Весна»."
    assert len(extract(text, as_of=date(2025, 1, 14)).persons) == 1
