"""How prisoners went free, verb by verb of a class; and what served sentences and gone days make of it."""

from __future__ import annotations

from datetime import date

import pytest

from services.contract import Kind
from services.ingest.extraction import extract

WEDNESDAY = date(2025, 6, 18)

FREED = {
    "pardoned": [
        ("en", "Lukashenko pardoned 16 prisoners who had been sentenced to long terms and were serving them."),
        ("ru", "Лукашенко помиловал 16 человек, приговоренных к лишению свободы и отбывающих наказание в колониях."),
        ("be", "Лукашэнка памілаваў 16 чалавек, прысуджаных да пазбаўлення волі, якія адбываюць пакаранне ў калоніях."),
    ],
    "released": [
        ("en", "Belarus released 14 political prisoners on Tuesday, Viasna says."),
        *(("ru", f"В Беларуси {verb} 14 политзаключенных, сообщает «Вясна».") for verb in ("освободили", "отпустили")),
        *(("be", f"У Беларусі {verb} 14 палітвязняў, паведамляе «Вясна».") for verb in ("вызвалілі", "выпусцілі")),
    ],
    "taken abroad": [
        *(
            ("ru", f"Из Беларуси {verb} 14 политзаключенных, сообщает «Вясна».")
            for verb in ("вывезли", "депортировали")
        ),
        ("be", "14 палітвязняў вывезлі з Беларусі, паведамляе «Вясна»."),
    ],
    "exchanged": [
        ("ru", "В рамках обмена Беларусь передала 7 заключенных; их обменяли на двух граждан страны."),
    ],
}


@pytest.mark.parametrize(("act", "language", "text"), [(act, *each) for act, texts in FREED.items() for each in texts])
def test_the_act_is_read_as_what_it_is(act: str, language: str, text: str) -> None:
    found = extract(text, language=language, published=WEDNESDAY)
    assert (found.kind, found.facts.act) == (Kind.PARDON, act)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Last week security forces detained at least 30 people in Brest, Viasna recalls."),
        ("ru", "На прошлой неделе силовики задержали в Бресте не менее 30 человек, напоминает «Вясна»."),
        ("be", "На мінулым тыдні сілавікі затрымалі ў Брэсце не менш за 30 чалавек, нагадвае «Вясна»."),
        ("en", "Since July 2024, Lukashenko has pardoned 314 people in 16 rounds, the office said on Wednesday."),
        ("be", "«Мы іх адпусцілі і нічога не прасілі», заявіў Лукашэнка ў сераду."),
    ],
)
def test_old_is_not_new(language: str, text: str) -> None:
    assert extract(text, language=language, published=WEDNESDAY).kind is Kind.OTHER


def test_the_day_of_a_decree_is_the_day_of_the_act() -> None:
    text = "Указом от 14 июня помилованы восемь человек, стало известно в среду с сайта президента."
    found = extract(text, language="ru", published=WEDNESDAY)
    assert (found.kind, found.facts.pardoned, found.occurred_on) == (Kind.PARDON, 8, "2025-06-14")
