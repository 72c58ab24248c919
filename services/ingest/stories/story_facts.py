"""Boils the claims that stand down to one value a field, each shape of field by its own rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from typing import Any, Final, NamedTuple

import msgspec

from services.contract import Claim, Facts, Person, Precision, Source
from services.fact_table import NAME_FIELDS
from services.ingest.stories.fields import POLICIES, Shape
from services.ingest.stories.hedged_numbers import HedgedNumber, Relation, relate
from services.ingest.stories.kept_claims import Rank, rank
from services.ingest.stories.one_act import foremost
from services.ingest.stories.person_match import Match, match
from services.ingest.stories.superseded import day_of_claim
from services.names import fold


class StatedValue(NamedTuple):
    """A value, with how much the word for it weighs."""

    field: str
    value: Any
    precision: Precision
    rank: Rank
    day: str | None
    """Of which day it is, see `superseded.day_of_claim`."""


def facts_of(claims: Sequence[Claim], persons: Iterable[Person], sources: tuple[Source, ...]) -> Facts:
    """What these claims and persons come to. Place and region stand in no claim; see `absorbing`."""
    said: dict[str, list[StatedValue]] = {}
    for claim in claims:
        said.setdefault(claim.field, []).append(_stated(claim, sources))
    for field, names in _named(persons):
        said.setdefault(field, []).append(StatedValue(field, names, Precision.EXACT, Rank.MEDIA, None))
    values = {field: reduce(_MERGE[POLICIES[field].shape], all_said).value for field, all_said in said.items()}
    return msgspec.convert({**values, "attribution": _attribution(claims)}, Facts)


def _stated(claim: Claim, sources: tuple[Source, ...]) -> StatedValue:
    day = day_of_claim(claim, sources[claim.source])
    return StatedValue(claim.field, _as_held(claim), claim.precision, rank(claim, sources), day)


def _as_held(claim: Claim) -> Any:
    """A single name or article of a list."""
    is_list = POLICIES[claim.field].shape is Shape.LIST
    return (claim.value,) if is_list and not isinstance(claim.value, tuple) else claim.value


def _named(persons: Iterable[Person]) -> Iterator[tuple[str, tuple[str, ...]]]:
    everybody = list(persons)
    for field, role in NAME_FIELDS.items():
        names = tuple(dict.fromkeys(person.name for person in everybody if person.role is role))
        if names:
            yield field, names


def _attribution(claims: Iterable[Claim]) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys(claim.said_by.name for claim in claims)) or None


def _number(old: StatedValue, new: StatedValue) -> StatedValue:
    relation = relate(HedgedNumber(old.value, old.precision), HedgedNumber(new.value, new.precision))
    if new.rank != old.rank and min(new.rank, old.rank) <= Rank.DEFENDER:
        return min(old, new, key=lambda stated: stated.rank)
    if relation is Relation.SAME and old.precision is not new.precision:
        return new if _is_sharper(new, old) else old
    if new.rank != old.rank:
        return min(old, new, key=lambda stated: stated.rank)
    return max(old, new, key=lambda stated: stated.value) if relation is Relation.GROWN else old


def _is_sharper(one: StatedValue, other: StatedValue) -> bool:
    return one.precision is Precision.EXACT and other.precision is not Precision.EXACT


def _newest(old: StatedValue, new: StatedValue) -> StatedValue:
    if new.rank != old.rank and min(new.rank, old.rank) <= Rank.DEFENDER:
        return min(old, new, key=lambda stated: stated.rank)
    older = old.day is not None and new.day is not None and new.day < old.day
    return old if older else new


def _list(old: StatedValue, new: StatedValue) -> StatedValue:
    if old.field not in NAME_FIELDS:
        return old._replace(value=tuple(dict.fromkeys((*old.value, *new.value))))
    return old._replace(value=(*old.value, *(name for name in new.value if not _is_listed(name, old.value))))


def _is_listed(name: str, names: tuple[str, ...]) -> bool:
    return any(match(fold(name), fold(known)) in (Match.ONE, Match.SURNAME) for known in names)


def _weightier(old: StatedValue, new: StatedValue) -> StatedValue:
    """Another value is another statement: the weightier word stands, else the first."""
    return new if new.rank < old.rank else old


def _foremost(old: StatedValue, new: StatedValue) -> StatedValue:
    return old if foremost((old.value, new.value)) == old.value else new


_MERGE: Final[dict[Shape, Callable[[StatedValue, StatedValue], StatedValue]]] = {
    Shape.NUMBER: _number,
    Shape.TALLY: _newest,
    Shape.LIST: _list,
    Shape.FLAG: _weightier,
    Shape.STATE: _newest,
    Shape.CODE: _weightier,
    Shape.ACT: _foremost,
    Shape.TEXT: _weightier,
}
