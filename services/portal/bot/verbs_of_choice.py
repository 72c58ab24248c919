"""The commands that change what somebody hears of, and how. Each says what it left."""

from __future__ import annotations

from functools import partial
from typing import Final

import msgspec

from services.names import fold
from services.portal.bot import chat_choices as choices
from services.portal.bot import chat_views as views
from services.portal.bot import two_bots
from services.portal.bot.chat_answer import ChatAnswer
from services.portal.bot.chat_visit import ChatVisit, VerbHandler
from services.portal.bot.typed_words import ALL, ASK, NO, YES, place_of
from services.portal.bot.verbs_of_narrowing import frequency, narrow
from services.portal.signup.person_lines import read_person
from services.portal.signup.spellings import spellings
from services.portal.signup.towns import towns_of
from services.subscribers.habits import Quiet, quiet_of, zone_of
from services.subscribers.subscriber import Subscriber


async def show(visit: ChatVisit) -> ChatAnswer:
    if visit.argument:
        return await narrow(visit)
    return views.chosen_list(visit.words, visit.subscriber, visit.house.tag)


async def watch(visit: ChatVisit) -> ChatAnswer:
    name, words = visit.argument, visit.words
    if name == ASK or (not name and not choices.persons_of(visit.subscriber)):
        return words.question("watch")
    if not name:
        return views.name_list(words, visit.subscriber, visit.house.tag)
    line = read_person(name)
    if line.problem is not None:
        return words.answer("not_done", words.problem(line.problem))
    try:
        changed = await visit.change(lambda known: choices.with_person(known, line.mark))
    except choices.TooMany:
        return words.answer("not_done", words.say("problem.too_many_persons"))
    count = words.say("watch.count", number=str(len(choices.persons_of(changed))))
    if words.discreet:  # the name is not said again: whoever looks over a shoulder has seen it once
        return words.answer("done", count)
    found = words.say("watch.found_as", spellings=", ".join(spellings(line.name)))
    return words.answer("done", words.say("watch.done", name=name), found, words.say("watch.unnamed"), count)


async def unwatch(visit: ChatVisit) -> ChatAnswer:
    """By the number in the list, by a button, or by the name."""
    words = visit.words
    if not visit.argument:
        return views.name_list(words, visit.subscriber, visit.house.tag)
    key = _meant(visit)
    if key is None:
        return words.answer("not_done", words.say("watch.unknown"))
    changed = await visit.change(lambda known: choices.without_person(known, key))
    first = [words.say("watch.gone")]
    if not changed.interests:
        first.append(words.say("watch.nothing_left"))
        return words.answer("done", *first, buttons=((words.button("everything", "all"),),))
    return views.name_list(words, changed, visit.house.tag, *first)


def _meant(visit: ChatVisit) -> str | None:
    """The folded name. One that is gone already, by the same button pressed twice, is nobody's."""
    known, given = choices.persons_of(visit.subscriber), visit.argument
    if is_place_in_list(given):
        return choices.person_at(visit.subscriber, int(given))
    return next((key for key in known if given == visit.house.tag(key) or key == fold(given)), None)


def is_place_in_list(given: str) -> bool:
    return given.isascii() and given.isdecimal() and len(given) < 4


async def place(visit: ChatVisit) -> ChatAnswer:
    words, given = visit.words, visit.argument
    if given == ASK:
        return words.question("place")
    if not given:
        return views.place_list(words, visit.subscriber)
    first, _, region = given.casefold().partition(" ")
    if first == "towns":
        return views.town_list(words, visit.subscriber, region) if towns_of(region) else views.regions_of_towns(words)
    if given.casefold() in ALL:
        return views.place_list(words, await visit.change(choices.everywhere))
    found = place_of(visit, given.removeprefix("-").removeprefix("+").strip())
    if found is None:
        return views.place_list(words, visit.subscriber, words.say("problem.unknown_town"))
    change = choices.without_place if given.startswith("-") else choices.with_place
    try:
        return views.place_list(words, await visit.change(partial(change, place=found)))
    except choices.TooMany:
        return views.place_list(words, visit.subscriber, words.say("problem.too_many_towns"))


