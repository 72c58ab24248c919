"""What each fact of an event is: whom a number counts, which facts a kind of news is about, and what regions there are.

Both services ask here, and nobody else keeps such a list: a new count is a field of `Facts` and a row of `NUMBERS`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from services.contract import Kind, Role


class Measure(StrEnum):
    """What a number of `Facts` counts."""

    WHOLE = "whole"  # all whom the act touched
    FREED = "freed"  # those of them who are out; it grows, and whoever counts them need not hold to the act's number
    TRAIT = "trait"  # those of them who are something
    CONVICTION = "conviction"  # those of them who had been convicted of something
    ORDINAL = "ordinal"  # which act this is, counted from the first
    TALLY = "tally"  # not of this act, and runs on: the newest stands


NUMBERS: Final = {
    "pardoned": Measure.WHOLE,
    "convicted_of_extremism": Measure.CONVICTION,
    "women": Measure.TRAIT,
    "men": Measure.TRAIT,
    "minors_at_offence": Measure.TRAIT,
    "chronically_ill": Measure.TRAIT,
    "with_disability": Measure.TRAIT,
    "pensioners": Measure.TRAIT,
    "with_children": Measure.TRAIT,
    "released": Measure.FREED,
    "nth_pardon": Measure.ORDINAL,
    "detained": Measure.WHOLE,
    "released_total": Measure.TALLY,
    "still_held": Measure.TALLY,
    "deaths_in_custody": Measure.TALLY,
}
"""Every number of `Facts`, in its order."""


def counting(*measures: Measure) -> tuple[str, ...]:
    """The numbers of `Facts` that count this, in the order of what is asked for."""
    return tuple(field for asked in measures for field, measure in NUMBERS.items() if measure is asked)


WHOLES: Final = counting(Measure.WHOLE)
TRAITS: Final = counting(Measure.TRAIT)
PARTS: Final = counting(Measure.TRAIT, Measure.CONVICTION)
"""Of the number of the act, and so never more."""
SHARES: Final = counting(Measure.TRAIT, Measure.CONVICTION, Measure.FREED)
"""How many of those of the act are something, or are out: told as a share of them."""
FREED: Final = "released"
TALLIES: Final = counting(Measure.TALLY)

AFTER_THE_ACT: Final = ("released", "left_prison", "went_to", "where_held", "whereabouts_known")
"""What became of those whom it touched: it changes, and the newest word stands."""

BESIDE_THE_ACT: Final = frozenset(
    {*TALLIES, "counted_since", "attribution", "occurred_on", "act", "place", "region"}
    | {*AFTER_THE_ACT, "recognised_by"}
    | {"administrative_article", "administrative_days", "earlier_detentions", "detained_before", "sentence_threatened"}
)
"""Fields of the background, the text, or of how and where alone: a text with nothing else reports no act."""


class Act(NamedTuple):
    """What news of a kind is about: the fields that say how many and who, and what those persons are."""

    number: str
    names: str
    role: Role


ACTS: Final = {
    Kind.PARDON: Act("pardoned", "names_pardoned", Role.PARDONED),
    Kind.ARREST: Act("detained", "names", Role.DETAINED),
}
NAME_FIELDS: Final = {act.names: act.role for act in ACTS.values()}


class ReleaseAct(StrEnum):
    """How prisoners go free, the one that says most first: who was pardoned may be taken abroad, and has gone free."""

    PARDONED = "pardoned"
    EXCHANGED = "exchanged"
    TAKEN_ABROAD = "taken abroad"
    RELEASED = "released"


HOME: Final = "home"
"""As a value of `went_to`: where they live in Belarus."""


class Region(StrEnum):
    """The capital and the six regions of Belarus. On the wire a region is text, so that an older reader survives."""

    BREST = "brest"
    VITEBSK = "vitebsk"
    GOMEL = "gomel"
    GRODNO = "grodno"
    MINSK_REGION = "minsk_region"
    MOGILEV = "mogilev"
    MINSK_CITY = "minsk_city"
