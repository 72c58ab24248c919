"""Counts that go beyond this event, each with who keeps it, from when on it counts, and of which day it is."""

from __future__ import annotations

from typing import Final

from services.contract import Event, PartyClass
from services.fact_table import TALLIES
from services.notify.content.alerts.acts import act_of
from services.notify.content.alerts.fact_rows import label, told_together, who_says
from services.notify.content.alerts.model import Attributed, FactRow
from services.notify.content.alerts.statements import WIDER, Statement, statements
from services.notify.content.alerts.values import period_text, value_text
from services.notify.content.languages import Language

_COMPARABLE: Final = ("released_total", "still_held")
"""Drawn to one scale. The dead are not a bar beside them."""


def wider_rows(event: Event, language: Language) -> tuple[FactRow, ...]:
    ordinals = [_ordinal(event, language, said) for said in statements(event, "nth_pardon")]
    which = "nth_pardon" if act_of(event) == "pardoned" else "nth_release"
    series = [FactRow(language.phrase(f"facts.{which}"), tuple(ordinals))] if ordinals else []
    tallies = (_tally(event, language, field) for field in TALLIES)
    return (*series, *(row for row in tallies if row is not None))


def wider_note(event: Event, language: Language) -> str:
    """Whom those who keep the counts count: "political prisoner" never stands without who recognises them."""
    keepers = {party.id: party for field in WIDER for said in statements(event, field) for party in said.parties}
    notes = [language.entry("counts", party_id) for party_id in keepers]
    return " ".join(note for note in notes if note)


def _ordinal(event: Event, language: Language, said: Statement) -> Attributed:
    """ "the 8th since summer 2024; 207 people released in them", where one keeper tells both together."""
    number = said.value if isinstance(said.value, int) else 0
    since = _since(event, language, said)
    words = language.phrase(
        "series.since" if since else "series.ordinal", number=language.ordinal(number), period=since
    )
    released = _released_with(event, said)
    if released is not None:
        people = value_text(language, event, "released_total", released.value, released.precision)
        words = language.phrase("series.released", series=words, people=people)
    return _kept(event, language, words, said)


def _released_with(event: Event, ordinal: Statement) -> Statement | None:
    return next((one for one in statements(event, "released_total") if told_together(one, ordinal)), None)


def _tally(event: Event, language: Language, field: str) -> FactRow | None:
    known: list[Statement] = list(statements(event, field))
    if field == "released_total":
        told = [_released_with(event, one) for one in statements(event, "nth_pardon")]
        known = [one for one in known if one not in told]
    said = tuple(_kept(event, language, _value(event, language, field, one), one) for one in known)
    return FactRow(label(language, event, field), said, _length_beside_others(event, field)) if said else None


def _value(event: Event, language: Language, field: str, said: Statement) -> str:
    value = value_text(language, event, field, said.value, said.precision)
    since = _since(event, language, said) if field == "released_total" else ""
    return language.phrase("series.tally_since", value=value, period=since) if since else value


def _since(event: Event, language: Language, said: Statement) -> str:
    """In words, as the keeper of this very count gives it."""
    found = (one for one in statements(event, "counted_since") if told_together(one, said))
    return next((period_text(language, str(one.value)) for one in found), "")


def _kept(event: Event, language: Language, words: str, said: Statement) -> Attributed:
    return Attributed(words, who_says(event, language, said), language.date(said.stated) or "")


def _length_beside_others(event: Event, field: str) -> int | None:
    """Per cent of the longest, when one rights group keeps both counts and tells them together."""
    counts = {name: statements(event, name) for name in _COMPARABLE}
    if field not in counts or any(len(count) != 1 for count in counts.values()):
        return None
    first, second = (count[0] for count in counts.values())
    values = {name: count[0].value for name, count in counts.items() if isinstance(count[0].value, int)}
    kept = told_together(first, second) and first.parties[0].party_class is PartyClass.DEFENDER
    if not kept or len(values) < len(counts) or min(values.values()) < 0 or max(values.values()) == 0:
        return None
    return max(1, round(100 * values[field] / max(values.values())))
