"""What a chat is shown: before it asks for messages, the menu, and all that somebody chose. Pure.

In discreet mode the buttons bear numbers where they would bear a place or a name: nothing covers a button.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from babel import Locale

from services.fact_table import Region
from services.notify.content.languages import Language
from services.portal.bot.chat_answer import AnswerButton, BotWords, ButtonRows, ChatAnswer, rows_of
from services.portal.bot.chat_choices import frequency_of, has_general, is_narrower, persons_of, places_of
from services.portal.signup.chosen_words import named_by_key
from services.portal.signup.towns import name_of_town
from services.subscribers.habits import FREQUENCIES, MINSK, quiet_text
from services.subscribers.subscriber import Subscriber

_MENU: Final = ["watch", "place", "list", "language", "frequency", "quiet", "discreet", "pause", "export"]
_NIGHTS: Final = ("22:00-07:00", "23:00-08:00")
_ORDER: Final = ("be", "ru", "en")


def welcome(words: BotWords, languages: Sequence[str], pages: str, *, group: bool) -> ChatAnswer:
    """What to know before anything is asked for: what Telegram sees, and that nobody need ask."""
    code = words.language.code
    details = [words.say("welcome.what"), words.say("welcome.risk"), words.say("welcome.sees")]
    if pages:
        details.append(words.say("welcome.page", url=f"{pages}/?lang={code}", feed=f"{pages}/feed.atom?lang={code}"))
        details.append(words.say("welcome.email", url=f"{pages}/join?lang={code}"))
    details.append(words.say("welcome.keep"))
    if group:
        details.append(words.say("welcome.group"))
    details.append(words.say("welcome.nothing_yet"))
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
    names = tuple(_persons(words.language, known))
    lines = [*_general(words, known), *(words.say("list.person", number=str(at), name=name) for at, name in names)]
    if is_narrower(known):
        lines.append(words.say("list.narrower"))
    how = "\n".join(_how(words, known))
    takes = [AnswerButton(f"✕ {at}", f"unwatch:{tag(key)}") for at, key in enumerate(persons_of(known), start=1)]
    rows = (*rows_of(takes, 5), (words.button("menu", "help"),))
    return words.answer("here", "\n".join(lines), how, buttons=rows)


def name_list(words: BotWords, known: Subscriber, tag: Callable[[str], str], *first: str) -> ChatAnswer:
    """The names alone, each with its button."""
    names = tuple(_persons(words.language, known))
    takes = [AnswerButton(f"✕ {at}", f"unwatch:{tag(key)}") for at, key in enumerate(persons_of(known), start=1)]
    lines = "\n".join(words.say("list.person", number=str(at), name=name) for at, name in names)
    said = (words.say("watch.known"), lines) if names else (words.say("watch.none"),)
    rows = (*rows_of(takes, 5), (words.button("watch", "watch:?"), words.button("menu", "help")))
    return words.answer("choose", *first, *said, buttons=rows)


def place_list(words: BotWords, known: Subscriber, *first: str) -> ChatAnswer:
    """Every region and every town that is chosen, each with a button that turns it over."""
    chosen = places_of(known)
    offered = [*(region.value for region in Region), *(one for one in chosen if ":" in one)]
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
    ends = (words.button("everywhere", "place:all"), words.button("menu", "help"))
    return words.answer("choose", *details, buttons=(*rows_of(buttons, 5 if words.discreet else 2), ends))


def language_list(words: BotWords, languages: Sequence[str], *first: str) -> ChatAnswer:
    buttons = tuple(_language_button(words, code, "language") for code in in_order(languages))
    return words.answer("choose", *first, buttons=(buttons, (words.button("menu", "help"),)))


def frequency_list(words: BotWords, known: Subscriber, *first: str) -> ChatAnswer:
    buttons = tuple(words.button(one, f"frequency:{one}") for one in FREQUENCIES)
    now = words.say(f"frequency.{frequency_of(known)}")
    return words.answer("choose", *(first or (now,)), buttons=(buttons, (words.button("menu", "help"),)))


def quiet_list(words: BotWords, known: Subscriber, *first: str) -> ChatAnswer:
    nights = (AnswerButton(span.replace(":00", ""), f"quiet:{span}") for span in _NIGHTS)
    buttons = (*nights, words.button("is_off", "quiet:off"))
    said = (*first, quiet_said(words, known))
    return words.answer("choose", *said, buttons=(buttons, (words.button("menu", "help"),)))


def quiet_said(words: BotWords, known: Subscriber) -> str:
    if known.quiet is None:
        return words.say("quiet.is_off")
    start, _, end = quiet_text(known.quiet).partition("-")
    return words.say("quiet.done", start=start, end=end, zone=known.zone or MINSK)


def place_name(language: Language, place: str) -> str:
    if ":" in place:
        return name_of_town(place, language.code)
    return language.entry("regions", place) or place


def in_order(languages: Sequence[str]) -> list[str]:
    return [*(code for code in _ORDER if code in languages), *(code for code in languages if code not in _ORDER)]


def _language_button(words: BotWords, code: str, verb: str) -> AnswerButton:
    """A language by what it calls itself, so that whoever reads no other finds it."""
    label = code.upper() if words.discreet else str(Locale.parse(code).languages.get(code, code)).capitalize()
    return AnswerButton(label, f"{verb}:{code}")


def _persons(language: Language, known: Subscriber) -> Iterator[tuple[int, str]]:
    for at, key in enumerate(persons_of(known), start=1):
        yield at, named_by_key(key, language.code).name


def _general(words: BotWords, known: Subscriber) -> Iterator[str]:
    if not known.interests:
        yield words.say("list.nothing")
    if not has_general(known):
        return
    kinds = [str(kind) for one in known.interests if not one.persons for kind in one.kinds]
    places = places_of(known)
    if not kinds and not places and not is_narrower(known):
        yield words.say("list.everything")
    if kinds:
        named = words.language.listed(
            [words.language.phrase(f"door.join.kind.{kind}") for kind in dict.fromkeys(kinds)]
        )
        yield words.say("list.kinds", kinds=named)
    if places:
        yield words.say("list.places", places=", ".join(place_name(words.language, place) for place in places))


def _how(words: BotWords, known: Subscriber) -> Iterator[str]:
    yield words.say(f"list.{frequency_of(known)}")
    yield words.say("list.updates" if known.updates else "list.first_only")
    if known.quiet is not None:
        start, _, end = quiet_text(known.quiet).partition("-")
        yield words.say("list.quiet", start=start, end=end, zone=known.zone or MINSK)
    yield words.say("list.discreet" if known.mode == "discreet" else "list.plain")
    yield words.say("list.language", language=words.language.language_name(known.language))
    if not known.active:
        yield words.say("list.paused")
