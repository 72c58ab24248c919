"""Commands change choices so that doing one twice leaves what doing it once left, and never ask for more by chance."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from msgspec import structs

from services.contract import Kind
from services.portal.bot import chat_choices as choices
from services.portal.bot.chat_answer import BotWords
from services.portal.bot.chat_views import chosen_list
from services.portal.signup.choice_form import MOST_PERSONS, MOST_TOWNS
from services.subscribers.interests import Interest, marked, marks_of
from services.subscribers.subscriber import Subscriber
from tests.letters import renderer_at

SOMEBODY = Subscriber(number=1, since="2026-01-01T00:00:00.000Z", interests=(Interest(),))
KINDS_OF_READERS = {
    "everything": (Interest(),),
    "nothing": (),
    "people": (Interest(persons=("alaksandr baliacki",)),),
    "places": (Interest(regions=("gomel",), towns=("grodno:Lida",)),),
    "narrow": (
        Interest(kinds=(Kind.ARREST,), articles=("342",), without=(Interest(regions=("brest",)),)),
        Interest(persons=("alaksandr baliacki", "mara kalasnakava"), kinds=(Kind.PARDON,)),
        Interest(persons=("vaktar babaraka",), frequency="daily"),
    ),
}
CHANGES: dict[str, Callable[[Subscriber], Subscriber]] = {
    "watch": lambda one: choices.with_person(one, marked("Марыя Калеснікава")),
    "unwatch": lambda one: choices.without_person(one, "mara kalasnakava"),
    "unwatch the only one": lambda one: choices.without_person(one, "vaktar babaraka"),
    "place": lambda one: choices.with_place(one, "brest"),
    "town": lambda one: choices.with_place(one, "gomel:Mozyr"),
    "no place": lambda one: choices.without_place(one, "gomel"),
    "everywhere": choices.everywhere,
    "everything": choices.with_everything,
    "weekly": lambda one: choices.with_frequency(one, "weekly"),
}


def reader(kind: str) -> Subscriber:
    return structs.replace(SOMEBODY, interests=KINDS_OF_READERS[kind])


@pytest.mark.parametrize("kind", KINDS_OF_READERS)
@pytest.mark.parametrize("change", CHANGES)
def test_twice_leaves_what_once_left(kind: str, change: str) -> None:
    once = CHANGES[change](reader(kind))
    assert CHANGES[change](once) == once


@pytest.mark.parametrize("kind", KINDS_OF_READERS)
def test_whoever_watches_nobody_any_more_is_not_asking_for_everything(kind: str) -> None:
    someone = reader(kind)
    before = len([one for one in someone.interests if not one.persons])
    for key in choices.persons_of(someone):
        someone = choices.without_person(someone, key)
    assert choices.persons_of(someone) == ()
    assert len(someone.interests) == before


def test_in_whatever_order_commands_come_no_interest_loses_what_a_chat_does_not_show() -> None:
    dice = random.Random(70)
    for _ in range(300):
        someone = reader("narrow")
        for change in dice.choices([name for name in CHANGES if name != "everything"], k=6):
            someone = CHANGES[change](someone)
        (first, *_) = [one for one in someone.interests if not one.persons]
        assert (first.kinds, first.articles, first.without) == (
            (Kind.ARREST,), ("342",), (Interest(regions=("brest",)),)
        )  # fmt: skip


def test_there_is_an_end_to_names_and_places() -> None:
    someone = SOMEBODY
    for first, second in [(one, other) for one in "бдклм" for other in "нпрт"]:
        someone = choices.with_person(someone, marked(f"{first}а{second}уля {second}о{first}іч"))
    assert len(choices.persons_of(someone)) == MOST_PERSONS
    with pytest.raises(choices.TooMany):
        choices.with_person(someone, marked("Марыя Калеснікава"))
    for number in range(MOST_TOWNS):
        someone = choices.with_place(someone, f"gomel:Town{number}")
    with pytest.raises(choices.TooMany):
        choices.with_place(someone, "brest")


@pytest.mark.parametrize(
    ("kind", "narrower"), [("everything", False), ("people", False), ("places", False), ("narrow", True)]
)
def test_whoever_chose_more_than_a_chat_shows_is_not_told_that_it_is_everything(kind: str, narrower: bool) -> None:
    assert choices.is_narrower(reader(kind)) == narrower
    words = BotWords(renderer_at().language("en"))
    shown = chosen_list(
        words, structs.replace(reader(kind), interests=reader(kind).interests[:1]), lambda key: key
    ).text
    assert ("Narrowed further" in chosen_list(words, reader(kind), lambda key: key).text) == narrower
    assert ("Everything" in shown) == (kind == "everything")


def test_what_tells_a_person_apart_comes_and_goes_with_them() -> None:
    born = choices.with_person(reader("people"), marked("Марыя Калеснікава", 1982))
    town = choices.with_person(born, marked("Марыя Калеснікава", None, "gomel:Mozyr"))
    (mark,) = [mark for mark in marks_of(town.interests[0]) if mark.key == marked("Марыя Калеснікава").key]
    assert (mark.born, mark.town) == (None, "gomel:Mozyr"), "what was said last"
    assert choices.persons_of(town) == choices.persons_of(born)
    left = choices.without_person(town, mark.key)
    assert left.interests == reader("people").interests
    words = BotWords(renderer_at().language("en"))
    assert "1982" in chosen_list(words, born, lambda key: key).text
    assert not choices.is_narrower(born)
