"""Counts by their names those whom a text names and nobody counts: at least so many."""

from __future__ import annotations

from collections.abc import Sequence

from services.contract import Claim, Kind, Person, Precision
from services.fact_table import ACTS
from services.ingest.extraction.people.behind_colon import names_only_some
from services.ingest.extraction.read_text import ReadText


def counted_by_names(
    kind: Kind, text: ReadText, people: Sequence[Person], claims: Sequence[Claim], act: int | None
) -> tuple[Claim, ...]:
    """The claim of the act's number, "at least" since a text may name but some; none where it says that it does.

    The span is the sentence of the act.
    """
    about = ACTS.get(kind)
    if about is None or act is None or any(each.field == about.number for each in claims):
        return ()
    named = [person for person in people if person.role is about.role]
    if not named or any(names_only_some(reading.sentence.plain) for reading in text.readings):
        return ()
    reading = text.readings[act]
    said_by = named[0].said_by or text.speakers.of(act, 0, len(reading.sentence.plain), act=True)
    span = reading.span(0, len(reading.sentence.plain))
    return (Claim(field=about.number, value=len(named), said_by=said_by, span=span, precision=Precision.AT_LEAST),)
