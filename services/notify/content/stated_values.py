"""Every value of every fact with all who say it: the facts of an alert as data."""

from __future__ import annotations

from typing import Final

from services.contract import Event, Facts
from services.notify.channels.stated import ValueSaid
from services.notify.content.alerts.statements import WIDER, Statement, statements
from services.notify.content.minsk_days import minsk_day

_UNSAID: Final = frozenset({"attribution"})
"""Who speaks stands beside each value."""
_PLACED: Final = frozenset({"occurred_on", "place", "region"})
"""They have a home of their own: here only where somebody is known to say them."""


def stated_values(event: Event) -> tuple[ValueSaid, ...]:
    """In the order of `Facts`, official speakers first."""
    claimed, facts = {claim.field for claim in event.data.claims}, event.data.headline_facts
    return tuple(
        _stated(field, said)
        for field in Facts.__struct_fields__
        if field not in _UNSAID and (field in claimed or getattr(facts, field) is not None)
        for said in statements(event, field)
        if said.voices or field not in _PLACED
    )


def _stated(field: str, said: Statement) -> ValueSaid:
    return ValueSaid(
        field=field,
        value=said.value,
        said_by=tuple(party.id for party in said.parties if party.id),
        precision=said.precision,
        scope="total" if field in WIDER else "act",
        as_of=minsk_day(said.stated) if field in WIDER else None,
    )
