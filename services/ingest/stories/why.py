"""Why a person changed what readers know: one of six reasons, for which every language has words, and their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from services.contract import ReasonCode

_BELARUSIAN: Final = frozenset("ўі")


@dataclass(frozen=True, slots=True)
class Why:
    """`words`: as the operator gave it, for the audit."""

    words: str
    code: ReasonCode | None = None
    lines: Mapping[str, str] = field(default_factory=dict)
    """What readers of a language are told besides, by its code."""

    @classmethod
    def of(cls, words: str, lines: Mapping[str, str] | None = None) -> Self:
        """One of the six by its slug; anything else is a line in the language that it is written in."""
        code = next((one for one in ReasonCode if one == words), None)
        own = {} if code is not None or not words else {tongue_of(words): words}
        return cls(words, code, {**own, **(lines or {})})


def tongue_of(words: str) -> str:
    """ "en", "ru" or "be", by the letters."""
    letters = words.lower()
    if _BELARUSIAN.intersection(letters):
        return "be"
    return "ru" if any("а" <= letter <= "я" for letter in letters) else "en"
