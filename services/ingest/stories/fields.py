"""What kind of thing each field of `Facts` is, and whether a change of it is worth a message: one table.

Ten outlets repeating a number are no news, nor is one that adds the number of the decree. A breakdown, a name, a charge
or a correction is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple


class Shape(StrEnum):
    """How values of a field are put together and compared."""

    NUMBER = "number"  # of the act: hedged, can be corrected and disputed
    TALLY = "tally"  # a count that runs on: the newest stands
    LIST = "list"  # names, articles: put together
    FLAG = "flag"
    CODE = "code"  # an identifier or a date: another value is another statement
    TEXT = "text"  # in the outlet's words: other words are no other statement


class Weight(StrEnum):
    """Is a change of the field by itself a reason to write to people?"""

    ALWAYS = "always"
    GAINED = "gained"  # only when it was not known before
    CORRECTED = "corrected"  # only when something else was told before
    ALONG = "along"  # told with the next revision
    NEVER = "never"


class Policy(NamedTuple):
    shape: Shape
    weight: Weight


POLICIES: Final[dict[str, Policy]] = {
    "pardoned": Policy(Shape.NUMBER, Weight.ALWAYS),
    "detained": Policy(Shape.NUMBER, Weight.ALWAYS),
    "names_pardoned": Policy(Shape.LIST, Weight.ALWAYS),
    "names": Policy(Shape.LIST, Weight.ALWAYS),
    "convicted_of_extremism": Policy(Shape.NUMBER, Weight.ALWAYS),
    "women": Policy(Shape.NUMBER, Weight.ALWAYS),
    "men": Policy(Shape.NUMBER, Weight.ALWAYS),
    "minors_at_offence": Policy(Shape.NUMBER, Weight.ALWAYS),
    "chronically_ill": Policy(Shape.NUMBER, Weight.ALWAYS),
    "with_disability": Policy(Shape.NUMBER, Weight.ALWAYS),
    "pensioners": Policy(Shape.NUMBER, Weight.ALWAYS),
    "with_children": Policy(Shape.NUMBER, Weight.ALWAYS),
    "decree_number": Policy(Shape.CODE, Weight.CORRECTED),
    "occurred_on": Policy(Shape.CODE, Weight.CORRECTED),
    "repented": Policy(Shape.FLAG, Weight.CORRECTED),
    "petitioned": Policy(Shape.FLAG, Weight.CORRECTED),
    "place": Policy(Shape.TEXT, Weight.GAINED),
    "authority": Policy(Shape.TEXT, Weight.GAINED),
    "criminal_articles": Policy(Shape.LIST, Weight.ALWAYS),
    "administrative": Policy(Shape.FLAG, Weight.ALWAYS),
    "charge": Policy(Shape.TEXT, Weight.GAINED),
    # Told when there is something else to tell.
    "region": Policy(Shape.TEXT, Weight.ALONG),
    "names_disclosed": Policy(Shape.FLAG, Weight.ALONG),
    "nth_pardon": Policy(Shape.CODE, Weight.ALONG),
    "released_total": Policy(Shape.TALLY, Weight.ALONG),
    "still_held": Policy(Shape.TALLY, Weight.ALONG),
    "deaths_in_custody": Policy(Shape.TALLY, Weight.ALONG),
    "attribution": Policy(Shape.LIST, Weight.NEVER),
}
"""Every field of `Facts`, in the order in which changes are told."""
