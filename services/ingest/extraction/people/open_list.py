"""Lists of names that go on over the sentences and lines behind the one that opens them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from services.contract import Role
from services.ingest.extraction.people.lists import BETWEEN, OF_WORDS
from services.ingest.extraction.people.namings import Naming
from services.ingest.extraction.people.nearest_group import befell_others
from services.ingest.extraction.people.plain.skeleton import item_before_name
from services.ingest.extraction.sentences.read_sentence import Reading

_BEFORE_ITEM: Final = re.compile(r"[\s,;•*▪◾●‣·-]*(?:[0-9]{1,4}[.)] ?)?(?:(?:and|и|і|й|ды) )?")
_REST_OF_A_NAME: Final = re.compile(r"[^\W\d_][\w'-]{1,40}[\s,;]{0,3}")
"""What may stand first where a list without commas was cut."""

_BEHIND_ITEM: Final = re.compile(r"[\s.,;]*")
_REMARK: Final = re.compile(rf"(?:,| -| ?\(){OF_WORDS}[\s.,;]*")
"""What a list says of somebody: "Ivan Ivanov, a teacher from Hrodna"."""

_GOES_ON: Final = (",", ";")
_MOST_WITHOUT_NAMES: Final = 3
"""Sentences under a heading, behind one of the list, that tell more of that person."""
_LONGEST_PART: Final = 60
"""Characters of a heading within a list."""
_CONCERNED: Final = frozenset({Role.PARDONED, Role.DETAINED, Role.STILL_HELD})


def _opens_list(line: str, names: Sequence[Naming]) -> bool:
    """Does it end with a colon, or with a colon and the first names of a list that goes on line by line?"""
    colon = line.rfind(":")
    begun = [naming for naming in names if naming.start > colon]
    return line.endswith(":") or (
        colon >= 0 and bool(begun) and begun[-1].end >= len(line.rstrip(" ,;")) and begun[0].start <= colon + 3
    )


class OpenList:
    """What the names of a list have in common, from where it is opened to its last line.

    A line that ends with a colon opens one for what it says of people ("The following were freed:"), and a line that
    ends with a comma, or a sentence too long to be read at once, goes on in the next. Under a heading a line may say
    who somebody is, before the name as well, headings may part the list ("Women:"), and a few sentences may tell more
    of somebody. A list ends with the first line that is more than that.
    """

    def __init__(self, language: str) -> None:
        self._item = item_before_name(language)
        self._role: Role | None = None
        self._headed = False
        self._remarks = False
        self._cut = False
        self._without_names = 0
        """Sentences since the last name."""

    def role_in(self, reading: Reading, names: Sequence[Naming]) -> Role | None:
        """The role of everybody named here, where this is a line of the list; else the list is over."""
        if self._role is not None and names and self._has(reading.sentence.plain, names):
            self._without_names = 0
            return self._role
        self._without_names += 1
        if not (self._headed and not names and self._without_names <= _MOST_WITHOUT_NAMES):
            self._role = None
        return None

    def after(
        self,
        reading: Reading,
        names: Sequence[Naming],
        last: Role | None,
        announced: Callable[[], Role | None],
    ) -> None:
        """`last` is the role of whom this sentence names last, `announced` that of those whom a colon promises."""
        ending, self._cut = reading.sentence.plain.rstrip(), reading.sentence.goes_on
        if _opens_list(ending, names):
            before = self._role if self._headed and not names and _parts_list(ending) else None
            self._role, self._remarks = announced() or before, True
            self._headed, self._without_names = ending.endswith(":"), 0
        elif self._role is None and last in _CONCERNED and (ending.endswith(_GOES_ON) or self._cut):
            self._role, self._remarks, self._headed = last, self._cut, False

    def _has(self, plain: str, names: Sequence[Naming]) -> bool:
        """Is this nothing but names, with at most a remark behind each?"""
        between = (BETWEEN, _REMARK) if self._remarks else (BETWEEN,)
        behind = (_BEHIND_ITEM, _REMARK) if self._remarks else (_BEHIND_ITEM,)
        first: tuple[re.Pattern[str], ...] = (self._item,) if self._headed else (_BEFORE_ITEM,)
        before = (*first, _REST_OF_A_NAME) if self._cut else first
        at = 0
        for naming in sorted(names, key=lambda each: each.start):
            if not any(each.fullmatch(plain, at, naming.start) for each in before):
                return False
            at, before = naming.end, between
        return any(each.fullmatch(plain, at) for each in behind)


def _parts_list(heading: str) -> bool:
    """Is the heading one within a list ("Women:", "Colony No 4:"), and none of other people?"""
    return len(heading) <= _LONGEST_PART and not befell_others(heading)
