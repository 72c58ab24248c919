"""Which words are given names: every form of those in the table, in every case, script and romanisation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from services.ingest.extraction.people.morphology.declension import Case, declensions
from services.ingest.extraction.people.morphology.romanisation import romanised
from services.names import GivenName, Sex, given_names

_NO_NAMES: Final = frozenset({"german", "jury", "august"})
"""Words of English that are a romanisation of a name as well."""

_CYRILLIC: Final = re.compile("[\u0400-\u04ff']+")


@dataclass(frozen=True, slots=True)
class GivenForm:
    """A reading of one word as a given name: its nominative, and the cases that the word may stand in."""

    nominative: str
    sex: Sex
    cases: frozenset[Case]


def readings_as_given(word: str, language: str) -> tuple[GivenForm, ...]:
    """How this word may be read as a given name, in a text of that language; without any, it is none."""
    return _forms(language).get(unaccented(word), ())


def unaccented(word: str) -> str:
    """ё is written е in many texts, and apostrophes are of many kinds."""
    return word.lower().replace("ё", "е").replace("’", "'")


@cache
def _forms(language: str) -> dict[str, tuple[GivenForm, ...]]:
    """By form. One nominative stands for its spellings with е and with ё, and for those in capitals and without."""
    found: dict[str, dict[tuple[str, Sex], tuple[str, set[Case]]]] = {}
    for name in given_names():
        for nominative, form, case in _declined(name, language):
            readings = found.setdefault(unaccented(form), {})
            readings.setdefault((unaccented(nominative), name.sex), (nominative, set()))[1].add(case)
    return {
        form: tuple(GivenForm(nominative, sex, frozenset(cases)) for (_, sex), (nominative, cases) in readings.items())
        for form, readings in found.items()
        if form not in _NO_NAMES
    }


def _declined(name: GivenName, language: str) -> Iterator[tuple[str, str, Case]]:
    """(nominative, form, case). A neighbour's form is declined by the rules of the language that it stands in."""
    rules = declensions(language)
    for nominative in dict.fromkeys((*name.forms, *_romanised(name))):
        if rules and _CYRILLIC.fullmatch(nominative):
            yield from ((nominative, form, case) for form, case in rules.of_given(nominative, name.sex))
        else:
            yield from ((nominative, nominative, case) for case in Case)


@cache
def _romanised(name: GivenName) -> tuple[str, ...]:
    spelt = [*(romanised(form, "be") for form in name.be), *(romanised(form, "ru") for form in name.ru)]
    return tuple(sorted(frozenset().union(*spelt)))
