"""What a chat is shown of who tells it, how certain, which articles, what is not meant, and how often each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from services.contract import PartyClass
from services.portal.bot import narrowing
from services.portal.bot.chat_answer import AnswerButton, BotWords, ChatAnswer, rows_of
from services.portal.bot.chat_choices import frequency_of, has_general
from services.portal.bot.place_names import place_name
from services.portal.signup.choice_fields import KINDS
from services.portal.signup.chosen_words import marked_name
from services.subscribers.habits import FREQUENCIES
from services.subscribers.interests import Interest, marks_of
from services.subscribers.subscriber import Subscriber

ASPECTS: Final = ("kinds", "sources", "confirmed", "articles", "updates", "not")
"""What may follow `/list`."""
_MOST_NAMES: Final = 3
_MOST_SHOWN: Final = 20
_LONGEST: Final = 160
_MOST_SIGNS: Final = 900
_CUT: Final = "…"
Tag = Callable[[str], str]


def aspects(words: BotWords, known: Subscriber, *first: str) -> ChatAnswer:
    """The menu, under how things are."""
    now = "\n".join(_now(words, known)) if has_general(known) else words.say("narrow.no_general")
    buttons = [AnswerButton(words.plain(f"narrow.word.{one}").capitalize(), f"list:{one}") for one in ASPECTS]
    return words.answer("choose", *first, now, buttons=(*rows_of(buttons, 3), _ends(words)))


def kinds_list(words: BotWords, known: Subscriber, *first: str) -> ChatAnswer:
    chosen = narrowing.kinds_of(known)
    named = [(str(kind), words.language.phrase(f"door.join.kind.{kind}"), kind in chosen) for kind in KINDS]
    return _switches(words, "kinds", named, *first, words.say("narrow.kinds"))


def sources_list(words: BotWords, known: Subscriber, *first: str) -> ChatAnswer:
    chosen = narrowing.sources_of(known)
    named = [(str(one), words.language.phrase(f"door.join.source.{one}"), one in chosen) for one in PartyClass]
    return _switches(words, "sources", named, *first, words.say("narrow.sources"))


def confirmed_list(words: BotWords, known: Subscriber, *first: str) -> ChatAnswer:
    now = "confirmed_on" if narrowing.is_confirmed_only(known) else "confirmed_off"
    return words.answer(
        "choose", *first, words.say(f"narrow.{now}"), buttons=(_on_off(words, "confirmed"), _ends(words))
    )


def updates_list(words: BotWords, known: Subscriber, *first: str) -> ChatAnswer:
    now = words.say("list.updates" if known.updates else "list.first_only")
    return words.answer("choose", *first, now, buttons=(_on_off(words, "updates"), _ends(words)))


def articles_list(words: BotWords, known: Subscriber, *first: str) -> ChatAnswer:
    articles = narrowing.articles_of(known)
    now = words.say("narrow.articles", articles=", ".join(articles)) if articles else words.say("narrow.any_article")
    buttons = (words.button("type", "list:articles ?"), words.button("is_off", "list:articles off"))
    return words.answer("choose", *first, now, buttons=(buttons, _ends(words)))


def left_out_list(words: BotWords, known: Subscriber, tag: Tag, *first: str) -> ChatAnswer:
    """What is left out, each with a button that takes it back, and the regions that may be."""
    items = narrowing.left_out_of(known)[:_MOST_SHOWN]
    lines = [
        words.say("list.person", number=str(at), name=said_of(words, item)) for at, item in enumerate(items, start=1)
    ]
    tags = [tag(narrowing.interest_key(item)) for item in items]
    backs = [AnswerButton(f"✕ {at}", f"list:not -{one}") for at, one in enumerate(tags, start=1)]
    said = (words.say("narrow.left_out"), "\n".join(lines)) if lines else (words.say("narrow.nothing_left_out"),)
    rows = (*rows_of(backs, 5), (words.button("type", "list:not ?"),), _ends(words))
    return words.answer("choose", *first, *said, buttons=rows)


def each_frequency(words: BotWords, known: Subscriber, tag: Tag, *first: str) -> ChatAnswer:
    """How often what comes; where interests are told differently, or may be, each has a number."""
    everything = tuple(words.button(one, f"frequency:{one}") for one in FREQUENCIES)
    often = {one.frequency for one in known.interests}
    now = words.say(f"frequency.{frequency_of(known)}") if len(often) < 2 else words.say("frequency.each")
    lines = tuple(numbered(words, known)) if len(known.interests) > 1 else ()
    shown = zip(known.interests, (line for line in lines if line != _CUT), strict=False)
    tags = [tag(narrowing.interest_key(one)) for one, _ in shown]
    buttons = [AnswerButton(str(at), f"frequency:{one}") for at, one in enumerate(tags, start=1)]
    said = (*first, now, *(("\n".join(lines), words.say("frequency.number")) if lines else ()))
    return words.answer("choose", *said, buttons=(everything, *rows_of(buttons, 5), (words.button("menu", "help"),)))


def one_frequency(words: BotWords, interest: Interest, tag: Tag) -> ChatAnswer:
    key = tag(narrowing.interest_key(interest))
    buttons = tuple(words.button(one, f"frequency:{key} {one}") for one in FREQUENCIES)
    return words.answer("choose", _line(words, interest), buttons=(buttons, (words.button("frequency", "frequency"),)))


def numbered(words: BotWords, known: Subscriber) -> Iterator[str]:
    """Each interest and how often it is told, as many as one message holds beside all else."""
    signs = 0
    for at, one in enumerate(known.interests, start=1):
        line = words.say("list.person", number=str(at), name="") + _line(words, one)
        signs += len(line)
        if signs > _MOST_SIGNS:
            yield _CUT
            return
        yield line


def said_of(words: BotWords, interest: Interest) -> str:
    """In a few words, as plain text."""
    return "; ".join(_parts(words, interest))[:_LONGEST] or words.plain("list.everything")


def narrowed(words: BotWords, known: Subscriber) -> Iterator[str]:
    """Lines about what is narrowed, for the list of all that was chosen."""
    if sources := narrowing.sources_of(known):
        named = ", ".join(words.language.phrase(f"door.join.source.{one}") for one in sources)
        yield words.of("door.join.told.sources", sources=named)
    if narrowing.is_confirmed_only(known):
        yield words.of("door.join.told.confirmed")
    if articles := narrowing.articles_of(known):
        yield words.of("door.join.told.articles", articles=", ".join(articles))
    if items := narrowing.left_out_of(known):
        yield words.say("narrow.except", what=", ".join(said_of(words, one) for one in items[:_MOST_NAMES]))


def _line(words: BotWords, interest: Interest) -> str:
    return words.say("frequency.of_one", what=said_of(words, interest), often=words.plain(f"list.{interest.frequency}"))


def _parts(words: BotWords, interest: Interest) -> Iterator[str]:
    language = words.language
    marks = marks_of(interest)
    if marks:
        names = [marked_name(mark, language.code) for mark in marks[:_MOST_NAMES]]
        yield ", ".join([*names, *((_CUT,) if len(marks) > _MOST_NAMES else ())])
    if interest.kinds:
        yield ", ".join(language.phrase(f"door.join.kind.{kind}") for kind in interest.kinds)
    if places := (*interest.regions, *interest.towns):
        named = [place_name(language, place) for place in places[:_MOST_NAMES]]
        yield ", ".join([*named, *((_CUT,) if len(places) > _MOST_NAMES else ())])
    if interest.sources:
        yield ", ".join(language.phrase(f"door.join.source.{one}") for one in interest.sources)
    if interest.least is not None:
        yield language.phrase("door.join.told.confirmed")
    if interest.articles:
        yield ", ".join(interest.articles)


def _now(words: BotWords, known: Subscriber) -> Iterator[str]:
    kinds = narrowing.kinds_of(known)
    yield words.say("list.kinds", kinds=", ".join(words.language.phrase(f"door.join.kind.{kind}") for kind in kinds))
    yield from narrowed(words, known)
    yield words.say("list.updates" if known.updates else "list.first_only")


def _switches(words: BotWords, aspect: str, named: Sequence[tuple[str, str, bool]], *said: str) -> ChatAnswer:
    """A button each that turns it over; in discreet mode it bears a number, and the names lie under the cover."""
    numbers = [("✓ " if on else "") + str(at) for at, (_, _, on) in enumerate(named, start=1)]
    marked = [("✓ " if on else "") + name for _, name, on in named]
    labels = numbers if words.discreet else marked
    buttons = [
        AnswerButton(label, f"list:{aspect} {'-' if on else '+'}{value}")
        for label, (value, _, on) in zip(labels, named, strict=True)
    ]
    legend = "\n".join(words.say("list.person", number=str(at), name=name) for at, name in enumerate(marked, start=1))
    details = (*said, legend) if words.discreet else said
    return words.answer("choose", *details, buttons=(*rows_of(buttons, 1 if not words.discreet else 5), _ends(words)))


def _on_off(words: BotWords, aspect: str) -> tuple[AnswerButton, ...]:
    return words.button("is_on", f"list:{aspect} on"), words.button("is_off", f"list:{aspect} off")


def _ends(words: BotWords) -> tuple[AnswerButton, ...]:
    return words.button("more", "list:more"), words.button("menu", "help")
