"""What a text calls a person whom it names: judge, lawyer, spokesperson; of a closed list, and never concluded."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon

_NEAR: Final = 60
"""Characters before and behind a name that are looked at."""


def position_of(plain: str, start: int, end: int) -> str | None:
    """The position of the person named between these offsets, by a word right before the name or in an apposition."""
    before, after = plain[max(0, start - _NEAR) : start], plain[end : end + _NEAR]
    for position, front, behind in _positions():
        if front.search(before) or behind.match(after):
            return position
    return None


@cache
def _positions() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "positions.yaml", dict[str, str], BadLexicon)
    try:
        return tuple((position, *_compiled(words.replace("~", r"\w*"))) for position, words in written.items())
    except re.error as error:
        raise BadLexicon(f"positions.yaml: {error}") from error


def _compiled(words: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Before a name may stand whose judge or lawyer somebody is, in one or two words."""
    of_whom = r"(?: (?:of|for) (?:the )?[\w.]+)?(?: \"?[A-ZА-ЯЁІЎ][\w.]+\"?)?"
    front = re.compile(rf"(?<!\w)(?i:{words}){of_whom},? $")
    behind = re.compile(
        rf",? (?:- |\()?(?:the |an? |who is (?:an? )?)?(?:[a-zа-яёіў]+ ){{0,1}}(?i:{words})(?=[,.;)]| of | \w+,)"
    )
    return front, behind
