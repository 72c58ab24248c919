"""The word stems of the languages that are only skimmed, read once from `languages/<code>.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon

SKIMMED: Final = (
    "uk", "pl", "lt", "lv", "de", "fr", "es", "it", "pt", "nl", "sv", "fi", "is", "cs", "bg", "mk", "ka",
)  # fmt: skip
"""ISO 639-1 codes."""


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    home: list[str]
    pardon: list[str]
    arrest: list[str]
    otherwise: list[str]
    elsewhere: list[str]
    people: list[str]
    parts: dict[str, list[str]]
    totals: list[str]
    held: list[str]
    others: list[str]
    about: list[str]
    at_least: list[str]
    says: list[str]
    months: list[str]
    numbers: dict[int, list[str]]


@dataclass(frozen=True, slots=True)
class Words:
    """Patterns over a sentence, in any case of letters.

    `otherwise` makes the sentence tell of no act, `elsewhere` the whole text tell of another country; `others` follow a
    number that counts no people; `says` stands before whoever speaks; `held` and `totals` stand by the numbers of the
    wider count.
    """

    home: re.Pattern[str]
    pardon: re.Pattern[str]
    arrest: re.Pattern[str]
    otherwise: re.Pattern[str]
    elsewhere: re.Pattern[str]
    people: re.Pattern[str]
    parts: tuple[tuple[str, re.Pattern[str]], ...]
    totals: re.Pattern[str]
    held: re.Pattern[str]
    others: re.Pattern[str]
    about: re.Pattern[str]
    at_least: re.Pattern[str]
    says: re.Pattern[str]
    months: tuple[re.Pattern[str], ...]
    numbers: tuple[tuple[re.Pattern[str], int], ...]


@cache
def words_of(language: str) -> Words:
    """Raises BadLexicon when the file does not fit, KeyError for a language that is not skimmed."""
    if language not in SKIMMED:
        raise KeyError(language)
    written = read_packaged(__package__, f"languages/{language}.yaml", _Written, BadLexicon)
    if len(written.months) != 12:
        raise BadLexicon(f"skimming/languages/{language}.yaml: 'months' has {len(written.months)} entries, not 12")
    lists = {name: _any_of(getattr(written, name)) for name in _LISTS}
    return Words(
        **lists,
        parts=tuple((field, _any_of(stems)) for field, stems in written.parts.items()),
        months=tuple(_any_of([stem]) for stem in written.months),
        numbers=tuple((_any_of(stems), value) for value, stems in written.numbers.items()),
    )


_LISTS: Final = (
    "home", "pardon", "arrest", "otherwise", "elsewhere", "people", "totals", "held", "others", "about", "at_least",
    "says",
)  # fmt: skip


def _any_of(stems: list[str]) -> re.Pattern[str]:
    """`~` is the rest of a word, a space any white space, `…` up to 40 characters; nothing else is special."""
    bodies = [_body(stem) for stem in sorted(stems, key=len, reverse=True)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(bodies) or '(?!)'})(?!\w)", re.IGNORECASE)


def _body(stem: str) -> str:
    body = re.escape(stem.replace("ё", "е"))
    return body.replace("\\~", r"\w*").replace("~", r"\w*").replace("…", ".{0,40}?").replace("\\ ", r"\s++")
