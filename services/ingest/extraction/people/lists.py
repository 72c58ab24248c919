"""Long lists of names: one list is one thing to the patterns, and may go on over the sentences and lines behind it.

A pattern asks of a row of names what stands around it. However long the row is, it is shown to the patterns as a row of
two, so that no list is too long for them and none costs more than a short one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from services.contract import Role
from services.ingest.extraction.dialect.patterns import NAME, masked
from services.ingest.extraction.people.namings import Naming
from services.ingest.extraction.sentences.read_sentence import Reading

SHORTEST: Final = 4
"""Names of a list; fewer are left to the patterns, which know how two or three are joined."""

_OF_WORDS: Final = r"(?:[^.!?:;]|[.](?=[ )]?[^\W\dA-ZА-ЯЁІЎ]|[)])){1,80}"
"""Words of a remark; a full stop only within an abbreviation ("1980 г. р.")."""

_BETWEEN: Final = re.compile(
    r"(?: ?\([^()]{1,60}\)|, [0-9]{1,3}(?: (?:лет|года?|гадоў|years? old))?)?"
    r"(?:[,;]? (?:and|и|і|й|ды|а также|а таксама) |[,;] ?| )"
    rf"|(?:,| -){_OF_WORDS};\s?"
)
"""What stands between two names of a list: an age, something in brackets, before a semicolon anything short."""

_BEFORE_ITEM: Final = re.compile(r"[\s,;•*▪◾●‣·-]*(?:[0-9]{1,4}[.)] ?)?(?:(?:and|и|і|й|ды) )?")
_REST_OF_A_NAME: Final = re.compile(r"[^\W\d_][\w'-]{1,40}[\s,;]{0,3}")
"""What may stand first where a list without commas was cut."""

_BEHIND_ITEM: Final = re.compile(r"[\s.,;]*")
_REMARK: Final = re.compile(rf"(?:,| -| ?\(){_OF_WORDS}[\s.,;]*")
"""What a list says of somebody: "Ivan Ivanov, a teacher from Hrodna"."""

_GOES_ON: Final = (",", ";")
_CONCERNED: Final = frozenset({Role.PARDONED, Role.DETAINED, Role.STILL_HELD})


def veiled(reading: Reading, names: Sequence[Naming], *, counted: bool = False) -> str:
    """The sentence with its names masked, and every long list of them as two: the first, and all that follow.

    `counted`: with its numbers masked as well, of which those within a long list are seen no more.
    """
    plain = reading.sentence.plain
    shown = masked(reading.counted if counted else plain, ((each.start, each.end) for each in names), NAME)
    for first, last in _lists(plain, sorted(names, key=lambda naming: naming.start)):
        others = NAME * (last.end - first.end - 1)
        shown = f"{shown[: first.end - 1]}, {others}{shown[last.end :]}"
    return shown


def holds_list(reading: Reading, names: Sequence[Naming]) -> bool:
    """Does it name so many in a row that they are a list? Then one and all are counted as a row, or not at all."""
    return bool(_lists(reading.sentence.plain, sorted(names, key=lambda naming: naming.start)))


def _lists(plain: str, names: Sequence[Naming]) -> list[tuple[Naming, Naming]]:
    """The first and the last of each long list."""
    found: list[tuple[Naming, Naming]] = []
    begun = 0
    for index in range(1, len(names) + 1):
        if index < len(names) and _BETWEEN.fullmatch(plain, names[index - 1].end, names[index].start):
            continue
        if index - begun >= SHORTEST:
            found.append((names[begun], names[index - 1]))
        begun = index
    return found


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
    ends with a comma, or a sentence too long to be read at once, goes on in the next. A list ends with the first line
    that is more than names and remarks.
    """

    def __init__(self) -> None:
        self._role: Role | None = None
        self._remarks = False
        self._cut = False

    def role_in(self, reading: Reading, names: Sequence[Naming]) -> Role | None:
        """The role of everybody named here, where this is a line of the list; else the list is over."""
        if self._role is not None and names and self._has(reading.sentence.plain, names):
            return self._role
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
            self._role, self._remarks = announced(), True
        elif self._role is None and last in _CONCERNED and (ending.endswith(_GOES_ON) or self._cut):
            self._role, self._remarks = last, self._cut

    def _has(self, plain: str, names: Sequence[Naming]) -> bool:
        """Is this nothing but names, with at most a remark behind each?"""
        between = (_BETWEEN, _REMARK) if self._remarks else (_BETWEEN,)
        behind = (_BEHIND_ITEM, _REMARK) if self._remarks else (_BEHIND_ITEM,)
        before: tuple[re.Pattern[str], ...] = (_BEFORE_ITEM, _REST_OF_A_NAME) if self._cut else (_BEFORE_ITEM,)
        at = 0
        for naming in sorted(names, key=lambda each: each.start):
            if not any(each.fullmatch(plain, at, naming.start) for each in before):
                return False
            at, before = naming.end, between
        return any(each.fullmatch(plain, at) for each in behind)
