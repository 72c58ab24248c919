"""When and how visibly somebody wants to be told, as the record keeps it and as people write it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal, get_args
from unicodedata import normalize
from zoneinfo import available_timezones

Frequency = Literal["at_once", "daily", "weekly"]
FREQUENCIES: Final[tuple[Frequency, ...]] = get_args(Frequency)

Cover = Literal["fold", "code_word"]
"""What a discreet letter shows where it cannot be encrypted: the text below the fold, or nothing but a word of the
reader's own, at which they look at the story's page."""
COVERS: Final[tuple[Cover, ...]] = get_args(Cover)

Quiet = tuple[int, int]
"""Minutes after midnight in the reader's zone, from and until; the first may be the later one: across midnight."""

_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})\s*[-\u2013]\s*(\d{1,2}):(\d{2})", re.ASCII)
_DAY: Final = 24 * 60
_LONGEST_WORD: Final = 40
MINSK: Final = "Europe/Minsk"


def quiet_of(text: str) -> Quiet:
    """ "22:00-07:00" in minutes. Raises ValueError, which says what it takes."""
    found = _SPAN.fullmatch(text.strip())
    hours = tuple(map(int, found.groups())) if found else (99, 0, 99, 0)
    if max(hours[0], hours[2]) > 23 or max(hours[1], hours[3]) > 59 or hours[:2] == hours[2:]:
        raise ValueError("quiet hours are two different times of day, like 22:00-07:00")
    return hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]


def quiet_text(quiet: Quiet) -> str:
    start, end = (f"{minute // 60:02}:{minute % 60:02}" for minute in quiet)
    return f"{start}-{end}"


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Asked of the disk once: it takes milliseconds, and a file may have a hundred thousand readers."""
    return frozenset(available_timezones())


def zone_of(text: str) -> str:
    """An IANA name, as it stands in the time zone database. Raises ValueError, which says what it takes."""
    if text.strip() not in zones():
        raise ValueError("a zone has its name in the IANA database, like Europe/Minsk or Europe/Warsaw")
    return text.strip()


def code_word_of(text: str) -> str:
    """One line of a reader's own. Raises ValueError, which does not repeat it."""
    word = " ".join(normalize("NFC", text).split())
    if not word or len(word) > _LONGEST_WORD or not all(sign.isalnum() or sign in " '\u2019-" for sign in word):
        raise ValueError(f"a code word is letters and figures, {_LONGEST_WORD} signs at most")
    return word
