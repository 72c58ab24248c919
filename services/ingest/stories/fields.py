"""What kind of thing each field of `Facts` is, and whether a change of it is worth a message: one table.

Ten outlets repeating a number are no news, nor is one that adds the number of the decree. A breakdown, a name, a charge
or a correction is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from services.fact_table import NAME_FIELDS, TALLIES, WHOLES, Measure, counting


class Shape(StrEnum):
    """How values of a field are put together and compared."""

    NUMBER = "number"  # of the act: hedged, can be corrected and disputed
    TALLY = "tally"  # a count that runs on: the newest stands
    LIST = "list"  # names, articles: put together
    FLAG = "flag"
    STATE = "state"  # how things are with those people: the newest word stands
    CODE = "code"  # an identifier or a date: another value is another statement
    ACT = "act"  # how prisoners went free: the one that says most stands
    TEXT = "text"  # in the outlet's words: other words are no other statement


class Materiality(StrEnum):
    """Is a change of the field by itself a reason to write to people?"""

    ALWAYS = "always"
    GAINED = "gained"  # only when it was not known before
    CORRECTED = "corrected"  # only when something else was told before
    ALONG = "along"  # told with the next revision
    NEVER = "never"


class Policy(NamedTuple):
    shape: Shape
    materiality: Materiality


POLICIES: Final[dict[str, Policy]] = {
    **dict.fromkeys(WHOLES, Policy(Shape.NUMBER, Materiality.ALWAYS)),
    **dict.fromkeys(NAME_FIELDS, Policy(Shape.LIST, Materiality.ALWAYS)),
    **dict.fromkeys(counting(Measure.CONVICTION, Measure.TRAIT), Policy(Shape.NUMBER, Materiality.ALWAYS)),
    "decree_number": Policy(Shape.CODE, Materiality.CORRECTED),
    "occurred_on": Policy(Shape.CODE, Materiality.CORRECTED),
    "repented": Policy(Shape.FLAG, Materiality.CORRECTED),
    "petitioned": Policy(Shape.FLAG, Materiality.CORRECTED),
    "place": Policy(Shape.TEXT, Materiality.GAINED),
    "authority": Policy(Shape.TEXT, Materiality.GAINED),
    "criminal_articles": Policy(Shape.LIST, Materiality.ALWAYS),
    "administrative": Policy(Shape.FLAG, Materiality.ALWAYS),
    "charge": Policy(Shape.TEXT, Materiality.GAINED),
    "administrative_article": Policy(Shape.CODE, Materiality.ALWAYS),
    "administrative_days": Policy(Shape.CODE, Materiality.ALWAYS),
    "sentence_threatened": Policy(Shape.CODE, Materiality.GAINED),
    # What those who wait for somebody ask first.
    **dict.fromkeys(counting(Measure.FREED), Policy(Shape.TALLY, Materiality.ALWAYS)),
    "left_prison": Policy(Shape.STATE, Materiality.ALWAYS),
    "went_to": Policy(Shape.STATE, Materiality.ALWAYS),
    "where_held": Policy(Shape.STATE, Materiality.ALWAYS),
    "whereabouts_known": Policy(Shape.STATE, Materiality.ALWAYS),
    # Told when there is something else to tell.
    "region": Policy(Shape.TEXT, Materiality.ALONG),
    "names_disclosed": Policy(Shape.FLAG, Materiality.ALONG),
    **dict.fromkeys(counting(Measure.ORDINAL), Policy(Shape.CODE, Materiality.ALONG)),
    **dict.fromkeys(TALLIES, Policy(Shape.TALLY, Materiality.ALONG)),
    "counted_since": Policy(Shape.CODE, Materiality.ALONG),
    "recognised_by": Policy(Shape.LIST, Materiality.ALONG),
    "earlier_detentions": Policy(Shape.CODE, Materiality.ALONG),
    "detained_before": Policy(Shape.FLAG, Materiality.ALONG),
    "attribution": Policy(Shape.LIST, Materiality.NEVER),
    "act": Policy(Shape.ACT, Materiality.NEVER),
}
"""Every field of `Facts`, in the order in which changes are told."""
