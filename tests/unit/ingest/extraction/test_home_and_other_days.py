"""Where somebody comes from is not where they were taken, and the day of something else is not that of the act."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest

from services.ingest.extraction import Extraction, extract

DAY: Final = date(2024, 3, 6)
HOME_ALONE: Final = (
    ("en", "A couple from Pinsk was detained by the KGB, Viasna said."),
    ("en", "Hrodna activist Ivan Markevich was detained on Tuesday, Viasna said."),
    ("en", "Police detained a resident of the Vitebsk region over comments, Viasna said."),
    ("ru", "Силовики задержали жителя Витебской области, сообщает «Вясна»."),
    ("ru", "Силовики задержали минчанина за комментарии, сообщает «Вясна»."),
    ("ru", "Жительница Бреста Анна Соболь задержана КГБ, сообщает «Вясна»."),
    ("be", "Затрымалі жыхарку Пінска Ганну Собаль, паведамляе «Вясна»."),
    ("be", "Сілавікі затрымалі жыхара Гродзенскай вобласці, паведамляе «Вясна»."),
)
HOME_AND_PLACE: Final = (
    (
        "en",
        "Ivan Markevich, born in Pinsk, was detained in Brest and taken to prison in Zhodino, Viasna said.",
        "Brest",
    ),
    ("ru", "В Бресте задержали жителя Пинска Ивана Маркевича, сообщает «Вясна».", "Brest"),
    ("be", "У Брэсце затрымалі жыхара Пінска Івана Маркевіча, паведамляе «Вясна».", "Brest"),
)
OTHER_DAYS: Final = (
    ("en", "Decree No. 12 on taxes was signed on 3 January 2024. Lukashenko pardoned 14 people."),
    ("ru", "Указ № 12 о налогах подписан 3 января 2024 года. Лукашенко помиловал 14 человек."),
    ("be", "Указ № 12 аб падатках падпісаны 3 студзеня 2024 года. Лукашэнка памілаваў 14 чалавек."),
)
DATELINES: Final = (
    ("en", "MINSK, 5 March (Agency). Lukashenko pardoned 14 people."),
    ("ru", "МИНСК, 5 марта. Лукашенко помиловал 14 человек."),
    ("be", "Мінск, 5 сакавіка. Лукашэнка памілаваў 14 чалавек."),
)


def read(language: str, text: str) -> Extraction:
    return extract(text, language=language, published=DAY)


@pytest.mark.parametrize(("language", "text"), HOME_ALONE)
def test_a_home_town_is_no_place(language: str, text: str) -> None:
    facts = read(language, text).facts
    assert (facts.place, facts.region) == (None, None)


@pytest.mark.parametrize(("language", "text", "place"), HOME_AND_PLACE)
def test_the_place_is_where_they_were_taken(language: str, text: str, place: str) -> None:
    assert read(language, text).facts.place == place


@pytest.mark.parametrize(("language", "text"), OTHER_DAYS)
def test_the_day_of_another_decree_is_not_that_of_the_pardon(language: str, text: str) -> None:
    assert read(language, text).facts.occurred_on is None


@pytest.mark.parametrize(("language", "text"), DATELINES)
def test_a_dateline_dates_the_act(language: str, text: str) -> None:
    assert read(language, text).facts.occurred_on == "2024-03-05"


def test_a_town_before_a_name_is_none_of_it() -> None:
    assert read("ru", "Силовики задержали жителя Пинска Ивана Маркевича.").facts.names == ("Иван Маркевич",)


BESIDE: Final = (
    ("en", "Lukashenko pardoned 52 people; 51 have already been released, Viasna counts."),
    ("en", "51 people have already been released in Belarus, Viasna counts, after Lukashenko pardoned 52."),
    ("ru", "На свободу уже вышел 51 человек, подсчитала «Вясна». Лукашенко помиловал 52 человека."),
    ("be", "На волю ўжо выйшаў 51 чалавек, падлічыла «Вясна». Лукашэнка памілаваў 52 чалавекі."),
)


@pytest.mark.parametrize(("language", "text"), BESIDE)
def test_who_is_out_already_is_neither_the_number_of_the_pardon_nor_a_running_count(language: str, text: str) -> None:
    facts = read(language, text).facts
    assert (facts.pardoned, facts.released_total) == (52, None)


def test_two_who_are_named_one_after_the_other_are_not_one() -> None:
    found = read(
        "en", "Police in Hrodna arrested Ivan Markevich over posts. Police in Homiel arrested Anna Sobal, Viasna said."
    )
    assert found.facts.detained == 2


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Police detained the nurse Vera Sample on Friday. Her brother, Ivan Sample, was detained in 2023."),
        ("ru", "В пятницу задержали медсестру Веру Примерову. Её брата, Ивана Примерова, задержали в 2023 году."),
        ("ru", "В пятницу задержали медсестру Веру Примерову. Её брата, Ивана Примерова, арестовали ещё в 2022 году."),
        ("be", "У пятніцу затрымалі медсястру Веру Прыкладаву. Яе брата, Івана Прыкладава, затрымалі ў 2023 годзе."),
    ],
)
def test_whose_act_a_year_gone_by_dates_was_not_taken_now(language: str, text: str) -> None:
    facts = extract(text, language=language, published=date(2026, 3, 2), at_home=True).facts
    assert facts.detained == 1
    assert len(facts.names or ()) == 1
