"""Whose child a patronymic says somebody is: Мікалаевіч and Николаевич are of one name, Леонидович is of another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import fuzz

from services.names.folding import fold_token
from services.names.given import every_given_name

_ENDINGS: Final = ("avač", "vač", "avna", "vna", "načna", "ačna", "ač", "č")
"""Folded -ович, -евич; -овна, -евна; -инична, -ична; -ич. Before it stands the father's name, or all but its vowel."""
_ALIKE: Final = 80.0
"""Of patronymics (`fuzz.ratio`) whose fathers' names we do not know; they share their ending, so any two are alike."""
_FLEETING: Final = re.compile("(?<=[^a])a(?=[^a]$)")
"""Павел, Павлович; Лев, Львович."""


@lru_cache(8_192)
def fathers(patronymic: str) -> frozenset[str]:
    """The names, in full and in Belarusian, of which a folded patronymic may be; none where we know none of them."""
    for ending in _ENDINGS:
        if patronymic.endswith(ending):
            named = _by_root().get(patronymic.removesuffix(ending))
            if named:
                return named
    return frozenset()


def may_be_of_one_father(a: str, b: str) -> bool:
    """Of two folded patronymics. Іванавіч and Лявонавіч are of two, though but for a letter they are alike; Леонидович
    and Лявонавіч are of one."""
    one, other = fathers(a), fathers(b)
    return not one.isdisjoint(other) if one and other else fuzz.ratio(a, b) >= _ALIKE


@cache
def _by_root() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name in every_given_name():
        if name.sex == "m":
            for form in (*name.be, *name.ru):
                for root in _roots(fold_token(form)):
                    found.setdefault(root, set()).add(name.be[0])
    return {root: frozenset(names) for root, names in found.items()}


def _roots(folded: str) -> Iterator[str]:
    yield folded
    yield folded.removesuffix("a")
    yield _FLEETING.sub("", folded)
