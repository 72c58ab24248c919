"""How many of those pardoned are what: told from either end, in every order that a language has for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import pytest
import yaml

from services.ingest.extraction import Extraction, extract

PARDONED: Final = {
    "en": "Lukashenko pardoned 29 people on Monday",
    "ru": "Лукашенко в понедельник помиловал 29 человек",
    "be": "Лукашэнка ў панядзелак памілаваў 29 чалавек",
}
SHARES: Final = yaml.safe_load((Path(__file__).parent / "shares_from_either_end.yaml").read_text("utf-8"))
EACH: Final = [
    (language, field, said.format(n=11))
    for language, fields in SHARES.items()
    for field, sayings in fields.items()
    for said in sayings
]


def read(text: str, language: str) -> Extraction:
    return extract(text, language=language, published=date(2026, 3, 2))


@pytest.mark.parametrize(("language", "field", "said"), EACH)
@pytest.mark.parametrize("joint", [". ", "; "])
def test_a_share_is_read_from_either_end(language: str, field: str, said: str, joint: str) -> None:
    first = said[0].upper() if joint == ". " else said[0].lower()
    facts = read(f"{PARDONED[language]}{joint}{first}{said[1:]}.", language).facts
    assert (facts.pardoned, getattr(facts, field)) == (29, 11)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Lukashenko pardoned 52 people on Monday. Two women, 34 and 41, are among them."),
        ("ru", "Лукашенко помиловал 52 человек. Среди них две женщины, 34 и 41 года."),
        ("be", "Лукашэнка памілаваў 52 чалавек. Сярод іх дзве жанчыны, 34 і 41 года."),
    ],
)
def test_an_age_is_no_share(language: str, text: str) -> None:
    assert read(text, language).facts.women == 2


NO_COUNTS: Final = {
    "in what manner (en)": ("en", "In Minsk, security forces detained people in twos and threes."),
    "in what manner (ru)": ("ru", "Людей в Минске задерживали по двое."),
    "one by one (ru)": ("ru", "В Минске задержали людей по одному, у подъездов."),
    "in what manner (be)": ("be", "Людзей у Мінску затрымлівалі па двое."),
    "an age (en)": ("en", "At 16 she was detained in Minsk; today she is 20."),
    "an ordinal with digits (ru)": ("ru", "На 16-м году жизни задержали жительницу Минска."),
}


@pytest.mark.parametrize(("language", "text"), NO_COUNTS.values(), ids=NO_COUNTS.keys())
def test_a_manner_or_an_age_is_no_count(language: str, text: str) -> None:
    assert read(text, language).facts.detained in (None, 1)


@pytest.mark.parametrize(
    ("language", "text", "field", "number"),
    [
        ("ru", "В Минске задержаны три журналиста и два активиста.", "detained", 5),
        ("ru", "Три журналиста и два активиста задержаны в Минске.", "detained", 5),
        ("ru", "В Минске задержали трех журналистов, двух врачей и одного священника.", "detained", 6),
        ("ru", "В Минске задержали 12 человек, 5 женщин и 7 мужчин.", "detained", 12),
        ("ru", "Лукашенко помиловал шесть женщин и трех мужчин.", "pardoned", 9),
        ("ru", "Задержаны: Иван Примеров, Петр Образцов и еще трое, сообщили в Минске.", "detained", 5),
        ("ru", "Лукашенко подписал два указа: по одному помилованы 15 человек, по другому - 7.", "pardoned", 15),
    ],
)
def test_people_who_are_told_apart_are_summed(language: str, text: str, field: str, number: int) -> None:
    assert getattr(read(text, language).facts, field) == number
