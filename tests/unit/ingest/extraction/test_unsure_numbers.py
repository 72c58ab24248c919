"""A number that may be a part's, a long time's or one town's is not said; one that is the act's own is."""

from __future__ import annotations

from itertools import product

import pytest

from services.ingest.extraction import extract

_TAKEN = {
    "en": ("detained", "arrested", "seized"),
    "ru": ("задержали", "арестовали", "схватили"),
    "be": ("затрымалі", "арыштавалі", "схапілі"),
}
_WHO = {
    "en": ("teachers", "volunteers", "residents of Brest"),
    "ru": ("учителей", "волонтёров", "жителей Бреста"),
    "be": ("настаўнікаў", "валанцёраў", "жыхароў Брэста"),
}
_OTHER_MATTER = {
    "en": (
        "Over the past weeks security forces {taken} 14 {who} in Brest.",
        "Since the beginning of the campaign police in Brest have {taken} 14 {who}.",
        "Police {taken} the engineer Aleh Zubrytski in Brest. Security forces also {taken} six {who} in the city.",
        "Mass detentions took place in Brest. Police {taken} the engineer Aleh Zubrytski.",
        "Police in Brest {taken} one man at his home. Another resident was also {taken} in the street.",
    ),
    "ru": (
        "За последние недели силовики в Бресте {taken} 14 {who}.",
        "С начала кампании в Бресте силовики {taken} 14 {who}.",
        "В Бресте {taken} инженера Олега Зубрицкого. Также силовики {taken} в городе шестерых {who}.",
        "В Бресте прошли задержания. Силовики {taken} инженера Олега Зубрицкого.",
        "В Бресте одного мужчину {taken} дома. Другого жителя города {taken} на улице.",
        "Двоих задержанных в Бресте {who} отпустили. Силовики {taken} их на улице.",
    ),
    "be": (
        "За апошнія тыдні сілавікі ў Брэсце {taken} 14 {who}.",
        "З пачатку кампаніі ў Брэсце сілавікі {taken} 14 {who}.",
        "У Брэсце {taken} інжынера Алега Зубрыцкага. Таксама сілавікі {taken} у горадзе шасцярых {who}.",
        "У Брэсце адбыліся затрыманні. Сілавікі {taken} інжынера Алега Зубрыцкага.",
        "У Брэсце аднаго мужчыну {taken} дома. Другога жыхара горада {taken} на вуліцы.",
        "Дваіх затрыманых у Брэсце {who} адпусцілі. Сілавікі {taken} іх на вуліцы.",
    ),
}
_OWN = {
    "en": (
        ("Police in Brest {taken} six {who} on Tuesday.", 6),
        (
            "At least six {who} of a picket of solidarity with prisoners near the theatre in Brest were {taken}.",
            6,
        ),
        ("Belarus protests: 140 {taken} as thousands rally in Brest.", 140),
    ),
    "ru": (
        ("В Бресте во вторник {taken} шестерых {who}.", 6),
        ("В Бресте во вторник {taken}, по меньшей мере, шестерых {who}.", 6),
        ("В Бресте во вторник {taken}, как минимум, 12 {who}.", 12),
        ("В РОВД Бреста во вторник доставили двадцать шесть {who}, которых {taken} на улице.", 26),
    ),
    "be": (
        ("У Брэсце ў аўторак {taken} шасцярых {who}.", 6),
        ("У Брэсце ў аўторак {taken}, прынамсі, шасцярых {who}.", 6),
        ("У Брэсце ў аўторак {taken}, як мінімум, 12 {who}.", 12),
        ("У РУУС Брэста ў аўторак даставілі дваццаць шэсць {who}, якіх {taken} на вуліцы.", 26),
    ),
}


def _of_another_matter() -> list[tuple[str, str]]:
    return [
        (language, template.format(taken=taken, who=who))
        for language, templates in _OTHER_MATTER.items()
        for template, taken, who in product(templates, _TAKEN[language], _WHO[language])
    ]


def _of_the_act() -> list[tuple[str, str, int]]:
    return [
        (language, template.format(taken=taken, who=who), number)
        for language, templates in _OWN.items()
        for (template, number), taken, who in product(templates, _TAKEN[language], _WHO[language])
    ]


@pytest.mark.parametrize(("language", "text"), sorted(set(_of_another_matter())))
def test_a_number_of_another_matter_is_not_said(language: str, text: str) -> None:
    assert extract(text, language=language).facts.detained is None


@pytest.mark.parametrize(("language", "text", "number"), _of_the_act())
def test_the_number_of_the_act_is_said(language: str, text: str, number: int) -> None:
    assert extract(text, language=language).facts.detained == number


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "В Бресте прошли массовые задержания. Силовики увезли инженера Олега Зубрицкого и врача Анну Рудую."),
        ("be", "У Брэсце масавыя затрыманні. Сілавікі забралі інжынера Алега Зубрыцкага і лекарку Ганну Рудую."),
        ("en", "Mass arrests in Brest. Police detained the engineer Aleh Zubrytski and the doctor Hanna Rudaya."),
    ],
)
def test_of_many_those_named_are_not_all(language: str, text: str) -> None:
    facts = extract(text, language=language).facts
    assert facts.detained is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "За 2021-2022 годы в Бресте задержали 16 водителей автобусов."),
        ("be", "За 2021-2022 гады ў Брэсце затрымалі 16 кіроўцаў аўтобусаў."),
    ],
)
def test_a_year_is_no_number_of_people(language: str, text: str) -> None:
    assert extract(text, language=language).facts.detained not in range(1990, 2101)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Uladzimir Ramanouski was released from prison under a pardon. A day later his aide was also released."),
        ("ru", "Владимир Романовский освобождён после помилования. Днём позже его соратник также вышел на свободу."),
        ("be", "Уладзімір Раманоўскі вызвалены пасля памілавання. Праз дзень яго паплечнік таксама выйшаў на волю."),
    ],
)
def test_beside_another_who_was_freed_the_one_named_is_not_all(language: str, text: str) -> None:
    assert extract(text, language=language).facts.pardoned is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Freed in Belarus: Volha Ramanouskaya, Ales Zubrytski and more than 130 political prisoners overall."),
        ("ru", "В Беларуси освобождены Ольга Романовская, Алесь Зубрицкий и ещё более 130 политзаключённых."),
        ("be", "У Беларусі вызваленыя Вольга Раманоўская, Алесь Зубрыцкі і яшчэ больш за 130 палітвязняў."),
    ],
)
def test_whoever_was_freed_is_held_no_more(language: str, text: str) -> None:
    assert extract(text, language=language).facts.still_held is None


def test_an_apposition_is_no_second_person() -> None:
    text = "У Лідзе затрымалі Алега Зубрыцкага, блогера з Гродна, які здымаў вуліцу."
    assert extract(text, language="be").facts.detained == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A married couple was arrested in Brest over comments."),
        ("en", "Security forces in Homiel seized an elderly couple."),
        ("ru", "В Гродно арестовали семейную пару за комментарии."),
        ("be", "У Гродне арыштавалі сямейную пару за каментары."),
        ("be", "Сужэнскую пару з Гомеля затрымалі ў аўторак."),
    ],
)
def test_a_couple_is_two(language: str, text: str) -> None:
    assert extract(text, language=language).facts.detained == 2


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Police in Brest detained a couple of activists."),
        ("ru", "В Гродно арестовали семейную пару и их соседей."),
        ("be", "У Гродне арыштавалі сямейную пару і іх суседзяў."),
    ],
)
def test_a_couple_with_others_is_no_two(language: str, text: str) -> None:
    assert extract(text, language=language).facts.detained is None
