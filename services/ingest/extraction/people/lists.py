"""Long lists of names in one sentence: a list is one thing to the patterns.

A pattern asks of a row of names what stands around it. However long the row is, it is shown to the patterns as a row of
two, so that no list is too long for them and none costs more than a short one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from services.ingest.extraction.dialect.patterns import NAME, masked
from services.ingest.extraction.people.namings import Naming
from services.ingest.extraction.sentences.read_sentence import Reading

SHORTEST: Final = 4
"""Names of a list; fewer are left to the patterns, which know how two or three are joined."""

OF_WORDS: Final = r"(?:[^.!?:;]|[.](?=[ )]?[^\W\dA-ZА-ЯЁІЎ]|[)])){1,80}"
"""Words of a remark; a full stop only within an abbreviation ("1980 г. р.")."""

BETWEEN: Final = re.compile(
    r"(?: ?\([^()]{1,60}\)|, [0-9]{1,3}(?: (?:лет|года?|гадоў|years? old))?)?"
    r"(?:[,;]? (?:and|и|і|й|ды|а также|а таксама) |[,;] ?| )"
    rf"|(?:,| -){OF_WORDS};\s?"
)
"""What stands between two names of a list: an age, something in brackets, before a semicolon anything short."""


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
        if index < len(names) and BETWEEN.fullmatch(plain, names[index - 1].end, names[index].start):
            continue
        if index - begun >= SHORTEST:
            found.append((names[begun], names[index - 1]))
        begun = index
    return found
