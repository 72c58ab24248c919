"""What happened, in one sentence: act, number or name, place, date, by whom, how certain; and the same as a subject."""

from __future__ import annotations

from typing import Final

from services.contract import Certainty, Event, EventType, Kind, PartyClass, Precision, Status
from services.notify.content.alerts.concerned import acting_count, nameable
from services.notify.content.alerts.fact_rows import COUNTED
from services.notify.content.alerts.model import Headline, MessageKind
from services.notify.content.alerts.statements import Statement, Voice, by_weight, statements, voice_of
from services.notify.content.alerts.values import counted_people, hedged_number, place_name, sentence_case, where_it_was
from services.notify.content.languages import Language

SUBJECT_LENGTH: Final = 60
"""Characters that a phone shows of a subject."""

_FEW_NAMES: Final = 2


def headline(event: Event, language: Language) -> Headline:
    act = _with_date(language, event, _with_place(language, event, _act(language, event, "headline")))
    said = _said(language, event)
    whole = language.phrase("headline.whole", act=act, said=said) if said else act
    return Headline(sentence_case(act), sentence_case(said), sentence_case(whole))


def subject(event: Event, language: Language, kind: MessageKind) -> str:
    """The fullest wording that a phone shows whole; number or name first, unless it is an update or a test."""
    act = _act(language, event, "subject")
    placed = _with_place(language, event, act)
    shorter = placed if placed != act else _with_date(language, event, act)
    if event.data.kind is Kind.PARDON:
        placed = language.phrase("subject.in_country", act=act)
    wordings = (_with_date(language, event, placed), shorter, act)
    marked = [_marked(language, event, kind, sentence_case(wording)) for wording in wordings]
    return next((text for text in marked if len(text) < SUBJECT_LENGTH), marked[-1])


def practice(event: Event) -> str | None:
    """ "exercise" or "test" when this is not about the world."""
    if event.data.status is Status.EXERCISE:
        return "exercise"
    return "test" if event.data.status is Status.TEST or event.type is EventType.SYSTEM_TEST else None


def speakers(event: Event) -> tuple[Voice, ...]:
    """Those who say that it happened: who counts, else who names, else whoever claims anything; two at most. Where some
    were heard themselves, it is they who speak."""
    counted = [voice for said in statements(event, COUNTED.get(event.data.kind, "")) for voice in said.voices]
    naming = [voice_of(event, one.said_by, one.source) for one in nameable(event) if one.said_by]
    claiming = [voice_of(event, claim.said_by, claim.source) for claim in event.data.claims if claim.scope == "act"]
    found = next((group for group in (counted, naming, claiming) if group), [])
    heard = [voice for voice in found if voice.through is None and voice.party.party_class is not PartyClass.MEDIA]
    disputed = event.data.certainty is Certainty.DISPUTED
    return by_weight(heard if heard and not disputed else found)[:2]


def _act(language: Language, event: Event, use: str) -> str:
    kind, counts = event.data.kind, statements(event, COUNTED.get(event.data.kind, ""))
    named = nameable(event)
    counts = counts or _least_count(event)
    if named and len(named) <= _FEW_NAMES and (not counts or counts[0].value in (len(named), 0)):
        names = language.listed([person.names.get(language.code) or person.name for person in named])
        return language.plural(f"{use}.{kind}.named", len(named), names=names)
    if not counts:
        return language.phrase(f"{use}.{kind}.bare")
    last = counts[-1]
    key = "counted" if last.precision is Precision.EXACT else "hedged"
    return language.plural(f"{use}.{kind}.{key}", _number(last), people=_people(language, counts))


def _least_count(event: Event) -> tuple[Statement, ...]:
    # No text counts, but texts name people: at least so many.
    people = acting_count(event)
    exact = people <= _FEW_NAMES and people == len(nameable(event))
    return (Statement(people, Precision.EXACT if exact else Precision.AT_LEAST, ()),) if people else ()


def _people(language: Language, counts: tuple[Statement, ...]) -> str:
    """ "20 people"; "20 or 22 people" where parties disagree."""
    *others, last = counts
    words = [hedged_number(language, _number(other), other.precision) for other in others]
    return language.listed([*words, counted_people(language, _number(last), last.precision)], style="or")


def _number(statement: Statement) -> int:
    return statement.value if isinstance(statement.value, int) else 0


def _with_place(language: Language, event: Event, act: str) -> str:
    place = place_name(language, event) if event.data.kind is Kind.ARREST else None
    where = where_it_was(language, event) if place else None
    if where:
        return language.phrase("headline.placed_where", act=act, where=where)
    return language.phrase("headline.placed", act=act, place=place) if place else act


def _with_date(language: Language, event: Event, act: str) -> str:
    date = language.date(event.data.occurred_on or event.data.headline_facts.occurred_on)
    return language.phrase("headline.dated", act=act, date=date) if date else act


def _said(language: Language, event: Event) -> str:
    parts = [_by(language, event)]
    if event.data.certainty is not Certainty.CONFIRMED and event.data.kind is not Kind.OTHER:
        parts.append(language.phrase(f"headline.{event.data.certainty}"))
    return language.phrase("headline.aside").join(part for part in parts if part)


def _by(language: Language, event: Event) -> str:
    voices = speakers(event)
    if not voices:
        return ""
    through = {voice.through for voice in voices}
    verb = "announced" if voices[0].party.party_class is PartyClass.OFFICIAL else "reported_by"
    if len(through) == 1:
        said = language.voices(f"headline.{verb}", [voice.party for voice in voices])
        (outlet,) = through
        return language.phrase("headline.quoted_by", said=said, outlet=language.outlet(outlet)) if outlet else said
    return language.spoken("headline.reported_by", [(voice.party, voice.through) for voice in voices])


def _marked(language: Language, event: Event, kind: MessageKind, text: str) -> str:
    kind_mark = "merged" if event.data.merged_into else kind.value
    marks = [practice(event), None if kind is MessageKind.ALERT else kind_mark]
    for mark in marks:
        if mark is not None:
            return language.phrase(f"subject.{mark}", subject=text)
    return text
