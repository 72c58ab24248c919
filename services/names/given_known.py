"""What a word may be as a given name: by its spelling, by its sound, or by what is left of it in a folded key."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

import msgspec

from services.data_files import read_packaged
from services.names.folding import fold, latin_letters, tokens_of
from services.names.given import BadNames, GivenName, Sex, every_given_name, given_names
from services.names.sounds import NameLanguage, fine, given_sound, symbols, without_h_told

_GivenBy = dict[str, frozenset[str]]
_NONE: Final[frozenset[str]] = frozenset()
_ALIKE_BY_CHANCE: Final = 4
"""Letters of a sound, up to which many words have it."""


class _Short(msgspec.Struct, forbid_unknown_fields=True):
    short: str
    of: list[str]


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    names: list[_Short]


def may_be(plain: str, folded: str, *, beside_one: bool = False) -> frozenset[str]:
    """The names that a lower-case word may be a form of, in full and in Belarusian; several where it is short for
    several, or where no finer spelling than its sound tells. `beside_one`: another word of the name surely is a given
    name, so that this one needs more than a likeness: Лось sounds like Лесь. Raises BadNames."""
    if is_spelt(plain):
        return _by_spelling()[plain]
    if beside_one and len(fine(plain)) <= _ALIKE_BY_CHANCE:
        return _NONE
    found = _by_vowels().get(given_sound(plain)) or _by_sound().get(_heard(plain))
    if found or beside_one:
        return found or _NONE
    if "ch" in plain:  # Łacinka without its marks
        return may_be(plain.replace("ch", "h"), folded)
    return _by_fold().get(folded, _NONE)


def is_spelt(plain: str) -> bool:
    """Is this very spelling one of a given name? Raises BadNames."""
    return plain in _by_spelling()


def may_be_folded(folded: str) -> frozenset[str]:
    """The same of a word of a folded key, whose vowels are lost. Raises BadNames."""
    return _by_fold().get(folded, _NONE)


def of_one_sex(names: frozenset[str], sex: Sex) -> frozenset[str]:
    """Of what a word may be, that which somebody of that sex is called; all where nobody of it is."""
    return frozenset(name for name in names if (of := _full(name)) and of.sex == sex) or names


@cache
def initials_of(given: str, language: NameLanguage | None = None) -> frozenset[str]:
    """With which letters a given name begins in that language, or in one or another where it is not known: Мікалай and
    Николай, Алена and Елена."""
    of = _full(given)
    if of is None:
        return _NONE
    forms = of.forms if language is None else of.be if language == "be" else of.ru
    return frozenset(symbol for form in forms for symbol in symbols(form.lower()))


@cache
def folded_forms(given: str) -> frozenset[str]:
    of = _full(given)
    return frozenset(map(fold, of.forms)) if of else _NONE


def _full(given: str) -> GivenName | None:
    """None for what is no name of ours: a kept key may be of another version."""
    return _by_name().get(given)


@cache
def _by_name() -> dict[str, GivenName]:
    return {name.be[0]: name for name in every_given_name()}


@cache
def short_names() -> dict[str, frozenset[str]]:
    """By short form, lower-case. Raises BadNames."""
    written = read_packaged(__package__, "short_names.yaml", _Written, BadNames)
    return {form.lower(): frozenset(row.of) for row in written.names for form in row.short.split()}


@cache
def _by_spelling() -> _GivenBy:
    """A short form is what the list of them says, also where it has a row of its own."""
    spelt = (("".join(tokens_of(form)), [name.be[0]]) for name in every_given_name() for form in name.forms)
    return _gathered(spelt) | short_names()


@cache
def _by_vowels() -> _GivenBy:
    return _gathered((given_sound(spelling), names) for spelling, names in _by_spelling().items())


@cache
def _by_sound() -> _GivenBy:
    return _gathered((_heard(spelling), names) for spelling, names in _by_spelling().items())


@cache
def _by_fold() -> _GivenBy:
    return _gathered((fold(form), [name.be[0]]) for name in given_names() for form in name.forms)


def _heard(plain: str) -> str:
    """Its sound, and whether it ends in -a, as most women's names do: Валерий sounds like Валерия but for that."""
    return without_h_told(fine(plain)) + (" a" if latin_letters(plain).endswith("a") else "")


def _gathered(pairs: Iterable[tuple[str, Iterable[str]]]) -> _GivenBy:
    found: dict[str, set[str]] = {}
    for key, names in pairs:
        found.setdefault(key, set()).update(names)
    return {key: frozenset(names) for key, names in found.items()}
