"""Turns a matched pattern into a claim, and keeps one claim where a text says the same thing twice."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import Literal

from services.contract import Claim, Party, PartyClass, Precision, Value
from services.fact_table import WHOLES
from services.ingest.extraction.attribution import UNATTRIBUTED
from services.ingest.extraction.dialect.patterns import Patterns
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.read_sentence import Reading
from services.ingest.extraction.sentences.shares import touched

Scope = Literal["act", "total"]


def counted(
    field: str, text: ReadText, index: int, scope: Scope = "act", elsewhere: Container[int] = ()
) -> Iterator[Claim]:
    """The claims that one sentence makes of one field, each number once; not of the numbers that start `elsewhere`."""
    reading = text.readings[index]
    matches = text.lexicon.counts[field].all(reading.counted) if reading.has_numbers else ()
    if not matches:
        return
    taken: set[int] = set()
    for match in sorted(matches, key=lambda match: match.start(match.lastgroup or 0)):
        value, precision, place = _number(reading, match)
        if field in WHOLES and (quantity := reading.quantity_at(place)):
            meant = touched(quantity, reading, text.lexicon.language, field)
            value, precision, place = meant.value, meant.precision, meant.number_start
        if place in elsewhere:
            continue
        if value is not None and place not in taken:
            taken.add(place)
            yield claim(field, value, text, index, match.span(), scope, precision)


def places(patterns: Patterns, reading: Reading) -> frozenset[int]:
    """Where the numbers start, within the sentence, that the patterns would count."""
    matches = patterns.all(reading.counted) if reading.has_numbers else ()
    return frozenset(_number(reading, match)[2] for match in matches)


def claim(
    field: str,
    value: Value,
    text: ReadText,
    index: int,
    within: tuple[int, int],
    scope: Scope = "act",
    precision: Precision = Precision.EXACT,
) -> Claim:
    """`within` are offsets in the sentence; the claim's span counts in the text."""
    said_by = text.speakers.of(index, *within, act=scope == "act")
    span = text.readings[index].span(*within)
    return Claim(field=field, value=value, said_by=said_by, span=span, precision=precision, scope=scope)


def _number(reading: Reading, match: re.Match[str]) -> tuple[int | None, Precision, int]:
    groups = match.groupdict()
    if groups.get("o"):
        ordinal = reading.ordinal_at(match.start("o"))
        return (ordinal.value if ordinal else None), Precision.EXACT, match.start("o")
    quantity = reading.quantity_at(match.start("n"))
    if quantity is None:
        return None, Precision.EXACT, match.start()
    return quantity.value, quantity.precision, quantity.number_start


def without_repeats(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """In order of place, each party's statement once; one that has a speaker replaces one that has none."""
    kept: dict[tuple[str, Value, str], Claim] = {}
    for each in sorted(claims, key=lambda each: each.span):
        kept.setdefault((each.field, each.value, each.said_by.id), each)
    attributed = {(field, value) for field, value, party in kept if party != UNATTRIBUTED.id}
    spoken = (
        each
        for each in kept.values()
        if each.said_by.id != UNATTRIBUTED.id or (each.field, each.value) not in attributed
    )
    return tuple(sorted(spoken, key=lambda each: each.span))


def first_value(claims: Iterable[Claim], field: str) -> Value | None:
    """The value of the first claim of a field; an official one goes before the others."""
    of_field = [each for each in claims if each.field == field]
    official = [each for each in of_field if each.said_by.party_class is PartyClass.OFFICIAL]
    return (official or of_field)[0].value if of_field else None


def official_party(claims: Iterable[Claim], field: str) -> Party | None:
    return next(
        (each.said_by for each in claims if each.field == field and each.said_by.party_class is PartyClass.OFFICIAL),
        None,
    )
