"""A whole and its share, lists behind a colon, people counted by their names, and who is never the object of an act."""

from __future__ import annotations

import pytest

from services.contract import Precision
from services.ingest.extraction import extract
from services.ingest.extraction.claims import counted
from services.ingest.extraction.lexicon import lexicon
from services.ingest.extraction.read_text import read_text


@pytest.mark.parametrize(
    ("language", "text", "touched"),
    [
        (
            "en",
            "Fourteen of the 52 prisoners whom Lukashenko pardoned are foreigners.",
            52,
        ),
        ("en", "Two of four priests held in Belarus have been released after a pardon by Lukashenko.", 2),
        (
            "ru",
            "14 из 52 помилованных Лукашенко заключённых – иностранцы.",
            52,
        ),
        ("ru", "Двое из четырёх священников освобождены: Лукашенко помиловал их.", 2),
        (
            "be",
            "14 з 52 памілаваных Лукашэнкам зняволеных – замежнікі.",
            52,
        ),
        ("be", "Двое з чатырох святароў вызваленыя: Лукашэнка памілаваў іх.", 2),
        ("en", "Of 52 political prisoners on the list, 16 were pardoned on Friday.", 16),
        ("en", "Of the 31 people pardoned on Friday, 20 are women.", 31),
        ("ru", "Из 52 политзаключённых из списка в пятницу помиловали только 16.", 16),
        ("ru", "Из 52 политзаключённых из списка 16 помилованы в пятницу.", 16),
        ("be", "З 52 палітвязняў са спіса ў пятніцу памілавалі толькі 16.", 16),
        ("be", "З 52 палітвязняў са спіса 16 памілаваныя ў пятніцу.", 16),
    ],
)
def test_of_a_whole_and_its_share_the_one_that_the_act_touched_is_counted(
    language: str, text: str, touched: int
) -> None:
    read = read_text(text, lexicon(language), None, None)
    assert [each.value for each in counted("pardoned", read, 0)] == [touched]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The following were detained in Vitsebsk: Anna Zhdan, Siarhei Maroz, Pavel Kurilchyk, Alena Sushko."),
        ("ru", "В Витебске задержаны: Анна Ждан, Сергей Морозько, Павел Курильчик, Алёна Сушко."),
        ("be", "У Віцебску затрыманыя: Ганна Ждан, Сяргей Марозька, Павел Курыльчык, Алена Сушко."),
    ],
)
def test_a_list_behind_a_colon_is_summed_and_named(language: str, text: str) -> None:
    facts = extract(text, language=language).facts
    assert facts.detained == 4
    assert len(facts.names or ()) == 4


def test_who_is_named_and_counted_by_nobody_is_counted_by_names_and_that_is_a_lower_bound() -> None:
    found = extract("На свободе:\nПавел Курильчик\nАнна Ждан\nИх помиловал Лукашенко, сообщает «Вясна».", language="ru")
    assert [(each.value, each.precision) for each in found.claims if each.field == "pardoned"] == [
        (2, Precision.AT_LEAST)
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In Minsk police detained President Donald Trump and Polish President Karol Nawrocki, a joke says."),
        ("ru", "В Минске задержали президента Польши Кароля Навроцкого, пишет «Вясна»."),
        ("be", "У Мінску затрымалі прэзідэнта Польшчы Караля Наўроцкага, піша «Вясна»."),
    ],
)
def test_who_holds_an_office_abroad_is_never_detained(language: str, text: str) -> None:
    assert not extract(text, language=language).facts.names
