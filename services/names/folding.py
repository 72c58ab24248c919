"""Folds a personal name to a skeleton by which its Belarusian, Russian, Łacinka and English spellings meet.

The rules are measured ones: one Latin skeleton, h = g = kh, ŭ = v = w, ts = t, dz = d, every run of vowels one letter,
doubled letters single, given names by a table, tokens sorted. A skeleton is no identity, since namesakes share it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from services.names.given import given_names

_MAX_LENGTH: Final = 300
"""Code points read of a name; no person's is longer, and a hostile one must not cost us time."""

PATRONYMIC: Final = "."
"""Stands before the folded patronymic, which is the last token of a key."""

_PARTS_WITH_PATRONYMIC: Final = 3
PATRONYMIC_ENDINGS: Final = ("avač", "avna", "ačna", "lač", "mač")
"""Folded -ович, -евич, -овна, -евна, -аўна, -ична; Ильич and Кузьмич."""

_LETTERS: Final = {
    **dict(zip("абвгґдезиійклмнопрстуўфхцчшыэ", "abvhhdeziiyklmnoprstuvfhtčšye", strict=True)),
    "ё": "yo",
    "ж": "ž",
    "щ": "šč",
    "ю": "yu",
    "я": "ya",
    "є": "ye",
    "ї": "yi",
    "ь": "",
    "ъ": "",
    "č": "č",
    "š": "š",
    "ž": "ž",
    "ż": "ž",
    "ŭ": "v",
    "ł": "l",
    "w": "v",
}

_LOOKALIKES: Final = dict(zip("асеорхуіјкмнтвАСЕОРХІЈКМНТВ", "aceopxyijkmhtbACEOPXIJKMHTB", strict=True))
"""Cyrillic letters and the Latin ones they are mistaken for, in names that mix the two."""

_LACINKA_MARKS: Final = frozenset("ŭłśćźńčšž")

_DIGRAPHS: Final = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (
        ("shch|szcz|šč", "šč"),
        ("tsch|tch|cz|ch", "č"),
        ("sch|sh|sz", "š"),
        ("zh", "ž"),
        ("kh", "h"),
        ("ts|tz|c", "t"),
        ("dz", "d"),
        ("th", "t"),
        ("ph", "f"),
        ("x", "ks"),
        ("q", "k"),
        ("g", "h"),
        ("(?<=[aeo])u(?=[^aeiouy]|$)", "v"),  # Kastusiou, Tsikhanouski: English for ў
        ("(?<=vi)t$", "č"),  # Stefanovic: -vič with its mark lost
        ("tč", "č"),  # Ятченко, in English Yatchanka
        ("sč", "šč"),  # Щукин, as Schukin
    )
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_HYPHENS: Final = frozenset("-‐‑")
_VOWELS: Final = re.compile("[aeiouyj]+")
_DOUBLED: Final = re.compile(r"(.)\1+")


def fold(name: str) -> str:
    """The skeleton of a name: lower-case Latin tokens, sorted, one space between; "" where nothing is left.

    The patronymic of a name that has one comes last, behind a dot: `likeness` and `without_patronymic` know it there.
    Deterministic, never raises; reads at most 300 code points.
    """
    tokens = tokens_of(name)
    folded = [token for token in map(_token, tokens) if token]
    place = _place_of_patronymic(folded)
    if place is not None and len(tokens) == len(folded) and place in hyphenated(name):
        place = None
    patronymic = [] if place is None else [PATRONYMIC + folded.pop(place)]
    given = _given_names()
    return " ".join([*sorted(given.get(token, token) for token in folded), *patronymic])


def without_patronymic(key: str) -> str:
    """The key by which people are watched and looked up: most texts leave the patronymic out."""
    return parted(key)[0]


def by_initial(key: str) -> tuple[str, ...]:
    """The forms in which a folded name meets one whose given name is an initial: "a balatka" of "alaksandr balatka".

    Several for a name with several initials, none where it cannot be told which part is the given name.
    """
    parts = without_patronymic(key).split()
    initials = [part for part in parts if len(part) == 1]
    given = [part for part in parts if part in _folded_given_names()]
    if initials:
        rest = " ".join(part for part in parts if len(part) > 1)
        return tuple(f"{initial} {rest}" for initial in initials) if rest else ()
    if len(given) != 1 or len(parts) == 1:
        return ()
    return (f"{given[0][0]} {' '.join(part for part in parts if part not in given)}",)


