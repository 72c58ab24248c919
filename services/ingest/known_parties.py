"""Whose name a name is: of a party that texts quote, or of a source or an outlet that we watch.

A name that came in with a text proves nothing about who sent it. That it is a known party's is for people to see: the
text only claims to be from there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from services.ingest.extraction.gazetteer import gazetteer
from services.names import fold_token, one_script

_LONGEST: Final = 300
"""Characters read of a name."""
_TELLING: Final = 5
"""Letters: a shorter name, like AP, has to be all there is; a longer one is known among other words too."""
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHES: Final = re.compile("['’ʼ`´]")
_HEAD: Final = re.compile(r"[^(,]+")

_LOOKS: Final = {
    "a": "аα", "b": "вβьЬ", "c": "сϲ", "d": "ԁ", "e": "еεє", "h": "нһη", "j": "ј", "k": "кκ", "m": "мμ", "n": "пν",
    "o": "оο0", "p": "рρ", "q": "ԛ", "s": "ѕ5", "t": "тτ", "u": "υ", "w": "ԝω", "x": "хχ", "y": "уγ", "z": "ζ",
    "l": "i1|іιӏ",
}  # fmt: skip
"""Latin letters, and what is taken for them: Cyrillic and Greek letters by the look of their capitals, and digits."""
_BY_LOOK: Final = str.maketrans({like: letter for letter, others in _LOOKS.items() for like in others})

NameKey = tuple[str, ...]


class KnownParties:
    """`names`: what the configured sources and outlets are called, each with the id of its source."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        parties = [party for _, party in gazetteer().parties]
        written = [*(names or {}).items(), *((name, party.id) for party in parties for name in (party.id, party.name))]
        self._ids = {key: known for name, known in written for key in _keys_of_known(name)}
        self._most_words = max(map(len, self._ids), default=0)

    def whose(self, name: str) -> str | None:
        """The id of the party or the source that is called so, in whatever script, case or spelling; None: nobody's.

        Deterministic, never raises; reads at most 300 characters.
        """
        seen = _seen(name)
        keys = list(_keys(seen))
        whole = (self._ids[key] for key in keys if key in self._ids)
        return next(whole, None) or self._among(keys) or _as_texts_write_it(seen)

    def is_known(self, name: str) -> bool:
        return self.whose(name) is not None

    def _among(self, keys: list[NameKey]) -> str | None:
        parts = (part for key in keys for part in _runs(key, self._most_words) if part in self._ids)
        return next((self._ids[part] for part in parts if sum(map(len, part)) >= _TELLING), None)


def _seen(name: str) -> str:
    """Without what nobody sees: characters of no width, and those that only turn the direction."""
    plain = unicodedata.normalize("NFKC", name[:_LONGEST])
    return "".join(character for character in plain if unicodedata.category(character) != "Cf")


def _keys(seen: str) -> Iterator[NameKey]:
    """By how it sounds, and by how it looks; each word by word, and as if nothing stood between the words."""
    words = _WORD.findall(_APOSTROPHES.sub("", seen))
    for key in (tuple(map(fold_token, words)), tuple(map(_look, words))):
        filled = tuple(filter(None, key))
        if filled:
            yield filled
            yield ("".join(filled),)


def _keys_of_known(name: str) -> Iterator[NameKey]:
    yield from _keys(_seen(name))
    head = _HEAD.match(name)  # "Pul Pervogo (the president's Telegram channel)"
    if head is not None and sum(map(str.isalpha, head[0])) >= _TELLING:
        yield from _keys(_seen(head[0]))


def _look(word: str) -> str:
    bare = (letter for letter in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(letter))
    return "".join(bare).translate(_BY_LOOK)


def _runs(key: NameKey, longest: int) -> Iterator[NameKey]:
    for start in range(len(key)):
        for end in range(start + 1, min(len(key), start + longest) + 1):
            yield key[start:end]


def _as_texts_write_it(seen: str) -> str | None:
    """By the patterns that find a party in a sentence: they know inflected forms and roundabout names."""
    repaired = " ".join(one_script(word) for word in seen.split())
    return next((party.id for pattern, party in gazetteer().parties if pattern.search(repaired)), None)
