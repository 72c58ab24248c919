"""Declines names by the tables of `declension.yaml`, and brings what was declined back to the nominative."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Final

import msgspec

from services.data_files import read_packaged
from services.names import BadNames, Sex


class Case(Enum):
    """In the order of the endings of a row."""

    NOMINATIVE = 0
    GENITIVE = 1
    DATIVE = 2
    ACCUSATIVE = 3
    INSTRUMENTAL = 4
    LOCATIVE = 5


ALL_CASES: Final = frozenset(Case)

_LONGEST_ENDING: Final = 2
"""Of a surname that loses a vowel: Зайц-ам."""


class _Language(msgspec.Struct, forbid_unknown_fields=True):
    stems: dict[str, str]
    vowelless: dict[str, str]
    patronymic: str
    nominative_before: str
    nominative_after: str
    oblique_before: str
    without_sex: list[tuple[str, str]]
    plural: list[tuple[str, str, str]]
    given: dict[Sex, list[list[str]]]
    surnames: dict[Sex, list[list[str]]]


@dataclass(frozen=True, slots=True)
class Declension:
    """One row: the endings of each case in the order of Case, and what the stem must end in."""

    endings: tuple[tuple[str, ...], ...]
    stem: re.Pattern[str]

    def declined(self, stem: str) -> Iterator[tuple[str, Case]]:
        for case in Case:
            for ending in self.endings[case.value]:
                yield stem + ending, case

    def brought_back(self, form: str, case: Case) -> str | None:
        """The nominative of a form in that case, or None where the form is not of this declension."""
        for ending in self.endings[case.value]:
            stem = form.removesuffix(ending)
            if form.endswith(ending) and self.stem.search(stem):
                return stem + self.endings[0][0]
        return None


@dataclass(frozen=True, slots=True)
class Declensions:
    """Those of one language, in the order in which they are tried."""

    stems: dict[str, str]
    with_vowel: dict[str, str]
    given: dict[Sex, tuple[Declension, ...]]
    surnames: dict[Sex, tuple[Declension, ...]]
    patronymic: re.Pattern[str]
    """A word that is one, in any case."""
    nominative_before: re.Pattern[str]
    nominative_after: re.Pattern[str]
    """What stands next to a woman who acts."""
    oblique_before: re.Pattern[str]
    """What stands before somebody to whom something is done."""
    without_sex: tuple[tuple[str, str], ...]
    """Endings that tell case and sex by themselves, each with that of its nominative."""
    plural: tuple[tuple[tuple[str, ...], str, str], ...]
    """Endings of a couple's surname, with his and hers."""

    def of_given(self, name: str, sex: Sex) -> Iterator[tuple[str, Case]]:
        """Every form of a given name with its case; an undeclined name is itself in every case."""
        for row in self.given[sex]:
            ending = row.endings[0][0]
            stem = name.removesuffix(ending)
            if name.endswith(ending) and row.stem.search(stem):
                yield from row.declined(stem)
                if name in self.stems:
                    yield from (
                        (form, case) for form, case in row.declined(self.stems[name]) if form != self.stems[name]
                    )
                return
        yield from ((name, case) for case in Case)

    def of_surname(self, form: str, sex: Sex, cases: frozenset[Case]) -> str | None:
        """The nominative of a surname in one of these cases; None where no row has such a form."""
        for stem, name in self.with_vowel.items():
            if sex == "m" and form.startswith(stem) and len(form) - len(stem) <= _LONGEST_ENDING:
                return name
        for row in self.surnames[sex]:
            for case in sorted(cases - {Case.NOMINATIVE}, key=lambda case: case.value):
                if found := row.brought_back(form, case):
                    return found
        return None

    def of_couple(self, surname: str, sex: Sex) -> str:
        """The surname of one of two who share it; unchanged where it has no plural."""
        for endings, his, hers in self.plural:
            for ending in endings:
                if surname.endswith(ending):
                    return surname.removesuffix(ending) + (his if sex == "m" else hers)
        return surname


@cache
def declensions(language: str) -> Declensions | None:
    """None for a language that declines no names. Raises BadNames when the data file does not fit."""
    written = _written().get(language)
    if written is None:
        return None
    return Declensions(
        stems=written.stems,
        with_vowel={stem: name for name, stem in written.vowelless.items()},
        given=_rows(written.given),
        surnames=_rows(written.surnames),
        patronymic=re.compile(f"(?:{written.patronymic})", re.IGNORECASE),
        nominative_before=re.compile(f"(?:{written.nominative_before})$"),
        nominative_after=re.compile(f"(?:{written.nominative_after})"),
        oblique_before=re.compile(f"(?:{written.oblique_before})$", re.IGNORECASE),
        without_sex=tuple(written.without_sex),
        plural=tuple((tuple(each.split("/")), his, hers) for each, his, hers in written.plural),
    )


@cache
def _written() -> dict[str, _Language]:
    return read_packaged(__package__, "declension.yaml", dict[str, _Language], BadNames)


def _rows(written: dict[Sex, list[list[str]]]) -> dict[Sex, tuple[Declension, ...]]:
    return {sex: tuple(_declension(row) for row in rows) for sex, rows in written.items()}


def _declension(row: list[str]) -> Declension:
    endings, rest = row[: len(Case)], row[len(Case) :]
    if len(endings) != len(Case) or len(rest) > 1:
        raise BadNames(f"declension.yaml: a row has {len(Case)} endings and at most one stem: {row}")
    stem = re.compile(f"(?:{rest[0]})$" if rest else ".$", re.IGNORECASE)
    return Declension(tuple(tuple(each.split("/")) for each in endings), stem)
