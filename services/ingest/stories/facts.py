"""Boils the claims of several accounts down to one value a field, each shape of field by its own rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from services.contract import Claim, Facts, Party, PartyClass, Precision, Source
from services.ingest.stories.fields import POLICIES, Shape
from services.ingest.stories.numbers import Number, Relation, relate
from services.ingest.stories.people import Match, match
from services.names import fold


class Stated(NamedTuple):
    """A value with who says it, as the story's claims have it; a value without a claim has neither."""

    field: str
    value: Any
    precision: Precision = Precision.EXACT
    said_by: Party | None = None
    published: str | None = None

    @property
    def is_official(self) -> bool:
        return self.said_by is not None and self.said_by.party_class is PartyClass.OFFICIAL


def is_number(field: str) -> bool:
    """A count: of the act, or a tally."""
    return field in POLICIES and POLICIES[field].shape in (Shape.NUMBER, Shape.TALLY)


def merge_facts(known: Facts, told: Facts, claims: tuple[Claim, ...], sources: tuple[Source, ...]) -> Facts:
    """`claims` are those of the merged story: a party's word that was replaced supports its old value no longer."""
    merged = {}
    for field, policy in POLICIES.items():
        old = _stated(field, getattr(known, field), claims, sources)
        new = _stated(field, getattr(told, field), claims, sources)
        merged[field] = (
            _MERGE[policy.shape](old, new)
            if old.value is not None and new.value is not None
            else (new.value if old.value is None else old.value)
        )
    return Facts(**merged)


def _stated(field: str, value: Any, claims: tuple[Claim, ...], sources: tuple[Source, ...]) -> Stated:
    behind = [claim for claim in claims if claim.field == field and claim.value == value]
    if not behind:
        return Stated(field, value)
    best = min(behind, key=lambda claim: claim.said_by.party_class is not PartyClass.OFFICIAL)
    return Stated(field, value, best.precision, best.said_by, sources[best.source].published)


def _number(old: Stated, new: Stated) -> Any:
    if new.said_by is None or old.said_by is None:
        # A value whose claim was replaced has been corrected; one that never entered was not believed.
        return old.value if new.said_by is None else new.value
    relation = relate(Number(old.value, old.precision), Number(new.value, new.precision))
    if relation is Relation.SAME:
        sharper = new.precision is Precision.EXACT and old.precision is not Precision.EXACT
        return new.value if sharper else old.value
    if relation is Relation.GROWN and old.is_official == new.is_official:
        return max(old.value, new.value)
    return new.value if new.is_official and not old.is_official else old.value


def _tally(old: Stated, new: Stated) -> Any:
    older = old.published is not None and new.published is not None and new.published < old.published
    return old.value if older or new.said_by is None else new.value


def _list(old: Stated, new: Stated) -> tuple[str, ...]:
    if old.field == "criminal_articles" or old.field == "attribution":
        return tuple(dict.fromkeys((*old.value, *new.value)))
    return (*old.value, *(name for name in new.value if not _is_listed(name, old.value)))


def _is_listed(name: str, names: tuple[str, ...]) -> bool:
    return any(match(fold(name), fold(known)) in (Match.ONE, Match.SURNAME) for known in names)


def _latest_word(old: Stated, new: Stated) -> Any:
    """Another value is another statement: the official one stands, else the first."""
    return new.value if new.is_official and not old.is_official else old.value


def _first(old: Stated, _: Stated) -> Any:
    return old.value


_MERGE: Final[dict[Shape, Callable[[Stated, Stated], Any]]] = {
    Shape.NUMBER: _number,
    Shape.TALLY: _tally,
    Shape.LIST: _list,
    Shape.FLAG: _latest_word,
    Shape.CODE: _latest_word,
    Shape.TEXT: _first,
}
