"""A plain text of the facts, for when the usual rendering fails: without templates, and with a few words of its own.

It says what is known and who says so, a line each, and that it could not be put as usual. It tells less than a template
and nothing else: of a retraction no facts, in discreet mode nothing where a glance would read it.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final, Literal

import msgspec

from services.contract import Event, EventType, Precision, Status
from services.data_files import read_packaged
from services.notify.channels.base import STOP_URL_SLOT
from services.notify.content.alerts import borne_out
from services.notify.content.alerts.concerned import nameable
from services.notify.content.alerts.fact_rows import COUNTED
from services.notify.content.alerts.foreign import cleaned, link
from services.notify.content.alerts.model import MessageKind
from services.notify.content.alerts.openings import message_kind, own_words
from services.notify.content.alerts.statements import Statement, statements
from services.notify.content.languages import Language, LanguageFault
from services.subscribers.address import Mode

Form = Literal["text", "page", "telegram", "line"]
"""How a part is written: as text, as a page of HTML, in the HTML of the Bot API, in one line."""

_ENGLISH: Final = "en"
_MOST_NAMES: Final = 100
_HEDGES: Final = {
    Precision.EXACT: "",
    Precision.ABOUT: "≈ ",
    Precision.AT_LEAST: "≥ ",
    Precision.OVER: "> ",
    Precision.ALMOST: "≲ ",
}
_NOT_SHOWN: Final = frozenset(
    {"names", "names_pardoned", "names_disclosed", "attribution", "act", "occurred_on", "administrative"}
)
"""Facts that are told otherwise, or that are no news by themselves."""


class PlainWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    neutral: str
    notice: str
    practice: str
    kinds: dict[str, str]
    update: str
    retraction: str
    withdrawn: str
    hold: str
    held: str
    certainty: dict[str, str]
    named: str
    date: str
    sources: str
    answer: dict[str, str]
    stop: str


@cache
def plain_words() -> Mapping[str, PlainWords]:
    """By language. Raises LanguageFault."""
    return read_packaged(__package__, "plain_words.yaml", dict[str, PlainWords], LanguageFault)


def plain_part(event: Event, language: Language, mode: Mode, part: str, form: Form) -> str:
    """One part of the message about `event`. Raises whatever an event raises that nobody can tell."""
    told = _Told(borne_out(cleaned(event)), language, plain_words())
    glance = told.words.neutral if mode == "discreet" else told.title
    if form == "line":
        neutral = mode == "discreet" and part in ("subject", "preheader")
        return told.words.neutral if neutral else told.in_a_line(part)
    return _FORMS[form](told, glance, mode)


class _Told:
    """What there is to say, in lines."""

    def __init__(self, event: Event, language: Language, words: Mapping[str, PlainWords]) -> None:
        self.event, self.language = event, language
        self.words = words.get(language.code, words[_ENGLISH])
        self.kind = message_kind(event)
        self.title = self._title()

    def in_a_line(self, part: str) -> str:
        if part == "preheader":
            return self.words.notice
        if part == "summary":
            return " ".join(f"{line}." if line[-1:].isalnum() else line for line in [self.title, *self.lines()] if line)
        return self.title

    def lines(self) -> Iterator[str]:
        """All but the title; an empty one between parts."""
        words, data = self.words, self.event.data
        if self._practice():
            yield words.practice
        yield words.notice
        nothing_new = {MessageKind.RETRACTION: words.retraction, MessageKind.HOLD: words.hold}.get(self.kind)
        if nothing_new:
            yield nothing_new
        else:
            yield ""
            yield from self._facts()
        if reason := own_words(self.event, self.language) or data.reason:
            yield reason
        yield ""
        yield f"{words.sources}: " + "; ".join(self._sources())

    def _practice(self) -> bool:
        return self.event.data.status is not Status.ACTUAL or self.event.type is EventType.SYSTEM_TEST

    def _title(self) -> str:
        words, event = self.words, self.event
        counts = statements(event, COUNTED.get(event.data.kind, ""))
        told = " / ".join(dict.fromkeys(_value(self, said) for said in counts))
        title = words.kinds[event.data.kind] + (f": {told}" if told else "")
        mark = _marks(words).get(self.kind)
        return f"{mark}: {title}" if mark else title

    def _facts(self) -> Iterator[str]:
        data, words = self.event.data, self.words
        yield words.certainty[data.certainty]
        day = data.occurred_on or data.headline_facts.occurred_on
        if day:
            yield f"{words.date}: {self.language.date(day) or day}"
        names = [person.names.get(self.language.code, person.name) for person in nameable(self.event)]
        if names:
            yield f"{words.named}: {', '.join(names[:_MOST_NAMES])}{', …' if len(names) > _MOST_NAMES else ''}"
        for field in data.headline_facts.__struct_fields__:
            said = () if field in _NOT_SHOWN else statements(self.event, field)
            if said:
                yield f"{self._label(field)}: " + "; ".join(self._said(one) for one in said)

    def _label(self, field: str) -> str:
        phrases = self.language.words.get("phrases")
        facts = phrases.get("facts") if isinstance(phrases, Mapping) else None
        label = facts.get(field) if isinstance(facts, Mapping) else None
        return label if isinstance(label, str) else field.replace("_", " ")

    def _said(self, said: Statement) -> str:
        voices = [voice.through or voice.party.name for voice in said.voices]
        return f"{_value(self, said)} ({', '.join(dict.fromkeys(voices))})" if voices else _value(self, said)

    def _sources(self) -> Iterator[str]:
        for source in self.event.data.sources:
            url = link(source.url)
            yield f"{source.name}, {url}" if url else source.name


def _marks(words: PlainWords) -> Mapping[MessageKind, str]:
    return {
        MessageKind.UPDATE: words.update,
        MessageKind.RETRACTION: words.withdrawn,
        MessageKind.HOLD: words.held,
    }


def _value(told: _Told, said: Statement) -> str:
    value = said.value
    if isinstance(value, bool):
        return told.words.answer["true" if value else "false"]
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    place, regions = told.event.data.place, told.language.words.get("regions")
    if place is not None and value == place.name:
        return place.names.get(told.language.code, place.name)
    if isinstance(regions, Mapping) and value in regions:
        return str(regions[value])
    return f"{_HEDGES[said.precision]}{value}"


def _text(told: _Told, glance: str, mode: Mode) -> str:
    lines = [glance, "", *([told.title] if mode == "discreet" else []), *told.lines(), "", told.words.stop]
    return "\n".join([*lines, STOP_URL_SLOT]) + "\n"


def _page(told: _Told, glance: str, mode: Mode) -> str:
    below = '<div style="height:900px" aria-hidden="true">&nbsp;</div>\n' if mode == "discreet" else ""
    first = [told.title] if mode == "discreet" else []
    body = "\n".join(f"<p>{html.escape(line)}</p>" for line in [*first, *told.lines()] if line)
    stop = f'<p>{html.escape(told.words.stop)} <a href="{STOP_URL_SLOT}">{STOP_URL_SLOT}</a></p>'
    title = html.escape(glance)
    return (
        f'<!doctype html>\n<html lang="{told.language.code}">\n'
        f'<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>\n<p>{title}</p>\n{below}{body}\n{stop}\n</body>\n</html>\n"
    )


def _telegram(told: _Told, glance: str, mode: Mode) -> str:
    def line(text: str) -> str:
        written = html.escape(text, quote=False)
        return f"<tg-spoiler>{written}</tg-spoiler>" if mode == "discreet" and text else written

    first = html.escape(glance, quote=False) if mode == "discreet" else f"<b>{html.escape(glance, quote=False)}</b>"
    lines = [first, "", *([line(told.title)] if mode == "discreet" else []), *map(line, told.lines())]
    stop = html.escape(told.words.stop.rstrip(":"), quote=False)
    return "\n".join([*lines, "", f'<a href="{STOP_URL_SLOT}">{stop}</a>']) + "\n"


_FORMS: Final[Mapping[Form, Callable[[_Told, str, Mode], str]]] = {"text": _text, "page": _page, "telegram": _telegram}
