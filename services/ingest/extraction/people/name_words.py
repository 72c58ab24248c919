"""The words of a sentence of which names are made, and whom we know by them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from services.ingest.extraction.gazetteer import KnownPerson, gazetteer, stem
from services.ingest.extraction.people.morphology import FullName, given_readings, in_nominative, one_of_a_couple
from services.names import fold, fold_token

_UPPER: Final = "A-ZÀ-ÖØ-ÞĆČŁŃŚŠŬŹŻŽА-ЯЁІЎЇЄҐ"
_WORD: Final = rf"[{_UPPER}]\w+(?:'(?!s(?!\w))\w+)*"
TOKEN: Final = re.compile(
    rf"(?P<initials>(?<![\w.])[{_UPPER}]\.(?: ?[{_UPPER}]\.)?(?!\w\.))|(?P<word>(?<![\w'-]){_WORD}(?:-{_WORD})*)"
)
_LONGEST_ENDING: Final = 4
"""Folded letters a case ending may add to a stem (-аго, -ому, -скаго)."""


_OF_SONS: Final = re.compile(r"(?:віч|вич|ьич|ич)(?:а|у|ем|ам|е|ы)?$")
"""How a man's patronymic ends, in Cyrillic."""


@dataclass(frozen=True, slots=True)
class Naming:
    """One name in one sentence; offsets within the sentence. `name` is in the nominative where that can be told."""

    name: str
    start: int
    end: int
    known: KnownPerson | None
    surname: str
    """As written."""


@dataclass(frozen=True, slots=True)
class NameWords:
    """The capitalised words and initials of a sentence."""

    plain: str
    language: str
    tokens: tuple[re.Match[str], ...]
    words: tuple[str, ...]

    def word(self, index: int) -> str:
        """The word there, with its ё, or "" where there is none or initials stand."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def adjoin(self, first: int, *, by: str = " ") -> bool:
        """Does nothing but a space stand between this word and the next?"""
        return first + 1 < len(self.tokens) and self.between(first) in {by, ""}

    def between(self, first: int) -> str:
        return self.plain[self.tokens[first].end() : self.tokens[first + 1].start()]

    def is_given(self, index: int) -> bool:
        word = self.word(index)
        return bool(word) and bool(given_readings(word, self.language))

    def may_be_child_of(self, given: int, patronymic: str) -> bool:
        """Is the patronymic of the sex of whoever is called so? Of another it is a surname: Наталья Ганусевич."""
        if not _OF_SONS.search(patronymic):
            return True
        return any(each.sex == "m" for each in given_readings(self.word(given), self.language))

    def of_couple(self, given: int, surname: int, last: int) -> Naming:
        """One of two people; the words of the naming end with the token `last`."""
        name = " ".join(one_of_a_couple(self.word(given), self.word(surname), self.language))
        start, end = self.tokens[given].start(), self.tokens[last].end()
        return Naming(name, start, end, None, self.word(surname))

    def naming(self, given: str, surname: int, first: int, last: int, patronymic: str = "") -> Naming:
        start, end = self.tokens[first].start(), self.tokens[last].end()
        name = FullName(given, self.word(surname), patronymic, self.plain[:start], self.plain[end:])
        parts = in_nominative(name, self.language)
        known = known_person(given, self.word(surname))
        return Naming(" ".join(part for part in parts if part), start, end, known, self.word(surname))


@lru_cache(maxsize=4096)
def known_person(given: str | None, surname: str) -> KnownPerson | None:
    """Whom we know by this name. A surname that two known people share (a married couple's) tells neither."""
    folded = fold_token(surname)
    fitting = [person for beginning in stems_of(folded) for person in gazetteer().by_surname.get(beginning, ())]
    if given is not None:
        fitting = [person for person in fitting if _is_called(person, given)]
    return fitting[0] if len(fitting) == 1 else None


def _is_called(person: KnownPerson, given: str) -> bool:
    if "." in given:
        return any(name.startswith(given[0]) for _, name in person.names)
    called = (fold_token(given), fold(given), fold(stem(given)))
    return any(inflects(name, each) for name in called for each in person.given)


def inflects(word: str, stem_of_name: str) -> bool:
    """May this folded word be a case of the name of which that is the folded stem?"""
    return stem_of_name in stems_of(word)


def stems_of(word: str) -> Iterator[str]:
    """The stems of which this folded word may be a case."""
    return (word[:length] for length in range(max(len(word) - _LONGEST_ENDING, 0), len(word) + 1))
