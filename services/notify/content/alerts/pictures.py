"""Two small pictures: how many each act let go, and how many were freed beside those still held.

They hold no number that is not written in them, and are left out where they would side with somebody or lack an act.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from babel.dates import format_date

from services.contract import Event, Kind, PartyClass, Precision
from services.fact_table import ReleaseAct
from services.notify.content.alerts.model import ActColumn, ActsPicture, Balance
from services.notify.content.alerts.statements import Statement, statements
from services.notify.content.alerts.values import hedged_number
from services.notify.content.earlier_acts import EarlierAct
from services.notify.content.languages import Language

_EARLIER: Final = 5
"""Columns beside the one of this act: six stand at 320 pixels."""
_FEWEST: Final = 2
_LONGEST_GAP: Final = 200
"""Days. Where our list ends so long before, it may lack an act in between."""
_TALLEST: Final = 56
"""Pixels."""
_LEAST: Final = 3


def acts_picture(event: Event, language: Language, earlier: Sequence[EarlierAct]) -> ActsPicture | None:
    """The last acts of our list and this one; None for what is no pardon, or whose number or day is not known."""
    day, counts = _day(event), _counts(event)
    if day is None or not counts or event.data.headline_facts.act not in (None, ReleaseAct.PARDONED):
        return None
    before = [act for act in earlier if act.date < day][-_EARLIER:]
    if len(before) < _FEWEST or (day - before[-1].date).days > _LONGEST_GAP:
        return None
    most = max([*(act.people for act in before), *(value for value, _ in counts)])
    this = language.listed([hedged_number(language, value, precision) for value, precision in counts], style="or")
    columns = [_column(language, act.date, language.number(act.people), act.people / most) for act in before]
    columns.append(_column(language, day, this, max(value for value, _ in counts) / most, this=True))
    told = [language.phrase("picture.column", date=one.day_in_full, number=one.number) for one in columns]
    whole = language.phrase("picture.acts", acts=language.phrase("list_mark").join(told))
    return ActsPicture(tuple(columns), whole, language.phrase("picture.last"), language.phrase("picture.acts_by"))


def balance(event: Event, language: Language) -> Balance | None:
    """Those freed beside those still held, where one rights group keeps both counts and tells them together."""
    freed, held = (statements(event, field) for field in ("released_total", "still_held"))
    if len(freed) != 1 or len(held) != 1 or not _kept_by_one(freed[0], held[0]):
        return None
    out, inside = _number(freed[0]), _number(held[0])
    if min(out, inside) <= 0:
        return None
    numbers = {
        "freed": hedged_number(language, out, freed[0].precision),
        "held": hedged_number(language, inside, held[0].precision),
    }
    by = language.listed([language.party(party).name for party in freed[0].parties])
    share = min(98, max(2, round(100 * out / (out + inside))))
    return Balance(share, language.phrase("picture.balance", **numbers), by)


def _day(event: Event) -> date | None:
    if event.data.kind is not Kind.PARDON:
        return None
    day = event.data.occurred_on or event.data.headline_facts.occurred_on
    return date.fromisoformat(day) if day else None


def _counts(event: Event) -> list[tuple[int, Precision]]:
    """Each number that somebody gives of this act."""
    said = {_number(one): one.precision for one in statements(event, "pardoned") if _number(one) > 0}
    return list(said.items())


def _number(said: Statement) -> int:
    return said.value if isinstance(said.value, int) and not isinstance(said.value, bool) else 0


def _kept_by_one(freed: Statement, held: Statement) -> bool:
    both = {party.id for party in freed.parties} & {party.id for party in held.parties}
    return bool(both and freed.texts & held.texts) and freed.parties[0].party_class is PartyClass.DEFENDER


def _column(language: Language, day: date, number: str, share: float, *, this: bool = False) -> ActColumn:
    in_full = language.date(day.isoformat()) or ""
    return ActColumn(
        number,
        format_date(day, "d MMM", locale=language.locale),
        str(day.year),
        in_full,
        max(_LEAST, round(_TALLEST * share)),
        this,
    )
