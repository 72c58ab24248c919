"""Boils the claims of one text down to one value a field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from services.contract import Claim, Facts, Kind, Person, Place, Value
from services.fact_table import ACTS, TALLIES
from services.ingest.extraction.attribution import UNATTRIBUTED
from services.ingest.extraction.claims import first_value
from services.ingest.extraction.people.persons import named


def facts_of(
    kind: Kind,
    claims: Sequence[Claim],
    people: Sequence[Person],
    place: Place | None,
    region: str | None,
    day: str | None,
) -> Facts:
    """Absent means that the text does not say. Text of another kind has no facts of an act."""
    values: dict[str, Any] = {
        field: first_value(claims, field) for field in dict.fromkeys(each.field for each in claims)
    }
    values |= {field: _newest(claims, field) for field in TALLIES if field in values}
    values["attribution"] = _attribution(claims)
    values["recognised_by"] = _joined(claims, "recognised_by")
    if act := ACTS.get(kind):
        values[act.names] = named(people, act.role) or None
        values["occurred_on"] = day
    if kind is Kind.ARREST:
        values["place"], values["region"] = place.name if place else None, region
        values["criminal_articles"] = _joined(claims, "criminal_articles")
    return msgspec.convert(values, Facts)


def _newest(claims: Sequence[Claim], field: str) -> Value | None:
    """Of the counts that the first one's party gives of several days, that of the last."""
    first = next(each for each in claims if each.field == field and each.value == first_value(claims, field))
    dated = [each for each in claims if each.field == field and each.said_by == first.said_by and each.as_of]
    return max(dated, key=lambda each: each.as_of or "").value if first.as_of else first.value


def _attribution(claims: Sequence[Claim]) -> tuple[str, ...] | None:
    """Every party that says something, once, in the order of the text."""
    names = dict.fromkeys(each.said_by.name for each in claims if each.said_by.id != UNATTRIBUTED.id)
    return tuple(names) or None


def _joined(claims: Sequence[Claim], field: str) -> tuple[str, ...] | None:
    values = dict.fromkeys(
        value for each in claims if each.field == field and isinstance(each.value, tuple) for value in each.value
    )
    return tuple(values) or None
