"""How a word of a name sounds, with vowels told apart where spellings keep them apart; whose sex its ending tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from services.forgettable import forgettable
from services.names.folding import latin_letters, vowels_kept
from services.names.given import Sex

NameLanguage = Literal["be", "ru"]
_VOWELS: Final = "aeiouyj"
_VOICED: Final = str.maketrans("bdhzžčšv", "ptkssssf", "aeiou ")
_SOUNDS: Final = 3
"""Consonants of a surname that two spellings of it surely share, from the first on."""
_ADJECTIVE: Final = re.compile("[oe][yji]$")
"""Толстой is Талсты in Belarusian."""
_RUN: Final = re.compile(f"[{_VOWELS}]+")
_BEFORE_VICH: Final = re.compile(f"[{_VOWELS}]+(?=vič$)")
_DOUBLED: Final = re.compile(r"(.)\1+")
_KH: Final = re.compile("х|kh")
_G: Final = re.compile("[гґg]")
_H: Final = frozenset("hγχ")
_OF_A_WOMAN: Final = re.compile(r"[aeoy]va$|[sct]ka[yji]+a$|[sc]ka$")
_OF_A_MAN: Final = re.compile(r"[aeoy]v$|[aeo]u$|[sct]k[yij]+$")
"""-ов and -ев, -оў and -аў (in English -ou and -au), -ский and -цкий: endings that men's surnames have and women's
change. Those in -ин do not tell: Рубин and Щербина are of both."""
_RUSSIAN: Final = re.compile("[ищъ]|[аеёоуыэюя]в(?=[бвгджзйклмнпрстфхцчш]|\\b)")
"""Where Belarusian has ў, і and шч."""
_BELARUSIAN: Final = re.compile("[іў]|ць|сьв|зьв")
_TELLING: Final = 6
"""Letters of a surname whose ending is an ending: Сова and Ласка are whole words."""


@forgettable(8_192)
def symbols(plain: str) -> frozenset[str]:
    """What the first letter of a word may be heard as; consonants as folding has them, vowels as they are."""
    latin = latin_letters(plain)
    run = _RUN.match(latin)
    if run is None:
        return frozenset(vowels_kept(plain)[:1])
    vowels = [letter for letter in run.group() if letter not in "iyj"]
    heard = set(vowels[:1]) | ({"i"} if latin[0] in "iyj" else set())
    return frozenset(heard)


@forgettable(8_192)
def fine(plain: str) -> str:
    """A word folded, but with what two spellings of it never exchange: u and i told apart from the other vowels
    ("lasav" of Лосев and Лесаў, "lisav" of Лисов), х from г as far as its letters tell; before -вич, and in a word of
    one syllable, e and o as well: Пашкевич is not Пашкович, nor Рак Рок."""
    kept = _ADJECTIVE.sub("i", vowels_kept(_KH.sub("χ", _G.sub("γ", plain))))
    stressed = _RUN if len(_RUN.findall(kept)) == 1 else _BEFORE_VICH
    kept = stressed.sub(_stressed, kept)
    return _DOUBLED.sub(r"\1", _RUN.sub(lambda run: _vowels(run.group()), kept)).lower()


@forgettable(8_192)
def given_sound(plain: str) -> str:
    """Of a given name, whose forms in other languages are listed: all its vowels, and the glides at both ends, since
    Валера is not Валерия, nor Арина Ярина."""
    kept = vowels_kept(plain)
    runs = _RUN.findall(kept)
    starts = "y" if runs and kept.startswith(runs[0]) and kept[0] in "iyj" and len(runs[0]) > 1 else ""
    ends = "y" if runs and kept.endswith(runs[-1]) and runs[-1][-1] == "a" and len(runs[-1]) > 1 else ""
    vowels = _RUN.sub(lambda run: "".join(letter for letter in run.group() if letter in "aeou") or "i", kept)
    return starts + _DOUBLED.sub(r"\1", vowels) + ends


def heard_alike(one: str, other: str) -> bool:
    """Are two words of `fine` one? An h of Latin letters may be either of γ and χ."""
    return one == other or (
        len(one) == len(other)
        and all(a == b or ("h" in (a, b) and {a, b} <= _H) for a, b in zip(one, other, strict=True))
    )


def without_h_told(heard: str) -> str:
    return heard.replace("γ", "h").replace("χ", "h")


def _stressed(run: re.Match[str]) -> str:
    """In capitals, which are no vowels to what follows. ё is e, as which it is mostly printed, and so is o behind ш."""
    letters = run.group()
    soft = letters[-2:] in ("yo", "io") or ("o" in letters and run.string[: run.start()].endswith(("š", "ž", "č")))
    if "u" in letters or not set(letters) & set("aeo"):
        return letters
    return "E" if soft or "e" in letters else "O" if "o" in letters else "A"


def _vowels(run: str) -> str:
    heard = "".join("u" if letter == "u" else "a" for letter in run if letter not in "iyj")
    return heard or "i"


@forgettable(8_192)
def sex_of_surname(plain: str) -> Sex | None:
    """As far as the ending of a lower-case word tells, if it is a surname; None where both may bear it."""
    latin = latin_letters(plain)
    if len(latin) < _TELLING:
        return None
    if _OF_A_WOMAN.search(latin):
        return "f"
    return "m" if _OF_A_MAN.search(latin) else None


def language_of(words: Iterable[str]) -> NameLanguage | None:
    """Of a whole name, its words lower-case; None where its letters are of both, or Latin ones."""
    name = " ".join(words)
    is_belarusian, is_russian = bool(_BELARUSIAN.search(name)), bool(_RUSSIAN.search(name))
    if is_belarusian == is_russian:
        return None
    return "be" if is_belarusian else "ru"


def surname_sound(folded: str) -> str:
    """Of one folded word; what is alike is looked for among those that share it."""
    consonants = _DOUBLED.sub(r"\1", folded.translate(_VOICED))
    return consonants[:_SOUNDS] or folded
