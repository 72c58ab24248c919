"""A person on a line of a form: the name, and after commas the year of birth and the town. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from services.names import fold, is_initialled
from services.portal.signup.towns import find_town
from services.subscribers.interests import PersonMark, marked

_MOST_SIGNS: Final = 100
_MOST_WORDS: Final = 4
_BETWEEN: Final = " .'’ʼ`´-‐‑"
_OURS: Final = re.compile(r"[^\W\d_]")
_YEAR: Final = re.compile(r"(?:19|20)\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class PersonLine:
    name: str
    born: int | None = None
    town: str | None = None
    """As an interest keeps it."""
    problem: str | None = None
    """Why nobody would ever be found by it: a key of `door.join.problem`."""

    def __repr__(self) -> str:
        return "PersonLine()"

    @property
    def mark(self) -> PersonMark:
        """Raises ValueError where it names nobody."""
        return marked(self.name, self.born, self.town)


def read_person(line: str) -> PersonLine:
    name, *told = (part.strip() for part in line.split(","))
    years = [part for part in told if _YEAR.fullmatch(part)]
    towns = [part for part in told if part and part not in years]
    town = find_town(towns[0]) if towns else None
    unread = len(years) > 1 or len(towns) > 1 or (bool(towns) and town is None)
    problem = never_named(name) or ("told_apart" if unread else None)
    return PersonLine(name, int(years[0]) if years else None, town, problem)


def never_named(name: str) -> str | None:
    """Why no text that we read would name somebody so; None where one might."""
    key = fold(name)
    words = key.split()
    if any(unicodedata.category(sign)[0] not in "LM" and sign not in _BETWEEN for sign in name):
        return "signs"
    if len(name) > _MOST_SIGNS or len(words) > _MOST_WORDS:
        return "long_name"
    if not words or not all(map(_is_read, _OURS.findall(name))):
        return "no_letters"
    if len(words) < 2 or all(len(word) == 1 for word in words):
        return "one_word"
    if is_initialled(key) and any(word == "a" for word in words):
        return "vowel_initial"  # it would meet too many
    return None


def _is_read(sign: str) -> bool:
    """Latin or Cyrillic, the only letters of the names that we read."""
    return sign <= "ɏ" or "Ѐ" <= sign <= "ԯ" or "Ḁ" <= sign <= "ỿ"