def is_initialled(key: str) -> bool:
    """Does the folded name give no more than an initial of a part?"""
    return any(len(part) == 1 for part in without_patronymic(key).split())


@cache
def _folded_given_names() -> frozenset[str]:
    return frozenset(_given_names().values())


@lru_cache(8_192)
def fold_token(word: str) -> str:
    """One word of a name, folded, without the table of given names."""
    return "".join(_token(token) for token in tokens_of(word))


def parted(key: str) -> tuple[str, str]:
    """A key without its patronymic, and the patronymic; "" where it has none."""
    name, _, patronymic = key.partition(f" {PATRONYMIC}")
    return name, patronymic


def _place_of_patronymic(folded: Sequence[str]) -> int | None:
    """Where the patronymic stands: behind the given name, in a name of three parts ("Surname Given Patronymic" too).

    Many surnames of Belarus end like one: in two parts, or before the given name, such a word is the surname.
    """
    if len(folded) != _PARTS_WITH_PATRONYMIC:
        return None
    given = _given_names()
    for place in (1, 2):
        if (
            folded[place].endswith(PATRONYMIC_ENDINGS)
            and (place == 1 or folded[1] in given)
            and folded[place] not in given
        ):
            return place
    return None


@cache
def _given_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in given_names():
        of_all = _token(name.be[0].lower())
        for form in name.forms:
            found.setdefault("".join(_token(token) for token in tokens_of(form)), of_all)
    return found


def tokens_of(name: str) -> list[str]:
    """Its words, lower-case and each in one script. In Łacinka, which a mark anywhere in the name tells, ch is h."""
    words = [one_script(match.group()).lower() for match in _WORD.finditer(_without_apostrophes(name))]
    is_lacinka = any(_LACINKA_MARKS & set(word) for word in words)
    return [word.replace("ch", "h") for word in words] if is_lacinka else words


def hyphenated(name: str) -> frozenset[int]:
    """Which of its words are half of a double one: such a word is no patronymic, whatever it ends in."""
    plain = _without_apostrophes(name)
    spans = [match.span() for match in _WORD.finditer(plain)]
    joined = [place for place, ((_, end), (start, _)) in enumerate(pairwise(spans)) if plain[end:start] in _HYPHENS]
    return frozenset(joined) | {place + 1 for place in joined}


def _without_apostrophes(name: str) -> str:
    return re.sub(r"['’ʼ`´]", "", unicodedata.normalize("NFKC", name[:_MAX_LENGTH]))


def one_script(token: str) -> str:
    """Repairs one word that mixes Latin and Cyrillic: the script with more letters of its own takes the rest over."""
    cyrillic = sum("Ѐ" <= letter <= "ӿ" for letter in token)
    if not 0 < cyrillic < len(token):
        return token
    to_latin = cyrillic * 2 <= len(token)
    table = _LOOKALIKES if to_latin else {latin: letter for letter, latin in _LOOKALIKES.items()}
    return "".join(table.get(letter, letter) for letter in token)


def _token(token: str) -> str:
    return _DOUBLED.sub(r"\1", _VOWELS.sub("a", vowels_kept(token)))


@lru_cache(8_192)
def vowels_kept(token: str) -> str:
    """A lower-case word in one script, folded but for its vowels and what is doubled."""
    skeleton = latin_letters(token)
    for digraph, letter in _DIGRAPHS:
        skeleton = digraph.sub(letter, skeleton)
    return skeleton


def latin_letters(token: str) -> str:
    """Lower-case token in any of our alphabets → Latin letters; č, š and ž are kept, other marks dropped."""
    if _LACINKA_MARKS & set(token):
        token = token.replace("ch", "h")
    return "".join(_LETTERS[letter] if letter in _LETTERS else _unmarked(letter) for letter in token)


def _unmarked(letter: str) -> str:
    """é → e; a letter of an alphabet we do not know stays itself, so that two such names do not meet as one."""
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))
