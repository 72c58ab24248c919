"""Brings a name that stands in another case back to the nominative, as far as the language allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.ingest.extraction.people.morphology import russian
from services.ingest.extraction.people.morphology.declension import Case, Declensions, declensions
from services.ingest.extraction.people.morphology.given_forms import GivenForm, readings_as_given
from services.names import Sex

_HERS: Final = ("ая", "ую", "ой", "ай")
_HIS: Final = ("ага", "ога", "яга", "ого", "его", "аму", "яму", "ому", "ему")
"""Endings of surnames that tell her from him, where a given name in that case may be either's."""

_SHARED: Final = tuple(stem + vowel for stem in ("ов", "ев", "ёв", "ав", "ин", "ын", "ін") for vowel in "ау")
"""Юдина is she, or he in the genitive; Юдину is she in the accusative, or he in the dative."""

_VOWELS: Final = tuple("аеёиіоуыэюя")

_OBLIQUE_OF_WOMEN: Final = ("у", "ю", "ой", "ай", "ей", "ою", "аю")


@dataclass(frozen=True, slots=True)
class FullName:
    """The parts of a name as written, and what stands round it in its sentence. `given` may be initials."""

    given: str
    surname: str
    patronymic: str = ""
    before: str = ""
    after: str = ""


def given_readings(word: str, language: str) -> tuple[GivenForm, ...]:
    """How the word may be read as a given name; none for any other word."""
    return readings_as_given(word, language) or (russian.known_given(word) if language == "ru" else ())


def is_patronymic(word: str, language: str) -> bool:
    rules = declensions(language)
    return rules is not None and rules.patronymic.fullmatch(word) is not None


def in_nominative(name: FullName, language: str) -> tuple[str, str, str]:
    """(given, patronymic, surname). What cannot be brought back stays as written; nothing is guessed of a language
    that does not decline names, nor of initials whose surname may be a man's and a woman's."""
    rules = declensions(language)
    as_written = (name.given, name.patronymic, name.surname)
    if rules is None:
        return as_written
    if "." in name.given:
        return name.given, "", _without_sex(name.surname, rules)
    readings = given_readings(name.given, language)
    if not readings or name.given.isascii():
        return as_written
    reading = _likeliest(readings, name, rules)
    if _stands_in_nominative(reading, name.surname):
        return as_written
    given = reading.nominative.upper() if name.given.isupper() else reading.nominative
    return given, _brought_back(name.patronymic, reading, language), _brought_back(name.surname, reading, language)


def one_of_a_couple(given: str, surname: str, language: str) -> tuple[str, str]:
    """(given, surname) in the nominative, of one of two people whose surname stands once, in the plural."""
    rules, readings = declensions(language), given_readings(given, language)
    if rules is None or not readings or given.isascii():
        return given, surname
    return readings[0].nominative, rules.of_couple(surname, readings[0].sex)


def _stands_in_nominative(reading: GivenForm, surname: str) -> bool:
    if Case.NOMINATIVE not in reading.cases:
        return False
    if len(reading.cases) == 1:
        return True
    return not (reading.sex == "f" and surname.endswith(_OBLIQUE_OF_WOMEN))


def _likeliest(readings: tuple[GivenForm, ...], name: FullName, rules: Declensions) -> GivenForm:
    """Валентина is a woman, or a man to whom something was done: the surname tells, else what stands round the name."""
    hers = next((each for each in readings if each.sex == "f"), None)
    his = next((each for each in readings if each.sex == "m"), None)
    if hers is None or his is None:
        return readings[0]
    if name.patronymic:
        return his if name.patronymic.endswith(("ч", "ча", "чу", "чам", "чем")) else hers
    surname = name.surname.lower()
    if surname.endswith((*_HIS, *_SHARED, "о")) and not surname.endswith(_HERS):
        return his if surname.endswith(_HIS) or not _is_she(name, hers, rules) else hers
    return hers if surname.endswith(_HERS) or not surname.endswith(_VOWELS) else his


def _is_she(name: FullName, hers: GivenForm, rules: Declensions) -> bool:
    if Case.NOMINATIVE in hers.cases:
        return bool(rules.nominative_after.match(name.after) or rules.nominative_before.search(name.before))
    return bool(rules.oblique_before.search(name.before))


def _brought_back(words: str, reading: GivenForm, language: str) -> str:
    """Each part of a double surname by itself."""
    return "-".join(_part_brought_back(part, reading.sex, reading.cases, language) for part in words.split("-"))


def _part_brought_back(part: str, sex: Sex, cases: frozenset[Case], language: str) -> str:
    rules = declensions(language)
    if not part or rules is None:
        return part
    known = russian.known_surname(part, sex, cases) if language == "ru" else None
    return known or rules.of_surname(part, sex, cases) or part


def _without_sex(surname: str, rules: Declensions) -> str:
    found = next(_told_by_ending(surname, rules), None)
    return found or surname


def _told_by_ending(surname: str, rules: Declensions) -> Iterator[str]:
    for ending, nominative in rules.without_sex:
        if surname.endswith(ending):
            yield surname.removesuffix(ending) + nominative
