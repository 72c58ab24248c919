"""Whether two names are one person's: a score from 0 to 1, what agreed, and a verdict. Pure.

A pair of spellings scores by its parts: the score of the given names times that of the surnames, and a little more for
whatever else agrees. What no spelling explains (another given name, patronymic or year of birth) is another person,
however alike the rest. The scores are chosen on a labelled set of pairs, `benchmarks/names`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from services.names.name_parts import ANY_VOWEL, NameParts, folded_forms, initials_of, surname_sound

GIVEN_NAME: Final = "given name"
"""What agreed, where it did in full."""
SAME_FROM: Final = 0.87
DOUBTFUL_FROM: Final = 0.6

_ALIKE: Final = 84.0
"""Of folded words (`fuzz.ratio`): one letter in six or seven."""
_ALIKE_PATRONYMICS: Final = 80.0
"""Леонидович and Лявонавіч are one; patronymics share their ending, so different ones are alike as well."""
_VOWELS: Final = frozenset("aeiou")
_VOWEL: Final = "a"
_EXCHANGED: Final = frozenset(map(frozenset, ("nm", "va", "hr", "dz", "ft")))
"""First letters of one name in two languages: Николай and Мікалай, Владимир and Уладзімір, Григорий and Рыгор, Дмитрий
and Зміцер, Фёдор and Тодар."""


class NameVerdict(StrEnum):
    SAME = "same"
    DOUBTFUL = "doubtful"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, order=True)
class NameMatch:
    """`agreed`: what of the two did, in plain words; never the words themselves."""

    score: float
    agreed: tuple[str, ...] = ()

    @property
    def verdict(self) -> NameVerdict:
        if self.score >= SAME_FROM:
            return NameVerdict.SAME
        return NameVerdict.DOUBTFUL if self.score >= DOUBTFUL_FROM else NameVerdict.DIFFERENT


NO_MATCH: Final = NameMatch(0.0)
_Part = tuple[float, str]
_NONE: Final[_Part] = (0.0, "")


@lru_cache(16_384)
def match_names(one: tuple[NameParts, ...], other: tuple[NameParts, ...]) -> NameMatch:
    """Of the ways in which the two can be read, those that agree best."""
    return max((_match(a, b) for a in one for b in other), default=NO_MATCH)


def _match(a: NameParts, b: NameParts) -> NameMatch:
    surname = _surnames(a.surnames, b.surnames)
    given = _given(a, b) if surname[0] else _NONE
    father = _fathers(a, b)
    if not given[0] or father is None:
        return NO_MATCH
    score = min(1.0, given[0] * surname[0] + father[0])
    return NameMatch(round(score, 3), tuple(said for _, said in (surname, given, father) if said))


def _surnames(a: Sequence[tuple[str, str]], b: Sequence[tuple[str, str]]) -> _Part:
    common = {folded for folded, _ in a} & {folded for folded, _ in b}
    if not common:
        alike = (fuzz.ratio(x, y) for x, _ in a for y, _ in b if surname_sound(x) == surname_sound(y))
        return (0.75, "surname alike") if max(alike, default=0) >= _ALIKE and not _other_sex(a, b) else _NONE
    if not any(_sound_alike(x, y) for x in a for y in b if x[0] == y[0]):
        return 0.8, "surname but for a vowel"
    if len(common) == max(len(a), len(b)):
        return 1.0, "surname"
    one_of_two = len(common) == 1 and max(len(a), len(b)) == 2 and min(len(a), len(b)) == 1
    return (0.94, "one of two surnames") if one_of_two else (0.8, "one surname of several")


def _sound_alike(x: tuple[str, str], y: tuple[str, str]) -> bool:
    return not x[1] or not y[1] or x[1] == y[1]


def _other_sex(a: Sequence[tuple[str, str]], b: Sequence[tuple[str, str]]) -> bool:
    """Иванов and Иванова are as alike as two spellings, and two people."""
    return any(x in (f"{y}a", f"{y[:-1]}aa") or y in (f"{x}a", f"{x[:-1]}aa") for x, _ in a for y, _ in b)


def _given(a: NameParts, b: NameParts) -> _Part:
    if a.is_initialled or b.is_initialled:
        return _by_initial(a, b)
    if a.given and b.given:
        return (1.0, GIVEN_NAME) if a.given & b.given else _NONE
    if not (a.given or a.given_word) or not (b.given or b.given_word):
        return 0.62, "no given name beside it"
    forms, others = _words(a), _words(b)
    if forms & others:
        return 1.0, GIVEN_NAME
    best = max(fuzz.ratio(x, y) for x in forms for y in others)
    return (0.75, "given name alike") if best >= _ALIKE else _NONE


def _words(one: NameParts) -> frozenset[str]:
    return frozenset(form for name in one.given for form in folded_forms(name)) or frozenset([one.given_word])


def _by_initial(a: NameParts, b: NameParts) -> _Part:
    one, other = _first_letters(a), _first_letters(b)
    if not one or not other:
        return 0.62, "no given name beside it"
    if one & other:
        return 0.92, "initial of the given name"
    unsure = {ANY_VOWEL} & (one | other) and one & (_VOWELS | {ANY_VOWEL}) and other & (_VOWELS | {ANY_VOWEL})
    return (0.75, "an initial that is a vowel") if unsure else _NONE


def _first_letters(one: NameParts) -> frozenset[str]:
    if one.is_initialled:
        return frozenset(one.initials[:1])
    if one.given:
        return frozenset(letter for name in one.given for letter in initials_of(name))
    first = one.given_word[:1]
    return frozenset([ANY_VOWEL if first == "a" else first]) if first else frozenset()


def _fathers(a: NameParts, b: NameParts) -> _Part | None:
    """None where the patronymics are two; nothing is added where one is not known."""
    if a.patronymic and b.patronymic:
        alike = fuzz.ratio(a.patronymic, b.patronymic) >= _ALIKE_PATRONYMICS
        return (0.12, "patronymic") if alike else None
    one, other = _initial_of_father(a), _initial_of_father(b)
    if not one or not other or frozenset((one, other)) in _EXCHANGED:
        return _NONE
    if one != other:
        return None
    return _NONE if one == _VOWEL else (0.03, "initial of the patronymic")


def _initial_of_father(one: NameParts) -> str:
    """Vowels are one: of which it is, languages say differently."""
    letter = one.patronymic[:1] or "".join(one.initials[1:2])
    return _VOWEL if letter in _VOWELS or letter == ANY_VOWEL else letter
