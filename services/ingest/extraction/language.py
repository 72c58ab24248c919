"""Tells our languages apart by their letters and commonest words, both of which their lexicons give."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from services.ingest.extraction.lexicon import LANGUAGES, Lexicon, lexicon
from services.ingest.extraction.spelling import in_latin

UNDETERMINED: Final = "und"

_LOOKED_AT: Final = 4_000
"""Code points."""

_ADDRESS: Final = re.compile(r"https?://\S+")

_OF_ITS_ALPHABET: Final = 0.96
"""The least share of letters that must be of a language's alphabet: a quotation or a foreign name may be among them."""

_COMMON_WORDS: Final = 0.08
"""The least share of a language's commonest words, where it has no letter that tells it from its neighbours."""


def detect_language(text: str) -> str:
    """A code of LANGUAGES, or "und" for any other language and for nothing at all.

    Belarusian in Łacinka is Belarusian.
    """
    seen = _ADDRESS.sub("", text[:_LOOKED_AT]).lower()
    if latin := in_latin(seen):
        return latin
    letters = _of_its_script(Counter(letter for letter in seen if letter.isalpha()))
    if not letters:
        return UNDETERMINED
    shares = {code: _share_of_alphabet(letters, lexicon(code)) for code in LANGUAGES}
    best = max(LANGUAGES, key=lambda code: (shares[code], _share_of_common(seen, lexicon(code))))
    fits = shares[best] >= _OF_ITS_ALPHABET and _is_told(seen, lexicon(best))
    return best if fits else UNDETERMINED


def _of_its_script(letters: Counter[str]) -> Counter[str]:
    """An address or a brand in Latin letters says nothing of the language of a Cyrillic text."""
    beyond_ascii = Counter({letter: count for letter, count in letters.items() if not letter.isascii()})
    return beyond_ascii if beyond_ascii.total() * 2 > letters.total() else letters


def _share_of_alphabet(letters: Counter[str], words: Lexicon) -> float:
    return sum(count for letter, count in letters.items() if letter in words.alphabet) / letters.total()


def _is_told(seen: str, words: Lexicon) -> bool:
    return any(letter in words.letters for letter in seen) or _share_of_common(seen, words) >= _COMMON_WORDS


def _share_of_common(seen: str, words: Lexicon) -> float:
    said = re.findall(r"[^\W\d_]+", seen)
    return sum(word in words.common for word in said) / len(said) if said else 0.0
