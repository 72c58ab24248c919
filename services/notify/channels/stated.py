"""A value and all who say just this, by their ids: what a channel passes on that sends data beside words.

Which of them cannot both be true is decided here as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import combinations
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from services.contract import Precision, Value
from services.contract_bounds import Day, Slug

PartyId = Annotated[Slug, Meta(description="A party's id, a key of `data.parties`.", min_length=1)]
FactName = Annotated[Slug, Meta(description="Which fact: a key of `headline_facts`, or occurred_on, place, region.")]
GivenOn = Annotated[Day, Meta(description="The day for which a count was given.", extra_json_schema={"format": "date"})]
ClaimScope = Annotated[
    Literal["act", "total"], Meta(description="act: a number of this happening. total: a count that goes beyond it.")
]


class WirePart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of what partners get: what is not said is absent, and what they do not know they ignore."""


class ValueSaid(WirePart, frozen=True, kw_only=True):
    """One value of one fact and all who say just this. Two of one field are two accounts: `disputed` says which cannot
    both be true. They are never to be added."""

    field: FactName
    value: Value
    said_by: Annotated[
        tuple[PartyId, ...], Meta(description="Ids of parties, official ones first; empty where no text names anybody.")
    ]
    precision: Precision = Precision.EXACT
    scope: ClaimScope = "act"
    as_of: GivenOn | None = None


_ABOUT: Final = 0.1
"""Of a number, how far "about" and "almost" reach."""


def disputed_fields_of(values: Iterable[ValueSaid]) -> tuple[str, ...]:
    """Fields of the act for which two parties give values that cannot both be true. Lists never are: one may be longer
    than the other."""
    of_act = [one for one in values if one.scope == "act" and one.said_by and not isinstance(one.value, tuple)]
    pairs = ((one, other) for one, other in combinations(of_act, 2) if one.field == other.field)
    return tuple(dict.fromkeys(one.field for one, other in pairs if _contradict(one, other)))


def _contradict(one: ValueSaid, other: ValueSaid) -> bool:
    if isinstance(one.value, bool) or isinstance(other.value, bool | str) or not isinstance(one.value, int):
        return one.value != other.value
    (low, high), (lower, higher) = _range(one), _range(other)
    return high < lower or higher < low


def _range(said: ValueSaid) -> tuple[float, float]:
    """From where to where a hedged number may lie."""
    number = said.value
    assert isinstance(number, int)
    match said.precision:
        case Precision.ABOUT:
            return number * (1 - _ABOUT), number * (1 + _ABOUT)
        case Precision.AT_LEAST:
            return number, math.inf
        case Precision.OVER:
            return number + 1, math.inf
        case Precision.ALMOST:
            return number * (1 - _ABOUT), number
    return number, number
