"""Tells what language a text is in, by its letters and commonest words. Cheap, and honest where it cannot be told."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon
from services.ingest.extraction.spelling import in_latin, may_be_latin, without_unseen

UNDETERMINED: Final = "und"

_LOOKED_AT: Final = 1_500
"""Code points of a text that tell its language."""

_ADDRESS: Final = re.compile(r"https?://\S+|[@#]\w+")
_OF_ADDRESSES: Final = ("http", "@", "#")
_WORD: Final = re.compile(r"[^\W\d_]+")
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]+")
_LATIN: Final = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]+")

_MARKED: Final = re.compile("[\u00df-\u024f]")
_MARKED_LETTERS: Final = 0.04
"""The least share of letters with marks in Łacinka: fewer stand in the names of an English text."""

_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
"""Letters that no language in Latin script is told by."""

_EVERY_CYRILLIC: Final = "".join(map(chr, range(0x430, 0x460)))
_EVERY_LATIN: Final = "".join(map(chr, (*range(0x61, 0x7B), *range(0xDF, 0x250))))
_PLAINLY: Final = 10
"""So many times as many letters of one script as of the other make the script plain."""

_OUTSIDE: Final = 4.0
"""A letter that a language does not have weighs so much against it; a quotation or a name may hold some."""

_OWN: Final = 2.0
_MOST_OWN: Final = 0.08
"""Letters that speak for a language weigh so much, up to this share of all letters."""

_TOLD: Final = 0.06
"""The least a language must be spoken for: by one word in ten, or by its letters."""


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    letters: str
    own: str
    words: str


class _File(msgspec.Struct, forbid_unknown_fields=True):
    cyrillic: dict[str, _Written]
    latin: dict[str, _Written]
    scripts: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Script:
    """The languages written in one script. `own_of` and `outside_of` are, by letter, the languages for which it speaks
    and those that do not have it."""

    letters: frozenset[str]
    own: Mapping[str, frozenset[str]]
    own_of: Mapping[str, tuple[str, ...]]
    outside_of: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, ...]]


def detect_language(text: str) -> str:
    """An ISO 639-1 code, or "und" where nothing tells: no words, a script of several languages, a name alone.

    Belarusian is "be" in the official and the classical spelling and in Łacinka.
    """
    seen = _looked_at(text)
    cyrillic, latin = _of_script(seen)
    if not cyrillic + latin:
        return _by_script(seen)
    if cyrillic * 2 >= latin:  # an address or a brand in Latin letters stands in texts of every script
        return _by_words(seen, _languages().cyrillic)
    written_so = in_latin(seen) if len(_MARKED.findall(seen)) >= latin * _MARKED_LETTERS else None
    return written_so or _by_words(seen, _languages().latin)


def language_of(text: str, given: str | None) -> str:
    """The language that whoever gave the text says it is in, as a bare code.

    It is told from the text where nobody says, or where the text is plainly in a script that is not the language's:
    what a page says of itself is often true of its site only.
    """
    code = (given or "").lower().split("-")[0].split("_")[0]
    if not code:
        return detect_language(text)
    if may_be_latin(text, code):
        return code
    cyrillic, latin = _of_script(_looked_at(text))
    prevails, other = (latin, _languages().cyrillic) if latin > cyrillic else (cyrillic, _languages().latin)
    is_wrong = code in other.own and prevails >= _PLAINLY * (min(cyrillic, latin) + 1)
    told = detect_language(text) if is_wrong else UNDETERMINED
    return code if told == UNDETERMINED else told


def share_of_words(text: str, code: str) -> float:
    """Of a text's words those among the commonest of a language in Latin script, from 0 to 1: a third of most."""
    words = _WORD.findall(_looked_at(text))
    common = _languages().latin.words
    return sum(code in common.get(word, ()) for word in words) / max(len(words), 1)


def _looked_at(text: str) -> str:
    seen = without_unseen(text[:_LOOKED_AT]).text
    return (_ADDRESS.sub(" ", seen) if any(each in seen for each in _OF_ADDRESSES) else seen).lower()


def _of_script(seen: str) -> tuple[int, int]:
    """How many letters are Cyrillic, and how many Latin."""
    return sum(map(len, _CYRILLIC.findall(seen))), sum(map(len, _LATIN.findall(seen)))


def _by_script(seen: str) -> str:
    """A language that has a script to itself."""
    shares = {code: sum(first <= letter <= last for letter in seen) for code, first, last in _languages().scripts}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] else UNDETERMINED


def _by_words(seen: str, script: _Script) -> str:
    """The language that most words and letters speak for, and none against."""
    words = _WORD.findall(seen.replace("ё", "е"))
    common = Counter(code for word in words if word in script.words for code in script.words[word])
    own, outside = Counter[str](), Counter[str]()
    total = 0
    for letter, count in Counter(seen).items():
        total += count if letter in script.letters else 0
        for code in script.own_of.get(letter, ()):
            own[code] += count
        for code in script.outside_of.get(letter, ()):
            outside[code] += count

    def spoken_for(code: str) -> float:
        of_own, of_outside = own[code] / max(total, 1), outside[code] / max(total, 1)
        return common[code] / max(len(words), 1) + _OWN * min(of_own, _MOST_OWN) - _OUTSIDE * of_outside

    best = max(script.own, key=spoken_for)
    return best if spoken_for(best) >= _TOLD else UNDETERMINED


@dataclass(frozen=True, slots=True)
class _Languages:
    cyrillic: _Script
    latin: _Script
    scripts: tuple[tuple[str, str, str], ...]


@cache
def _languages() -> _Languages:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "languages.yaml", _File, BadLexicon)
    scripts = tuple((code, *letters.split("-")) for code, letters in written.scripts.items())
    return _Languages(
        _script(written.cyrillic, _EVERY_CYRILLIC),
        _script(written.latin, _EVERY_LATIN),
        tuple((code, first, last) for code, first, last in scripts),
    )


def _by_letter(letters: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for code, each in letters.items():
        for letter in each:
            found[letter] += (code,)
    return dict(found)


def _script(written: Mapping[str, _Written], every: str) -> _Script:
    words: defaultdict[str, list[str]] = defaultdict(list)
    for code, language in written.items():
        for word in set(language.words.split()):
            words[word].append(code)
    letters = frozenset(every).union(*(language.letters for language in written.values()))
    own = {code: frozenset(language.own) & letters for code, language in written.items()}
    return _Script(
        letters=letters,
        own=own,
        own_of=_by_letter(own),
        outside_of=_by_letter({code: letters - {*each.letters, *_PLAIN} for code, each in written.items()}),
        words={word: tuple(codes) for word, codes in words.items()},
    )
