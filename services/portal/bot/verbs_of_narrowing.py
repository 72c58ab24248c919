"""What may follow `/list` and `/frequency`: which news, told by whom, how certain, what not, and how often each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import msgspec

from services.contract import Kind, PartyClass
from services.portal.bot import narrowing
from services.portal.bot import views_of_narrowing as views
from services.portal.bot.chat_answer import ChatAnswer
from services.portal.bot.chat_choices import TooMany
from services.portal.bot.chat_visit import ChatVisit
from services.portal.bot.typed_words import ASK, NO, YES, place_of
from services.portal.signup.person_lines import read_person
from services.subscribers.habits import FREQUENCIES, Frequency
from services.subscribers.interests import Interest, following
from services.subscribers.owed import what_waits
from services.subscribers.subscriber import Subscriber

_MORE: Final = "more"


async def narrow(visit: ChatVisit) -> ChatAnswer:
    """`/list` with something after it."""
    first, _, rest = visit.argument.partition(" ")
    handler = _ASPECTS.get(_aspect(visit, first.casefold()))
    return views.aspects(visit.words, visit.subscriber) if handler is None else await handler(visit, rest.strip())


def _aspect(visit: ChatVisit, typed: str) -> str:
    """By its id or its word in any language; "" for any other."""
    if typed in views.ASPECTS:
        return typed
    named = {
        language.phrase(f"door.bot.narrow.word.{one}").casefold(): one
        for language in visit.house.languages.values()
        for one in views.ASPECTS
    }
    return named.get(typed, "")


async def _kinds(visit: ChatVisit, given: str) -> ChatAnswer:
    wanted, kind = _switch(given)
    if kind not in map(str, (Kind.PARDON, Kind.ARREST)):
        return views.kinds_list(visit.words, visit.subscriber)
    changed = await visit.change(lambda known: narrowing.with_kind(known, Kind(kind), wanted=wanted))
    return views.kinds_list(visit.words, changed)


async def _sources(visit: ChatVisit, given: str) -> ChatAnswer:
    wanted, source = _switch(given)
    if source not in map(str, PartyClass):
        return views.sources_list(visit.words, visit.subscriber)
    changed = await visit.change(lambda known: narrowing.with_source(known, PartyClass(source), wanted=wanted))
    return views.sources_list(visit.words, changed)


async def _confirmed(visit: ChatVisit, given: str) -> ChatAnswer:
    if (wanted := _on_off(given)) is None:
        return views.confirmed_list(visit.words, visit.subscriber)
    changed = await visit.change(lambda known: narrowing.with_certainty(known, confirmed=wanted))
    return views.confirmed_list(visit.words, changed)


async def _updates(visit: ChatVisit, given: str) -> ChatAnswer:
    if (wanted := _on_off(given)) is None:
        return views.updates_list(visit.words, visit.subscriber)
    changed = await visit.change(lambda known: msgspec.structs.replace(known, updates=wanted))
    return views.updates_list(visit.words, changed)


async def _articles(visit: ChatVisit, given: str) -> ChatAnswer:
    words = visit.words
    if given == ASK:
        return words.question("articles")
    if not given:
        return views.articles_list(words, visit.subscriber)
    typed = "" if given.casefold() in NO else given
    try:
        return views.articles_list(words, await visit.change(partial(narrowing.with_articles, typed=typed)))
    except narrowing.UnusableArticles as error:
        return views.articles_list(words, visit.subscriber, words.problem(error.slug))


async def _left_out(visit: ChatVisit, given: str) -> ChatAnswer:
    words, tag = visit.words, visit.house.tag
    if given == ASK:
        return words.question("not")
    if not given:
        return views.left_out_list(words, visit.subscriber, tag)
    if given.startswith("-"):
        return await _taken_back(visit, given[1:].strip())
    item = _item(visit, given.removeprefix("+").strip())
    if isinstance(item, str):
        return views.left_out_list(words, visit.subscriber, tag, words.problem(item))
    try:
        changed = await visit.change(partial(narrowing.with_left_out, item=item))
    except TooMany:
        return views.left_out_list(words, visit.subscriber, tag, words.say("problem.too_many_places"))
    return views.left_out_list(words, changed, tag)


async def _taken_back(visit: ChatVisit, given: str) -> ChatAnswer:
    """By a button, or by what was typed to leave it out. What is back already stays."""
    typed, tag = _item(visit, given), visit.house.tag

    def change(known: Subscriber) -> Subscriber:
        for item in narrowing.left_out_of(known):
            if item == typed or given == tag(narrowing.interest_key(item)):
                return narrowing.without_left_out(known, item)
        return known

    return views.left_out_list(visit.words, await visit.change(change), tag)


def _item(visit: ChatVisit, given: str) -> Interest | str:
    """A place, or a person; why it is neither, as a slug of `problem`."""
    place = place_of(visit, given)
    if place is not None:
        return Interest(towns=(place,)) if ":" in place else Interest(regions=(place,))
    line = read_person(given)
    return line.problem or following([line.mark])


async def frequency(visit: ChatVisit) -> ChatAnswer:
    """Of everything, or of one interest by its number or its button."""
    words, tag = visit.words, visit.house.tag
    which, chosen = _how_often(visit.argument.lower())
    one = _interest(visit, which)
    if one is not None and chosen is None:
        return views.one_frequency(words, one, tag)
    if not which and chosen is None:
        return views.each_frequency(words, visit.subscriber, tag)
    if chosen is None or (which and one is None):
        return views.each_frequency(words, visit.subscriber, tag, words.say("problem.frequency"))
    often, keys = chosen, None if one is None else [narrowing.interest_key(one)]

    def change(known: Subscriber) -> Subscriber:
        for key in map(narrowing.interest_key, known.interests) if keys is None else keys:
            known = narrowing.with_frequency_of(known, key, often)
        return known

    before = visit.subscriber
    changed = await visit.change(change)
    waits = what_waits(before, changed)
    return views.each_frequency(words, changed, tag, *((words.say(f"waits.{waits}"),) if waits else ()))


def _how_often(typed: str) -> tuple[str, Frequency | None]:
    """What stands before it, and how often: "2 at once" as "2 at_once"."""
    for often in FREQUENCIES:
        for said in (often, often.replace("_", " ")):
            if f" {typed}".endswith(f" {said}"):
                return typed.removesuffix(said).strip(), often
    return typed, None


def _interest(visit: ChatVisit, which: str) -> Interest | None:
    known = visit.subscriber.interests
    if which.isascii() and which.isdecimal() and len(which) < 4:
        return known[int(which) - 1] if 0 < int(which) <= len(known) else None
    return next((one for one in known if which == visit.house.tag(narrowing.interest_key(one))), None)


def _switch(given: str) -> tuple[bool, str]:
    """Whether it is wanted, and what."""
    return not given.startswith("-"), given.lstrip("+-").strip().casefold()


def _on_off(given: str) -> bool | None:
    word = given.casefold()
    return True if word in YES else False if word in NO else None


_ASPECTS: Final[dict[str, Callable[[ChatVisit, str], Awaitable[ChatAnswer]]]] = {
    "kinds": _kinds,
    "sources": _sources,
    "confirmed": _confirmed,
    "updates": _updates,
    "articles": _articles,
    "not": _left_out,
}
