"""What is no person although a name stands in it: streets, prizes, universities; and words that are no surname."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    before: list[str]
    of: list[str]
    after: list[str]
    no_surnames: dict[str, str]
    endings: dict[str, str]
    never_first: dict[str, str]


_LAUREATE: Final = re.compile(r"(?<!\w)(?:ла[уў]р[еэ]ат|обладател|номинант|намінант|уладальні)\w* ", re.IGNORECASE)
"""Of a prize: whose name stands behind it is a person's."""


@dataclass(frozen=True, slots=True)
class _Things:
    before: re.Pattern[str]
    of: re.Pattern[str]
    after: re.Pattern[str]
    no_surnames: frozenset[str]
    endings: dict[str, re.Pattern[str]]
    never_first: dict[str, re.Pattern[str]]


def is_part_of_a_thing(plain: str, start: int, end: int, *, nominative: bool) -> bool:
    """Is the name between these offsets, `nominative` as it stands there or not, that of a street, a prize, a law?"""
    near, things = plain[max(0, start - 60) : start], _things()
    of_thing = not nominative and not _LAUREATE.search(near) and things.of.search(near)
    named_after = things.before.search(near) or of_thing
    return bool(named_after or things.after.match(plain, end))


def is_surname(word: str, by_ending: str | None = None) -> bool:
    """May this capitalised word be a surname? `by_ending`: only one that ends like those of people of this language."""
    if not word or word in _things().no_surnames:
        return False
    if by_ending is None:
        return True
    language = "en" if word.isascii() else by_ending
    return bool(_things().endings[language].search(word)) and not _things().never_first[language].fullmatch(word)


@cache
def _things() -> _Things:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "things.yaml", _Written, BadLexicon)
    try:
        groups = (written.before, written.of, written.after)
        before, of, after = ("|".join(each).replace("~", r"\w*") for each in groups)
        return _Things(
            before=re.compile(rf"(?<!\w)(?:{before}) ?$", re.IGNORECASE),
            of=re.compile(rf"(?<!\w)(?:{of}) ?$", re.IGNORECASE),
            after=re.compile(rf" (?:{after})(?!\w)", re.IGNORECASE),
            no_surnames=frozenset(word for words in written.no_surnames.values() for word in words.split()),
            endings={code: re.compile(f"(?:{_joined(ending)})$") for code, ending in written.endings.items()},
            never_first={code: re.compile(words) for code, words in written.never_first.items()},
        )
    except re.error as error:
        raise BadLexicon(f"things.yaml: {error}") from error


def _joined(pattern: str) -> str:
    return pattern.replace(" ", "")
