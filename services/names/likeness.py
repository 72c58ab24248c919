"""How alike two folded names are, letter by letter; patronymics by the father whom they name."""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz

from services.names.fathers import may_be_of_one_father
from services.names.folding import parted

_OTHER_PERSON: Final = 84.0
"""Below what a person would be asked about: another patronymic is another person."""


def similarity(a_key: str, b_key: str) -> float:
    """0 to 100. Above 93 with a second key they are one; from 85 a person decides.

    A patronymic must name one father where both names have one; a name without one says nothing of it.
    """
    (a_name, a_patronymic), (b_name, b_patronymic) = parted(a_key), parted(b_key)
    likeness = float(fuzz.ratio(a_name, b_name))
    if a_patronymic and b_patronymic and not may_be_of_one_father(a_patronymic, b_patronymic):
        return min(likeness, _OTHER_PERSON)
    return likeness
