"""Whether two names are one person's: a score from 0 to 1, what agreed, and a verdict. Pure.

A pair of spellings scores by its parts: the score of the given names times that of the surnames, and a little more for
whatever else agrees. What no spelling explains (another given name, patronymic, sex or year of birth) is another
person, however alike the rest. What may be of several people is a question: a short form of two names, an initial
before a surname that many bear, two words in another order that are both given names. The scores are chosen on
labelled pairs, `benchmarks/names`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from services.names.common import common_given, common_surnames
from services.names.fathers import fathers, may_be_of_one_father
from services.names.given_known import folded_forms, initials_of
from services.names.name_parts import ANY_VOWEL, NameParts
from services.names.sounds import NameLanguage, heard_alike, surname_sound

GIVEN_NAME: Final = "given name"
PATRONYMIC_AGREES: Final = "patronymic"
"""What agreed, where it did in full."""
SAME_FROM: Final = 0.87
DOUBTFUL_FROM: Final = 0.6

_ALIKE: Final = 84.0
"""Of folded words (`fuzz.ratio`): one letter in six or seven."""
_OTHER_ENDING: Final = "surname but for its ending"
_OTHER_ORDER: Final = 0.8
"""Times the rest, where the given name of the one is the surname of the other, were both read in one order."""
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
    common: bool = False
    """Do so many bear this name that it tells nobody from a namesake?"""

    @property
    def verdict(self) -> NameVerdict:
        if self.score >= SAME_FROM:
            return NameVerdict.SAME
        return NameVerdict.DOUBTFUL if self.score >= DOUBTFUL_FROM else NameVerdict.DIFFERENT


NO_MATCH: Final = NameMatch(0.0)
_Part = tuple[float, str]
_NONE: Final[_Part] = (0.0, "")
_ENDING: Final[_Part] = (0.72, _OTHER_ENDING)
_ONE_OF_TWO: Final = "one of two surnames"
_ONE_OF_MANY: Final[_Part] = (0.8, _ONE_OF_TWO)
"""Of Гузова-Иванова the second tells hardly more than the given name alone."""
_INITIAL: Final = "initial of the given name"
_INITIAL_OF_MANY: Final[_Part] = (0.78, _INITIAL)
"""Before a surname that thousands bear an initial leaves hundreds; a year of birth beside it is enough all the same."""


@lru_cache(16_384)
def match_names(one: tuple[NameParts, ...], other: tuple[NameParts, ...]) -> NameMatch:
    """Of the ways in which the two can be read, those that agree best."""
    return max((_match(a, b) for a in one for b in other), default=NO_MATCH)


def _match(a: NameParts, b: NameParts) -> NameMatch:
    surname = _surnames(a.surnames, b.surnames)
    given = _given(a, b) if surname[0] else _NONE
    father = _fathers(a, b)
    if not given[0] or father is None or (surname[1] == _OTHER_ENDING and not _same_full_name(a, b)):
        return NO_MATCH
    many = _borne_by_many(a, b)
    if many and given[1] == _INITIAL:
        given = _INITIAL_OF_MANY
    if many and surname[1] == _ONE_OF_TWO:
        surname = _ONE_OF_MANY
    order = 1.0 if a.surname_first == b.surname_first else _OTHER_ORDER
    score = min(1.0, given[0] * surname[0] * order + father[0])
    agreed = tuple(said for _, said in (surname, given, father) if said)
    return NameMatch(round(score, 3), agreed, many and not a.given.isdisjoint(common_given()))


def _same_full_name(a: NameParts, b: NameParts) -> bool:
    return len(a.given) == 1 and a.given == b.given


def _borne_by_many(a: NameParts, b: NameParts) -> bool:
    return any(folded in common_surnames() and len(one.surnames) == 1 for one in (a, b) for folded, _ in one.surnames)


def _surnames(a: Sequence[tuple[str, str]], b: Sequence[tuple[str, str]]) -> _Part:
    common = {folded for folded, _ in a} & {folded for folded, _ in b}
    if not common:
        if _other_sex(a, b):
            return _ENDING
        alike = (fuzz.ratio(x, y) for x, _ in a for y, _ in b if surname_sound(x) == surname_sound(y))
        return (0.74, "surname alike") if max(alike, default=0) >= _ALIKE else _NONE
    if not any(_sound_alike(x, y) for x in a for y in b if x[0] == y[0]):
        return _ENDING if _other_adjective(a, b) else (0.74, "surname but for a sound")
    if len(common) == max(len(a), len(b)):
        return 1.0, "surname"
    one_of_two = len(common) == 1 and max(len(a), len(b)) == 2 and min(len(a), len(b)) == 1
    return (0.94, _ONE_OF_TWO) if one_of_two else (0.8, "one surname of several")


def _sound_alike(x: tuple[str, str], y: tuple[str, str]) -> bool:
    return not x[1] or not y[1] or heard_alike(x[1], y[1])


def _other_sex(a: Sequence[tuple[str, str]], b: Sequence[tuple[str, str]]) -> bool:
    """Иванов and Иванова are as alike as two spellings, and two people."""
    return any(x in (f"{y}a", f"{y[:-1]}aa") or y in (f"{x}a", f"{x[:-1]}aa") for x, _ in a for y, _ in b)


def _other_adjective(a: Sequence[tuple[str, str]], b: Sequence[tuple[str, str]]) -> bool:
    """Ковалевский and Ковалевская, Полевой and Полевая: they fold alike."""
    return any({x[-1:], y[-1:]} == {"i", "a"} and x[:-1] == y[:-1] for _, x in a for _, y in b)


def _given(a: NameParts, b: NameParts) -> _Part:
    if a.is_initialled or b.is_initialled:
        return _by_initial(a, b)
    if a.given and b.given:
        return _known_given(a, b)
    if not (a.given or a.given_word) or not (b.given or b.given_word):
        return 0.62, "no given name beside it"
    forms, others = _words(a), _words(b)
    if forms & others:
        return 1.0, GIVEN_NAME
    best = max(fuzz.ratio(x, y) for x in forms for y in others)
    return (0.74, "given name alike") if best >= _ALIKE else _NONE


def _known_given(a: NameParts, b: NameParts) -> _Part:
    if a.given.isdisjoint(b.given):
        return _NONE
    told = a.given == b.given or not (a.is_unsure or b.is_unsure)
    return (1.0, GIVEN_NAME) if told else (0.76, "one of the given names that it may be")


def _words(one: NameParts) -> frozenset[str]:
    return frozenset(form for name in one.given for form in folded_forms(name)) or frozenset([one.given_word])


def _by_initial(a: NameParts, b: NameParts) -> _Part:
    language = a.language if a.language == b.language else None
    one, other = _first_letters(a, language), _first_letters(b, language)
    if not one or not other:
        return 0.62, "no given name beside it"
    if one & other:
        return 0.92, _INITIAL
    unsure = {ANY_VOWEL} & (one | other) and one & (_VOWELS | {ANY_VOWEL}) and other & (_VOWELS | {ANY_VOWEL})
    return (0.75, "an initial that is a vowel") if unsure else _NONE


def _first_letters(one: NameParts, language: NameLanguage | None) -> frozenset[str]:
    """`language`: of both names; М. is no Николай in Russian, and may be one where the other is Belarusian."""
    if one.is_initialled:
        return frozenset(one.initials[:1])
    if one.given:
        return frozenset(letter for name in one.given for letter in initials_of(name, language))
    first = one.given_word[:1]
    return frozenset([ANY_VOWEL if first == "a" else first]) if first else frozenset()


def _fathers(a: NameParts, b: NameParts) -> _Part | None:
    """None where the patronymics are two; nothing is added where one is not known."""
    if a.patronymic and b.patronymic:
        return (0.12, PATRONYMIC_AGREES) if _one_father(a, b) else None
    one, other = _initial_of_father(a), _initial_of_father(b)
    if not one or not other or frozenset((one, other)) in _EXCHANGED:
        return _NONE
    if one != other:
        return None
    return _NONE if one == _VOWEL else (0.03, "initial of the patronymic")


def _one_father(a: NameParts, b: NameParts) -> bool:
    one, other = fathers(a.patronymic), fathers(b.patronymic)
    starts = {a.father_heard[:1], b.father_heard[:1]} - {""}
    told_by_vowel = bool(one and other) and len(one | other) > 1 and len(starts) == 2 and starts <= _VOWELS
    return may_be_of_one_father(a.patronymic, b.patronymic) and not told_by_vowel


def _initial_of_father(one: NameParts) -> str:
    """Vowels are one: of which it is, languages say differently."""
    letter = one.patronymic[:1] or "".join(one.initials[1:2])
    return _VOWEL if letter in _VOWELS or letter == ANY_VOWEL else letter
