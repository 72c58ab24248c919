"""What sounds like an act and is none, or counts nobody whom it only mentions: by one sentence for each kind."""

from __future__ import annotations

import pytest

from services.contract import Kind, Role
from tests.unit.ingest.extraction.test_unread_beside import read

HANDED_ON = (
    "Political prisoner Ivan Sample was handed over to {} in Brest today, Viasna says.",
    "Ivan Sample, a political prisoner, was turned over to {} on Friday.",
)


@pytest.mark.parametrize("sentence", HANDED_ON)
@pytest.mark.parametrize("to", ["the police", "a prosecutor", "the KGB", "Russia", "the security service"])
def test_who_is_handed_to_those_who_hold_people_goes_not_free(sentence: str, to: str) -> None:
    assert read("en", sentence.format(to)).kind is not Kind.PARDON


def test_who_is_handed_to_the_family_does() -> None:
    assert read("en", HANDED_ON[0].format("his family")).kind is Kind.PARDON


@pytest.mark.parametrize(
    ("language", "text", "field", "number"),
    [
        ("en", "After talks with him 52 political prisoners were released in Belarus.", "pardoned", 52),
        ("en", "52 political prisoners were released in Belarus after talks with him.", "pardoned", 52),
        ("ru", "После переговоров с ним в Беларуси освободили 52 политзаключённых.", "pardoned", 52),
        ("ru", "За акцию солидарности с ней в Минске задержали 12 человек, сообщает «Вясна».", "detained", 12),
        ("be", "За акцыю салідарнасці з ёй у Мінску затрымалі 12 чалавек, паведамляе «Вясна».", "detained", 12),
        ("ru", "В Бресте задержан сын супружеской пары, сообщает «Вясна».", "detained", 1),
    ],
)
def test_with_whom_nobody_went_nobody_is_counted(language: str, text: str, field: str, number: int) -> None:
    assert getattr(read(language, text).facts, field) == number


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Главного редактора Ивана Примерова в Минске сегодня сняли с работы за комментарий."),
        ("ru", "Блогер Иван Примеров снял на вокзале в Минске видео о протестах."),
        ("be", "Галоўнага рэдактара Івана Прыкладава ў Мінску сёння знялі з працы за каментар."),
        ("en", "A letter from political prisoner Maria Sample came from the colony today, Viasna reports."),
        ("en", "Activist Ivan Sample is at large, the KGB in Minsk says."),
        ("be", "Незалежных журналістаў на волі ў Беларусі амаль не засталося, заявіла «Вясна»."),
    ],
)
def test_what_only_sounds_like_an_act_is_none(language: str, text: str) -> None:
    assert read(language, text).kind is Kind.OTHER


def test_an_initial_that_two_of_a_surname_have_is_nobodys() -> None:
    people = read("ru", "В Минске задержан И. Примеров. Об этом сообщили Иван Примеров и Игорь Примеров.").persons
    assert [each.name for each in people if each.role is Role.DETAINED] == ["И. Примеров"]


def test_friends_who_say_who_was_taken_make_nobody_private() -> None:
    people = read("en", "Friends of the poet say Ivan Sample was detained in Minsk, Viasna reports.").persons
    assert [each.name for each in people if each.role is Role.DETAINED] == ["Ivan Sample"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Lithuania gave visas to 52 political prisoners freed from Belarus, its minister said on Friday."),
        ("en", "A fund paid on Friday for nine journalists released in Minsk, Viasna says."),
        ("en", "Lukashenko told on Sunday how he had pardoned 20 political prisoners in Minsk."),
        ("ru", "Лукашенко в воскресенье рассказал, как помиловал 20 политзаключенных в Минске."),
        ("be", "Лукашэнка ў нядзелю расказаў, як памілаваў 20 палітвязняў у Мінску."),
        ("en", "Each side let 307 servicemen go on Saturday at the crossing between Belarus and Ukraine, Minsk says."),
        ("ru", "В Беларуси в субботу освободили 307 военнопленных с каждой стороны, сообщило министерство."),
        ("ru", "Лукашенко во вторник объяснил журналистам, почему помиловал двоих политзаключенных."),
        ("en", "Activist Ivan Sample went free in Belarus on Saturday, having done two years of forced labour."),
        ("ru", "Силовики в среду осмотрели в Минске офис редакции и увезли с собой технику Ивана Примерова."),
        ("be", "Затрыманы актывіст адмовіўся ў нядзелю даваць паказанні ў Мінску, паведаміла «Вясна»."),
        ("be", "Памілаваны блогер Іван Прыкладаў адкрыў у пятніцу краму ў Мінску."),
        ("be", "Дваццаць памілаваных палітвязняў у нядзелю прыйшлі адзначацца ў міліцыю ў Мінску."),
    ],
)
def test_people_who_are_only_spoken_of_are_no_sure_news(language: str, text: str) -> None:
    found = read(language, text)
    assert found.kind is Kind.OTHER or found.doubts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "According to Viasna 12 activists were detained in Brest on Sunday."),
        ("en", "Six journalists detained in Minsk on Sunday, Viasna reports."),
        ("be", "Затрыманы журналіст Іван Прыкладаў, паведаміла ў нядзелю «Вясна»."),
        ("be", "Памілаваныя 20 палітвязняў, паведаміла ў суботу прэс-служба Лукашэнкі."),
    ],
)
def test_an_act_told_by_its_participle_is_sure(language: str, text: str) -> None:
    found = read(language, text)
    assert found.kind is not Kind.OTHER
    assert not found.doubts
