"""What somebody chose on a page: read, written back, and what could never bring a message told at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contract import Certainty, Kind, PartyClass
from services.fact_table import Region
from services.portal.signup.choice_form import ChoiceForm, form_of, never_named, read_choices
from services.portal.signup.towns import find_town, name_of_town, towns
from services.subscribers.interests import Interest, following, marked
from services.subscribers.signups import chosen
from services.subscribers.subscriber import Subscriber

USUAL = {"about": ("all",), "kind": ("pardon", "arrest"), "language": ("en",), "updates": ("all",)}
LANGUAGES = ("be", "en", "ru")


def interests(**fields: Any) -> tuple[Interest, ...] | None:
    read = read_choices(USUAL | fields, LANGUAGES)
    return None if read.choices is None else read.choices.interests


def test_everything_is_asked_for_by_one_interest_without_bounds() -> None:
    assert interests() == (Interest(),)


def test_people_are_followed_everywhere_beside_what_else_is_asked_for() -> None:
    assert interests(kind=("arrest",), region=("gomel",), persons=("Алесь Бяляцкі\n\nAles Bialiatski",)) == (
        Interest(kinds=(Kind.ARREST,), regions=("gomel",)),
        following([marked("Алесь Бяляцкі")]),
    )


def test_who_follows_people_alone_asks_for_nothing_else() -> None:
    found = interests(about=("persons",), kind=(), region=("gomel",), persons=("Марыя Калеснікава",))
    assert found == (following([marked("Марыя Калеснікава")]),)


@pytest.mark.parametrize("language", ["en", "ru", "be"])
def test_every_town_is_found_by_its_name_in_every_language(language: str) -> None:
    for town, place in towns().items():
        found = find_town(place.names[language].upper())
        assert found == town or name_of_town(found or "", language) == place.names[language], town


@pytest.mark.parametrize(
    ("typed", "town"),
    [
        ("Мазыр", "gomel:Mozyr"),
        ("mazyr", "gomel:Mozyr"),
        ("  МОЗЫРЬ ", "gomel:Mozyr"),
        ("Bobrujsk", "mogilev:Bobruisk"),
    ],
)
def test_a_town_may_be_spelt_as_people_do(typed: str, town: str) -> None:
    assert find_town(typed) == town


@pytest.mark.parametrize("typed", ["", " ", "Atlantis", "Париж", "Минск", "Smilavichy", "-", "\u738b"])
def test_what_is_no_town_of_ours_is_none(typed: str) -> None:
    assert find_town(typed) is None


ROUNDS = [
    {},
    {"kind": ("arrest",)},
    {"region": ("brest", "minsk_city")},
    {"towns": ("Ліда, Мазыр",)},
    {"persons": ("Алесь Бяляцкі; Марыя Калеснікава",)},
    {"persons": ("Иван Иванович Дроздов, 1987, Мозырь",)},
    {"about": ("persons",), "persons": ("Алесь Бяляцкі",)},
    {"discreet": ("yes",), "updates": ("first",), "language": ("ru",)},
    {"source": ("official", "defender"), "confirmed": ("yes",), "articles": ("342, 361-4",)},
]


def sent_untouched(form: ChoiceForm) -> dict[str, tuple[str, ...]]:
    return {
        "about": (form.about,),
        "kind": form.kinds,
        "region": form.regions,
        "towns": (form.towns,),
        "key": form.keys,
        "language": (form.language,),
        "updates": ("all" if form.updates else "first",),
        "source": form.sources,
        "articles": (form.articles,),
        "others": ("yes",) if form.others else (),
        **({"discreet": ("yes",)} if form.discreet else {}),
        **({"confirmed": ("yes",)} if form.confirmed else {}),
    }


@pytest.mark.parametrize("fields", ROUNDS)
def test_what_is_kept_comes_back_as_it_was_when_its_form_is_sent_untouched(fields: dict[str, Any]) -> None:
    first = read_choices(USUAL | fields, LANGUAGES).choices
    assert first is not None
    form = form_of(chosen(Subscriber(number=1, since=""), first))
    assert read_choices(sent_untouched(form), LANGUAGES, first.interests).choices == first


ALES = marked("Алесь Бяляцкі")
SET_ELSEWHERE = [
    (Interest(kinds=(Kind.PARDON,)), Interest(kinds=(Kind.ARREST,), towns=("gomel:Mozyr",))),
    (Interest(frequency="daily"), following([ALES])),
    (following([ALES], frequency="weekly"), following([marked("Ганна Гузава")])),
    (Interest(without=(Interest(regions=("brest",)),)),),
    (following([ALES], kinds=(Kind.ARREST,)), following([ALES], least=Certainty.CONFIRMED)),
    (Interest(persons=("alaksandr balatka",)),),
    (Interest(sources=(PartyClass.MEDIA,)), Interest(least=Certainty.CONFIRMED, articles=("342",))),
    (Interest(persons=tuple(f"a{number} bb" for number in range(50))),),
    (Interest(towns=tuple(towns())[:40]),),
    (Interest(articles=tuple(map(str, range(300, 330)))),),
]


@pytest.mark.parametrize("known", SET_ELSEWHERE)
def test_what_a_form_cannot_show_survives_it_untouched(known: tuple[Interest, ...]) -> None:
    form = replace(form_of(Subscriber(number=1, since="", interests=known)), language="en")
    read = read_choices(sent_untouched(form), LANGUAGES, known)
    assert read.problems == ()
    assert read.choices is not None
    assert sorted(map(msgspec.json.encode, read.choices.interests)) == sorted(map(msgspec.json.encode, known))


def test_whoever_follows_more_people_than_a_page_takes_may_leave_it_so_and_add_nobody() -> None:
    known = (Interest(persons=tuple(f"a{number} bb" for number in range(50))),)
    form = replace(form_of(Subscriber(number=1, since="", interests=known)), language="en")
    fewer = read_choices(sent_untouched(replace(form, keys=form.keys[:30])), LANGUAGES, known)
    assert fewer.choices is not None
    more = read_choices(sent_untouched(form) | {"persons": ("Алесь Бяляцкі",)}, LANGUAGES, known)
    assert [problem.slug for problem in more.problems] == ["too_many_persons"]


def test_a_change_of_what_is_shown_leaves_the_rest_and_comes_as_often() -> None:
    other = following([ALES], kinds=(Kind.ARREST,))
    known = (Interest(frequency="daily"), other)
    form = replace(form_of(Subscriber(number=1, since="", interests=known)), language="en", kinds=("arrest",))
    choices = read_choices(sent_untouched(form), LANGUAGES, known).choices
    assert choices is not None
    assert choices.interests == (Interest(kinds=(Kind.ARREST,), frequency="daily"), other)
    given_up = read_choices(sent_untouched(replace(form, others=False)), LANGUAGES, known).choices
    assert given_up is not None
    assert given_up.interests == (Interest(kinds=(Kind.ARREST,), frequency="daily"),)


def test_whoever_is_followed_no_more_is_taken_away_and_nobody_else() -> None:
    hanna = marked("Ганна Гузава", born=1987)
    known = (following([ALES, hanna]),)
    form = replace(form_of(Subscriber(number=1, since="", interests=known)), language="en", keys=(hanna.key,))
    choices = read_choices(sent_untouched(form), LANGUAGES, known).choices
    assert choices is not None
    assert choices.interests == (following([hanna]),)


@pytest.mark.parametrize(
    ("line", "born", "town"),
    [
        ("Иван Дроздов", None, None),
        ("Иван Дроздов, 1987", 1987, None),
        ("Иван Дроздов, Мозырь", None, "gomel:Mozyr"),
        ("Иван Дроздов ,Мазыр, 1987,", 1987, "gomel:Mozyr"),
    ],
)
def test_a_line_tells_a_person_apart_by_year_and_town(line: str, born: int | None, town: str | None) -> None:
    assert interests(about=("persons",), persons=(line,)) == (following([marked("Иван Дроздов", born, town)]),)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"persons": ("Иван Дроздов, Атлантида",)}, ("persons", "told_apart")),
        ({"persons": ("Иван Дроздов, 1987, 1988",)}, ("persons", "told_apart")),
        ({"persons": ("Иван Дроздов, 12",)}, ("persons", "told_apart")),
        ({"articles": ("342, 19.11",)}, ("articles", "article")),
        ({"articles": ("five",)}, ("articles", "article")),
        ({"articles": ("\u0663\u0664\u0662",)}, ("articles", "article")),
        ({"articles": ("342",), "kind": ("pardon",)}, ("articles", "articles_of_pardons")),
        ({"articles": (", ".join(str(number) for number in range(300, 330)),)}, ("articles", "too_many_articles")),
        ({"source": ("friends",)}, ("about", "form")),
        ({"confirmed": ("no",)}, ("about", "form")),
    ],
)
def test_what_would_never_match_is_said_at_once(fields: dict[str, Any], problem: tuple[str, str]) -> None:
    read = read_choices(USUAL | fields, LANGUAGES)
    assert [(one.field, one.slug) for one in read.problems] == [problem]


NAMED = [
    "Алесь Бяляцкі",
    "Бяляцкі Алесь Віктаравіч",
    "Ales' Bialiatski",
    "Анна-Мария О’Нил",
    "М. Калеснікава",
]
NEVER = {
    "one_word": ["Алесь", "Ales", "Бяляцкі.", "М. К."],
    "no_letters": ["\u738b \u5c0f", "\u05d0\u05d1 \u05d2\u05d3", "- -", "Алесь \u738b\u5c0f"],
    "vowel_initial": ["А. Бяляцкі", "Бяляцкі А.", "O. Bialiatski", "А.А. Бяляцкі", "Ю. Іваноў"],
    "long_name": ["Алесь " * 5, "Бяляцкі Алесь Віктаравіч які сядзіць у турме", "а" * 120 + " б"],
    "signs": ["Алесь <b>", "Алесь: Бяляцкі", "Ales 1", "Алесь/Бяляцкі", "Алесь\tБяляцкі", "{{Ales}} B", "Алесь @ дом"],
}


@pytest.mark.parametrize("name", NAMED)
def test_a_name_that_a_text_may_bear_is_taken(name: str) -> None:
    assert never_named(name) is None


@pytest.mark.parametrize(("slug", "name"), [(slug, name) for slug, names in NEVER.items() for name in names])
def test_a_name_that_none_could_bear_is_told_why(slug: str, name: str) -> None:
    assert never_named(name) == slug


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_or_refused_and_never_breaks_anything(text: str) -> None:
    for field in (
        "persons",
        "towns",
        "language",
        "about",
        "updates",
        "kind",
        "region",
        "key",
        "discreet",
        "source",
        "articles",
    ):
        read = read_choices({**USUAL, field: (text,)}, LANGUAGES)
        assert (read.choices is None) == bool(read.problems)


def test_a_notice_says_what_a_choice_does_not_do() -> None:
    assert "pardons_have_no_place" in read_choices({**USUAL, "region": ("brest",)}, LANGUAGES).notices
    assert "pardons_have_no_place" not in read_choices(
        {**USUAL, "region": ("brest",), "kind": ("arrest",)}, LANGUAGES
    ).notices  # fmt: skip
    assert "unnamed_pardons" in read_choices({**USUAL, "persons": ("Алесь Бяляцкі",)}, LANGUAGES).notices


def test_every_region_can_be_chosen() -> None:
    for region in Region:
        assert interests(region=(region.value,)) == (Interest(regions=(region.value,)),)
