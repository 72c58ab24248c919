"""The table of facts and the wider count: a row for each known thing, in a fixed order for each kind of news."""

from __future__ import annotations

from typing import Final

from services.contract import Event, Kind, Precision
from services.fact_table import ACTS, PARTS
from services.notify.content.alerts.model import Attributed, FactRow
from services.notify.content.alerts.statements import WIDER, Statement, Voice, statements, voice_of
from services.notify.content.alerts.values import value_text
from services.notify.content.languages import Language
from services.sourcing import is_own_word

COUNTED: Final = {kind: act.number for kind, act in ACTS.items()}
"""The one number a kind of news is about."""

_ROWS: Final = {
    Kind.PARDON: (
        "pardoned",
        "occurred_on",
        "decree_number",
        *PARTS,
        "petitioned",
        "repented",
    ),
    Kind.ARREST: (
        "detained",
        "occurred_on",
        "place",
        "region",
        "authority",
        "administrative",
        "criminal_articles",
        "charge",
    ),
    Kind.OTHER: (),
}
_IN_HEADLINE: Final = frozenset({"occurred_on"})
"""A row of its own only where parties disagree."""


def fact_rows(event: Event, language: Language) -> tuple[FactRow, ...]:
    rows = (_row(event, language, field) for field in _ROWS[event.data.kind])
    return tuple(row for row in rows if row is not None)


def wider_rows(event: Event, language: Language) -> tuple[FactRow, ...]:
    """Counts that go beyond this event, each with who keeps it and of which day."""
    rows = (_row(event, language, field, dated=True) for field in WIDER)
    return tuple(row for row in rows if row is not None)


def wider_note(event: Event, language: Language) -> str:
    """Whom those who keep the counts count: "political prisoner" never stands without who recognises them."""
    keepers = {party.id: party for field in WIDER for said in statements(event, field) for party in said.parties}
    notes = [language.entry("counts", party_id) for party_id in keepers]
    return " ".join(note for note in notes if note)


def label(language: Language, field: str) -> str:
    return language.phrase(f"facts.{field}")


def _row(event: Event, language: Language, field: str, *, dated: bool = False) -> FactRow | None:
    known = statements(event, field)
    if not known or (field in _IN_HEADLINE and len(known) == 1):
        return None
    said = tuple(_said(event, language, field, statement, dated=dated) for statement in known)
    return FactRow(label(language, field), said)


def _said(event: Event, language: Language, field: str, statement: Statement, *, dated: bool) -> Attributed:
    value = value_text(language, event, field, statement.value, statement.precision)
    if field == "convicted_of_extremism" and _is_everybody(event, statement):
        value = language.phrase("all_of_them", number=value)
    stated = (language.date(statement.stated) or "") if dated else ""
    return Attributed(value, who_says(event, language, statement), stated)


def who_says(event: Event, language: Language, statement: Statement) -> str:
    """Names of parties; without a claim, those who are behind the texts."""
    voices = statement.voices or _behind_the_texts(event)
    return language.listed([spoken(language, voice) for voice in voices]) if voices else ""


def _behind_the_texts(event: Event) -> tuple[Voice, ...]:
    sources = list(enumerate(event.data.sources))
    own = [(index, source) for index, source in sources if is_own_word(source)]
    origins = [(source.origin, index) for index, source in own or sources if source.origin]
    voices = {origin.id: voice_of(event, origin, index) for origin, index in reversed(origins)}
    return tuple(reversed(voices.values()))[:2]


def spoken(language: Language, voice: Voice) -> str:
    """ "Viasna", or "Viasna, as quoted by Example Wire"."""
    return language.relayed(language.party(voice.party).name, voice.through)


def _is_everybody(event: Event, part: Statement) -> bool:
    return isinstance(part.value, int) and part.value > 1 and _share(event, part) == 100


def _share(event: Event, part: Statement) -> int | None:
    """Per cent of the whole act, when one party gives both numbers without a hedge, and in one text: eleven women of
    the 20 of yesterday are no share of the 22 of today."""
    whole = statements(event, COUNTED.get(event.data.kind, ""))
    exact = len(whole) == 1 and whole[0].precision is part.precision is Precision.EXACT
    if not (
        exact and _told_together(part, whole[0]) and isinstance(part.value, int) and isinstance(whole[0].value, int)
    ):
        return None
    return round(100 * part.value / whole[0].value) if 0 <= part.value <= whole[0].value > 0 else None


def _told_together(one: Statement, other: Statement) -> bool:
    parties = {party.id for party in one.parties} & {party.id for party in other.parties}
    return bool(parties and one.texts & other.texts)
