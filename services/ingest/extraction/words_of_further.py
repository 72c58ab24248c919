"""Reads a language's words for what is said of those whom an act touched, for its lexicon to hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon, Patterns, compile_all
from services.ingest.extraction.dialect.vocabulary import Vocabulary


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    """As it stands in its file; the head of the English one says what each list is for."""

    words: dict[str, str]
    out: list[str]
    inside: list[str]
    released: list[str]
    pardoning: list[str]
    abroad: list[str]
    and_to: list[str]
    home: list[str]
    let_go: list[str]
    not_let_go: list[str]
    held: list[str]
    moved_on: list[str]
    sites: list[str]
    lost: list[str]
    found: list[str]
    recognised: list[str]
    administrative_days: list[str]
    bounded: list[str]
    detained_before: list[str]
    never_before: list[str]
    threatened: list[str]
    counted_since: list[str]
    as_of: list[str]
    as_of_tally: list[str]
    unreal: list[str]
    partial: list[str]
    excepting: list[str]
    others: list[str]
    again: list[str]
    speaking: list[str]
    newcomers: list[str]
    explicit: list[str]
    lasted: list[str]
    abroad_site: list[str]


class _Country(msgspec.Struct, forbid_unknown_fields=True):
    en: str
    ru_to: str
    ru_in: str
    be_to: str
    be_in: str


class _Site(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    which: bool
    spelt: str


@dataclass(frozen=True, slots=True)
class DetentionSite:
    """`name` has {n} where the place bears a number; `which`: it says which place is meant, not only of what kind."""

    name: str
    which: bool
    spelt: str
    pattern: re.Pattern[str]


_NUMBER: Final = r"(?:\d{1,2}|{m}|{measure})"
"""As it stands in a sentence whose numbers are masked."""


def words_of_further(language: str, words: Mapping[str, str]) -> dict[str, Patterns]:
    """The lists of `lexicon/further/<language>.yaml`, by name; `words` are the lexicon's. Raises BadLexicon."""
    written = read_packaged(__package__, f"lexicon/further/{language}.yaml", _Written, BadLexicon)
    # A vocabulary of their own: only news of an act is asked, and all other texts need not be slower.
    known, vocabulary = {**words, **written.words, **_of_places(language)}, Vocabulary()
    lists = (name for name in _Written.__struct_fields__ if name != "words")
    return {name: compile_all(getattr(written, name), known, vocabulary) for name in lists}


def _of_places(language: str) -> dict[str, str]:
    return {
        "country_to": f"(?-i:{'|'.join(each.spelt for each in _countries(language, 'to'))})",
        "country_in": f"(?-i:{'|'.join(each.spelt for each in _countries(language, 'in'))})",
        "site": "|".join(f"(?:{site.spelt.replace('{n}', _NUMBER)})" for site in detention_sites()),
    }


@dataclass(frozen=True, slots=True)
class _SpeltCountry:
    code: str
    spelt: str
    pattern: re.Pattern[str]


@cache
def _countries(language: str, case: str) -> tuple[_SpeltCountry, ...]:
    """As they are written behind "to" or "in". Raises BadLexicon."""
    written = read_packaged(__package__, "further/countries.yaml", dict[str, _Country], BadLexicon)
    key = "en" if language == "en" else f"{language}_{case}"
    spelt = ((code, getattr(each, key)) for code, each in written.items())
    return tuple(_SpeltCountry(code, said, re.compile(said)) for code, said in spelt)


@cache
def detention_sites() -> tuple[DetentionSite, ...]:
    """In the order in which they are asked. Raises BadLexicon."""
    written = read_packaged(__package__, "further/detention_sites.yaml", list[_Site], BadLexicon)
    return tuple(_site(each) for each in written)


def _site(each: _Site) -> DetentionSite:
    by_number = each.spelt.replace("{n}", r"(\d{1,2})")
    return DetentionSite(each.name, each.which, each.spelt, re.compile(by_number, re.IGNORECASE))


def country_of(written: str, language: str) -> str | None:
    """The code of the country that is written so behind "to" or "in"."""
    known = (*_countries(language, "to"), *_countries(language, "in"))
    return next((each.code for each in known if each.pattern.fullmatch(written)), None)
