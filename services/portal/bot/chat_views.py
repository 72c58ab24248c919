"""What a chat is shown: before it asks for messages, the menu, and all that somebody chose. Pure.

In discreet mode the buttons bear numbers where they would bear a place or a name: nothing covers a button.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from babel import Locale

from services.fact_table import Region
from services.portal.bot.chat_answer import AnswerButton, BotWords, ButtonRows, ChatAnswer, rows_of
from services.portal.bot.chat_choices import frequency_of, has_general, is_narrower, marks_in, persons_of, places_of
from services.portal.bot.place_names import place_name
from services.portal.bot.views_of_narrowing import narrowed, numbered
from services.portal.signup.chosen_words import marked_name
from services.portal.signup.towns import towns_of
from services.subscribers.habits import MINSK, quiet_text
from services.subscribers.subscriber import Subscriber

_MENU: Final = ["watch", "place", "list", "language", "frequency", "quiet", "discreet", "pause", "export"]
_NIGHTS: Final = ("22:00-07:00", "23:00-08:00")
_ORDER: Final = ("be", "ru", "en")
_MOST_SHOWN: Final = 40
"""Names, and places: a message has 4,096 signs and a hundred buttons, and a file may name more than a chat takes."""
_MOST_TOWNS: Final = 90
_MOST_SIGNS: Final = 2_400
"""Of all names together."""
_CUT: Final = "…"


def welcome(words: BotWords, languages: Sequence[str], pages: str, *besides: str, group: bool) -> ChatAnswer:
    """What to know before anything is asked for: what Telegram sees, and that nobody need ask. `besides`: paragraphs
    before the last one."""
    code = words.language.code
    details = [words.say("welcome.what"), words.say("welcome.risk"), words.say("welcome.sees")]
    if pages:
        details.append(words.say("welcome.page", url=f"{pages}/?lang={code}", feed=f"{pages}/feed.atom?lang={code}"))
        details.append(words.say("welcome.email", url=f"{pages}/join?lang={code}"))
    details.append(words.say("welcome.keep"))
    if group:
        details.append(words.say("welcome.group"))
    details += [*besides, words.say("welcome.nothing_yet")]
    others = [one for one in in_order(languages) if one != code]
    buttons = ((words.button("join", f"join:{code}"),), tuple(_language_button(words, one, "start") for one in others))
    return words.answer("nothing", *details, buttons=buttons)


def returning(words: BotWords) -> ChatAnswer:
    """Of somebody who stopped, or whose chat took nothing any more."""
    buttons = ((words.button("back", "back"),), (words.button("erase", "erase"),))
    return words.answer("nothing", words.say("returning.text"), buttons=buttons)


def menu(words: BotWords, known: Subscriber, *first: str) -> ChatAnswer:
    """`first`: paragraphs before it."""
    lines = (words.say(f"menu.{verb}") for verb in _MENU if verb != "pause")
    text = "\n".join((*lines, words.say("menu.pause")))
    return words.answer("choose", *first, words.say("menu.text"), text, buttons=menu_buttons(words, known))


def menu_buttons(words: BotWords, known: Subscriber) -> ButtonRows:
    names = [name if name != "pause" or known.active else "resume" for name in _MENU]
    buttons = [words.button(name, name) for name in (*names, "stop", "erase")]
    return rows_of(buttons, 3)


def chosen_list(words: BotWords, known: Subscriber, tag: Callable[[str], str]) -> ChatAnswer:
    """All that somebody chose, with a button for each name that takes it away."""
    names = tuple(_persons(words, known))
    lines = [*_general(words, known), *names]
    lines += narrowed(words, known)
    if is_narrower(known):
        lines.append(words.say("list.narrower"))
    how = "\n".join(_how(words, known))
    rows = (*rows_of(_takes(known, names, tag), 5), (words.button("more", "list:more"), words.button("menu", "help")))
    return words.answer("here", "\n".join(lines), how, buttons=rows)


def name_list(words: BotWords, known: Subscriber, tag: Callable[[str], str], *first: str) -> ChatAnswer:
    """The names alone, each with its button."""
    names = tuple(_persons(words, known))
    said = (words.say("watch.known"), "\n".join(names)) if names else (words.say("watch.none"),)
    rows = (*rows_of(_takes(known, names, tag), 5), (words.button("watch", "watch:?"), words.button("menu", "help")))
    return words.answer("choose", *first, *said, buttons=rows)


def place_list(words: BotWords, known: Subscriber, *first: str) -> ChatAnswer:
    """Every region and every town that is chosen, each with a button that turns it over."""
    chosen = places_of(known)
    offered = [*(region.value for region in Region), *[one for one in chosen if ":" in one][:_MOST_SHOWN]]
    named = [(place, ("✓ " if place in chosen else "") + place_name(words.language, place)) for place in offered]
    labels = [str(at) if words.discreet else name for at, (_, name) in enumerate(named, start=1)]
    buttons = [
        AnswerButton(label, f"place:{'-' if place in chosen else '+'}{place}")
        for label, (place, _) in zip(labels, named, strict=True)
    ]
    details = [*first, words.say("place.text" if has_general(known) else "place.no_general")]
    if words.discreet:
        details.append("\n".join(words.say("list.person", number=str(at), name=name)
                                 for at, (_, name) in enumerate(named, start=1)))  # fmt: skip
    if chosen:
        details.append(words.say("place.pardons"))
    ends = (words.button("everywhere", "place:all"), words.button("towns", "place:towns"), words.button("menu", "help"))
    return words.answer("choose", *details, buttons=(*rows_of(buttons, 5 if words.discreet else 2), ends))


def regions_of_towns(words: BotWords) -> ChatAnswer:
    """A button for each region that leads to its towns."""
    named = [(region.value, place_name(words.language, region.value)) for region in Region if towns_of(region.value)]
    labels = [str(at) if words.discreet else name for at, (_, name) in enumerate(named, start=1)]
    buttons = [AnswerButton(label, f"place:towns {one}") for label, (one, _) in zip(labels, named, strict=True)]
    legend = [words.say("list.person", number=str(at), name=name) for at, (_, name) in enumerate(named, start=1)]
    details = (words.say("place.towns"), *(("\n".join(legend),) if words.discreet else ()))
    return words.answer("choose", *details, buttons=(*rows_of(buttons, 3), (words.button("place", "place"),)))


def town_list(words: BotWords, known: Subscriber, region: str) -> ChatAnswer:
    """Every town of a region, each with a button that turns it over."""
    chosen = places_of(known)
    named = [(town, ("✓ " if town in chosen else "") + place_name(words.language, town)) for town in towns_of(region)]
    named = sorted(named, key=lambda one: one[1].removeprefix("✓ "))[:_MOST_TOWNS]
    labels = [str(at) if words.discreet else name for at, (_, name) in enumerate(named, start=1)]
    buttons = [
        AnswerButton(label, f"place:{'-' if town in chosen else '+'}{town}")
        for label, (town, _) in zip(labels, named, strict=True)
    ]
    legend = [words.say("list.person", number=str(at), name=name) for at, (_, name) in enumerate(named, start=1)]
    details = (place_name(words.language, region), *(("\n".join(legend),) if words.discreet else ()))
    ends = (words.button("towns", "place:towns"), words.button("place", "place"))
    return words.answer("choose", *details, buttons=(*rows_of(buttons, 5 if words.discreet else 3), ends))


def language_list(words: BotWords, languages: Sequence[str], *first: str) -> ChatAnswer:
    buttons = tuple(_language_button(words, code, "language") for code in in_order(languages))
    return words.answer("choose", *first, buttons=(buttons, (words.button("menu", "help"),)))


def quiet_list(words: BotWords, known: Subscriber, *first: str) -> ChatAnswer:
    nights = (AnswerButton(span.replace(":00", ""), f"quiet:{span}") for span in _NIGHTS)
    buttons = (*nights, words.button("is_off", "quiet:off"))
    said = [*first, quiet_said(words, known)]
    said += [words.say("quiet.urgent")] if known.quiet is not None and known.urgent else []
    said += [words.say("quiet.silent")] if known.silent else []
    switches = (_switch(words, "urgent", on=known.urgent), _switch(words, "silent", on=known.silent))
    return words.answer("choose", *said, buttons=(buttons, switches, (words.button("menu", "help"),)))


def _switch(words: BotWords, what: str, *, on: bool) -> AnswerButton:
    label = ("✓ " if on else "") + words.plain(f"button.{what}")
    return AnswerButton(label, f"quiet:{what} {'off' if on else 'on'}")


def quiet_said(words: BotWords, known: Subscriber) -> str:
    if known.quiet is None:
        return words.say("quiet.is_off")
    start, _, end = quiet_text(known.quiet).partition("-")
    return words.say("quiet.done", start=start, end=end, zone=known.zone or MINSK)


def in_order(languages: Sequence[str]) -> list[str]:
    return [*(code for code in _ORDER if code in languages), *(code for code in languages if code not in _ORDER)]


def _language_button(words: BotWords, code: str, verb: str) -> AnswerButton:
    """A language by what it calls itself, so that whoever reads no other finds it."""
    label = code.upper() if words.discreet else str(Locale.parse(code).languages.get(code, code)).capitalize()
    return AnswerButton(label, f"{verb}:{code}")


def _persons(words: BotWords, known: Subscriber) -> Iterator[str]:
    """A line each, as many as one message holds."""
    signs = 0
    for at, mark in enumerate(marks_in(known), start=1):
        line = words.say("list.person", number=str(at), name=marked_name(mark, words.language.code))
        signs += len(line)
        if at > _MOST_SHOWN or signs > _MOST_SIGNS:
            yield _CUT
            return
        yield line


def _takes(known: Subscriber, shown: Sequence[str], tag: Callable[[str], str]) -> list[AnswerButton]:
    """Of each that is shown, a button that takes it away."""
    keys = zip(persons_of(known), shown, strict=False)
    return [AnswerButton(f"✕ {at}", f"unwatch:{tag(key)}") for at, (key, line) in enumerate(keys, 1) if line != _CUT]


def _shown(places: Sequence[str]) -> Sequence[str]:
    return places if len(places) <= _MOST_SHOWN else (*places[:_MOST_SHOWN], _CUT)


def _general(words: BotWords, known: Subscriber) -> Iterator[str]:
    if not known.interests:
        yield words.say("list.nothing")
    if not has_general(known):
        return
    kinds = [str(kind) for one in known.interests if not one.persons for kind in one.kinds]
    places = places_of(known)
    if not kinds and not places and not is_narrower(known) and not any(narrowed(words, known)):
        yield words.say("list.everything")
    if kinds:
        named = words.language.listed(
            [words.language.phrase(f"door.join.kind.{kind}") for kind in dict.fromkeys(kinds)]
        )
        yield words.say("list.kinds", kinds=named)
    if places:
        named = ", ".join(place_name(words.language, place) for place in _shown(places))
        yield words.say("list.places", places=named)


def _how(words: BotWords, known: Subscriber) -> Iterator[str]:
    if len({one.frequency for one in known.interests}) < 2:
        yield words.say(f"list.{frequency_of(known)}")
    else:
        yield from numbered(words, known)
    yield words.say("list.updates" if known.updates else "list.first_only")
    if known.quiet is not None:
        start, _, end = quiet_text(known.quiet).partition("-")
        yield words.say("list.quiet", start=start, end=end, zone=known.zone or MINSK)
    yield words.say("list.discreet" if known.mode == "discreet" else "list.plain")
    yield words.say("list.language", language=words.language.language_name(known.language))
    if not known.active:
        yield words.say("list.paused")