async def everything(visit: ChatVisit) -> ChatAnswer:
    return views.chosen_list(visit.words, await visit.change(choices.with_everything), visit.house.tag)


async def language(visit: ChatVisit) -> ChatAnswer:
    known = tuple(visit.house.languages)
    wanted = visit.argument.lower()
    if not wanted:
        return views.language_list(visit.words, known)
    code = next((code for code in known if wanted in _called(visit, code)), None)
    if code is None:
        told = visit.words.say("problem.language", languages=", ".join(views.in_order(known)))
        return views.language_list(visit.words, known, told)
    changed = await visit.change(lambda one: msgspec.structs.replace(one, language=code))
    words = visit.words_of(changed)
    return words.answer("done", words.say("language.done"), buttons=((words.button("menu", "help"),),))


def _called(visit: ChatVisit, code: str) -> set[str]:
    return {code, *(one.language_name(code).lower() for one in visit.house.languages.values())}


async def quiet(visit: ChatVisit) -> ChatAnswer:
    words, given = visit.words, visit.argument
    if not given:
        return views.quiet_list(words, visit.subscriber)
    first, _, last = given.casefold().partition(" ")
    if (what := _switched(visit, first)) and (last in YES or last in NO):
        changed = await visit.change(lambda known: msgspec.structs.replace(known, **{what: last in YES}))
        return views.quiet_list(visit.words_of(changed), changed)
    try:
        hours, zone = _hours(given)
    except ValueError:
        return views.quiet_list(words, visit.subscriber, words.say("problem.quiet"))

    def change(known: Subscriber) -> Subscriber:
        return msgspec.structs.replace(known, quiet=hours, zone=zone or known.zone)

    return views.quiet_list(words, await visit.change(change))


def _switched(visit: ChatVisit, typed: str) -> str | None:
    """What may follow the command and be on or off, by its id or its word in any language."""
    for what in ("urgent", "silent"):
        named = {one.phrase(f"door.bot.quiet.word.{what}") for one in visit.house.languages.values()}
        if typed == what or typed in named:
            return what
    return None


def _hours(given: str) -> tuple[Quiet | None, str | None]:
    """Hours, and a zone where one is named. Raises ValueError."""
    if given.casefold() in NO:
        return None, None
    *spans, last = given.split(" ")
    try:
        return quiet_of(given), None
    except ValueError:
        return quiet_of(" ".join(spans)), zone_of(last)


async def discreet(visit: ChatVisit) -> ChatAnswer:
    words, wanted = visit.words, visit.argument.casefold()
    if visit.house.is_discreet:
        return two_bots.always_covered(words, visit.house)
    switches = (words.button("is_on", "discreet:on"), words.button("is_off", "discreet:off"))
    buttons = (switches, (words.button("menu", "help"),))
    if wanted not in (*YES, *NO):
        now = words.say("discreet.is_on" if visit.subscriber.mode == "discreet" else "discreet.is_off")
        told = (words.say("problem.discreet"),) if wanted else (now,)
        return words.answer("choose", *told, *two_bots.offered(words, visit.house), buttons=buttons)
    is_on = wanted in YES
    changed = await visit.change(lambda known: msgspec.structs.replace(known, mode="discreet" if is_on else "plain"))
    words = visit.words_of(changed)
    offered = two_bots.offered(words, visit.house) if is_on else ()
    return words.answer("done", words.say("discreet.is_on" if is_on else "discreet.is_off"), *offered, buttons=buttons)


VERBS_OF_CHOICE: Final[dict[str, VerbHandler]] = {
    "list": show,
    "watch": watch,
    "unwatch": unwatch,
    "place": place,
    "all": everything,
    "language": language,
    "frequency": frequency,
    "quiet": quiet,
    "discreet": discreet,
}
