"""The fields of a choice on a page, as they were typed or as they are shown. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from services.contract import Kind

KINDS: Final = (Kind.PARDON, Kind.ARREST)


@dataclass(frozen=True, slots=True)
class ChoiceProblem:
    """`field`: where; `slug`: what, a key of `door.join.problem`."""

    field: str
    slug: str


@dataclass(frozen=True, slots=True)
class ChoiceForm:
    """As it was typed, to be shown again; whoever prints it escapes it."""

    about: str = "all"
    """all, or persons: nothing but what is about them."""
    kinds: tuple[str, ...] = tuple(str(kind) for kind in KINDS)
    regions: tuple[str, ...] = ()
    towns: str = ""
    persons: str = ""
    keys: tuple[str, ...] = ()
    """People who are followed already and stay so: folded names, since no name is kept as it was typed."""
    language: str = ""
    discreet: bool = True
    updates: bool = True
    sources: tuple[str, ...] = ()
    """Classes of those who tell it; none: any."""
    confirmed: bool = False
    """Nothing that is only reported."""
    articles: str = ""
    others: bool = True
    """What this page cannot show stays as it is."""

    def __repr__(self) -> str:
        return "ChoiceForm()"

    @property
    def names(self) -> list[str]:
        """A line each: a name, and what tells the person apart."""
        return entries(self.persons, "\n;")

    @property
    def follows(self) -> bool:
        """Anybody at all?"""
        return bool(self.names or self.keys)


def entries(text: str, between: str) -> list[str]:
    return [entry for one in re.split(f"[{between}]", text) if (entry := " ".join(one.split()))]
