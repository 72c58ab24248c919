"""What narrows a choice leaves, done twice, what it left once, never asks for more by chance, and is shown as it is."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import pytest
from msgspec import structs

from services.contract import Certainty, Kind, PartyClass
from services.portal.bot import narrowing
from services.portal.bot.chat_answer import BotWords
from services.portal.bot.views_of_narrowing import each_frequency, said_of
from services.subscribers.interests import Interest
from services.subscribers.subscriber import Subscriber
from tests.letters import LANGUAGES, renderer_at
from tests.unit.portal.bot.test_chat_choices import KINDS_OF_READERS, reader

BREST, SOMEBODY = Interest(regions=("brest",)), Interest(persons=("vaktar babaraka",))
CHANGES: dict[str, Callable[[Subscriber], Subscriber]] = {
    **{
        f"{kind} {wanted}": partial(narrowing.with_kind, kind=kind, wanted=wanted)
        for kind in (Kind.PARDON, Kind.ARREST)
        for wanted in (True, False)
    },
    **{
        f"{source} {wanted}": partial(narrowing.with_source, source=source, wanted=wanted)
        for source in PartyClass
        for wanted in (True, False)
    },
    "confirmed": lambda one: narrowing.with_certainty(one, confirmed=True),
    "reported too": lambda one: narrowing.with_certainty(one, confirmed=False),
    "any article": lambda one: narrowing.with_articles(one, ""),
    "no place": lambda one: narrowing.with_left_out(one, BREST),
    "no person": lambda one: narrowing.with_left_out(one, SOMEBODY),
    "the place again": lambda one: narrowing.without_left_out(one, BREST),
}


@pytest.mark.parametrize("kind", KINDS_OF_READERS)
@pytest.mark.parametrize("change", CHANGES)
def test_twice_leaves_what_once_left_whatever_came_before(kind: str, change: str) -> None:
    dice = random.Random(change)
    for _ in range(30):
        someone = reader(kind)
        for before in dice.choices(list(CHANGES), k=4):
            someone = CHANGES[before](someone)
        once = CHANGES[change](someone)
        assert CHANGES[change](once) == once


def test_whoever_hears_of_certain_people_alone_is_never_told_more() -> None:
    dice = random.Random(14)
    for _ in range(200):
        someone = reader("people")
        for change in dice.choices(list(CHANGES), k=6):
            someone = CHANGES[change](someone)
        assert someone.interests == reader("people").interests


def test_in_whatever_order_people_and_how_often_stay_as_they_were() -> None:
    dice = random.Random(41)
    for _ in range(200):
        someone = reader("narrow")
        for change in dice.choices(list(CHANGES), k=8):
            someone = CHANGES[change](someone)
        assert someone.interests[1:] == reader("narrow").interests[1:]
        assert [one.frequency for one in someone.interests] == [one.frequency for one in reader("narrow").interests]


def test_what_can_never_come_is_not_asked_for() -> None:
    narrow = structs.replace(reader("everything"), interests=(Interest(kinds=(Kind.PARDON,)),))
    for typed, slug in (("342", "articles_of_pardons"), ("34", "article"), ("342; x", "article")):
        with pytest.raises(narrowing.UnusableArticles) as refused:
            narrowing.with_articles(narrow, typed)
        assert refused.value.slug == slug
    with pytest.raises(narrowing.UnusableArticles) as refused:
        narrowing.with_articles(reader("everything"), " ".join(f"3{at:02}" for at in range(21)))
    assert refused.value.slug == "too_many_articles"
    of_arrests = narrowing.with_articles(reader("everything"), "342, 361-4")
    assert narrowing.articles_of(of_arrests) == ("342", "361-4")
    only_pardons = narrowing.with_kind(of_arrests, Kind.ARREST, wanted=False)
    assert narrowing.articles_of(only_pardons) == (), "no news of pardons names an article"


def test_one_interest_is_told_as_often_as_was_said_and_the_others_as_before() -> None:
    someone = reader("narrow")
    key = narrowing.interest_key(someone.interests[1])
    changed = narrowing.with_frequency_of(someone, key, "weekly")
    assert [one.frequency for one in changed.interests] == ["at_once", "weekly", "daily"]
    assert narrowing.with_frequency_of(changed, key, "weekly") == changed
    assert narrowing.interest_key(changed.interests[1]) == key


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_interest_is_said_in_words_of_the_language(language: str) -> None:
    words = BotWords(renderer_at().language(language))
    one = Interest(
        kinds=(Kind.ARREST,), regions=("gomel",), sources=(PartyClass.MEDIA,), least=Certainty.CONFIRMED,
        articles=("342",), frequency="weekly",
    )  # fmt: skip
    said = said_of(words, one)
    for key in ("join.kind.arrest", "join.source.media", "join.told.confirmed"):
        assert words.language.phrase(f"door.{key}") in said
    assert "342" in said
    both = structs.replace(reader("everything"), interests=(one, Interest()))
    shown = each_frequency(words, both, lambda key: f"n{len(key)}").text
    assert words.plain("list.weekly") in shown
    assert words.plain("list.at_once") in shown
