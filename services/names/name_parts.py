"""A name taken apart: given name, initials, surnames and patronymic, as far as its spelling lets them be told.

Finer than a folded key, which makes one letter of all vowels: Лосев and Лисов share a key, Анна and Инна as well. What
is told apart here is what two spellings of one name never differ in; `name_match` holds two names against each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from services.names.folding import (
    PATRONYMIC,
    PATRONYMIC_ENDINGS,
    fold,
    hyphenated,
    latin_letters,
    tokens_of,
    vowels_kept,
)
from services.names.given import given_names

ANY_VOWEL: Final = "*"
"""An initial of which a folded key says no more."""

_VOWELS: Final = "aeiouyj"
_BETWEEN_SURNAMES: Final = re.compile(
    r"\b(?:n[ée]e|formerly|maiden name|z domu|урожд[её]нная|урожд\.|в девичестве|девичья фамилия|по мужу"
    r"|народжаная|у дзявоцтве|дзявочае прозвішча|па мужу)(?!\w)",
    re.IGNORECASE,
)
"""What stands between two surnames of one person."""
_VOICED: Final = str.maketrans("bdhzžčšv", "ptkssssf", "aeiou ")
_SOUNDS: Final = 3
"""Consonants of a surname that two spellings of it surely share, from the first on."""
_ADJECTIVE: Final = re.compile("[oe][yji]$")
"""Толстой is Талсты in Belarusian."""
_RUN: Final = re.compile(f"[{_VOWELS}]+")
_DOUBLED: Final = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class NameParts:
    """One way to read a name. Nothing is printed of it."""

    given: frozenset[str] = frozenset()
    """The names that it may be a form of, in full and in Belarusian; empty where it is none that we know."""
    given_word: str = ""
    """Folded; of a given name that we do not know."""
    initials: tuple[str, ...] = ()
    """In place of a given name, in order; the second stands for the patronymic. The first is "" beside a given name."""
    surnames: tuple[tuple[str, str], ...] = ()
    """Each folded, and with its vowels told apart ("" where nobody knows them)."""
    patronymic: str = ""
    """Folded; "" where there is none."""

    def __repr__(self) -> str:
        return "NameParts()"

    @property
    def is_initialled(self) -> bool:
        """Of the given name, does it give a letter alone?"""
        return bool(self.initials and self.initials[0])


@lru_cache(8_192)
def parts_of_name(name: str) -> tuple[NameParts, ...]:
    """The ways in which a name can be read, as it stands in a text; none where no letter is left."""
    return tuple(_readings(_words_of(name)))


@lru_cache(8_192)
def parts_of_key(key: str) -> tuple[NameParts, ...]:
    """Of a folded name, whose vowels and order are lost."""
    name, _, patronymic = key.partition(f" {PATRONYMIC}")
    known = _known_given()[2]
    words = [_Word(token, "", _initial_in_key(token), known.get(token, frozenset())) for token in name.split()]
    return tuple(_readings(words, patronymic))


def strong_key(name: str) -> str:
    """What is kept of a name beside its folded key, so that it is told from those that fold alike: no spelling, only
    how each word sounds. `parts_of_strong` reads it."""
    return " ".join(word.written for word in _words_of(name))


@lru_cache(8_192)
def parts_of_strong(key: str) -> tuple[NameParts, ...]:
    """Raises ValueError: no such key."""
    return tuple(_readings([_Word.read(written) for written in key.split(" ")]))


class _Word(NamedTuple):
    folded: str
    fine: str
    """With its vowels told apart; "" where nobody knows them."""
    initial: str
    """With which letter it begins, where it is no more than an initial."""
    given: frozenset[str]
    double: bool = False
    """Half of a word with a hyphen."""

    @property
    def written(self) -> str:
        given = "+".join(sorted(self.given))
        return "/".join((self.folded, self.fine, self.initial, given, "-" if self.double else ""))

    @classmethod
    def read(cls, written: str) -> _Word:
        folded, heard, initial, given, double = written.split("/")
        return cls(folded, heard, initial, frozenset(given.split("+")) if given else frozenset(), bool(double))


def _words_of(name: str) -> list[_Word]:
    name = _BETWEEN_SURNAMES.sub(" ", name)
    joined = hyphenated(name)
    words = [(plain, fold(plain), place in joined) for place, plain in enumerate(tokens_of(name))]
    return [_word(plain, folded, double) for plain, folded, double in words if folded]


def _word(plain: str, folded: str, double: bool) -> _Word:
    """`plain`: lower-case, in one script. Of "yu" the vowel is the initial, and not the glide before it."""
    if len(folded) == 1 and len(plain) <= 2:
        return _Word(folded, fine(plain), min(symbols(plain), key=lambda symbol: symbol == "i"), frozenset(), double)
    spelt, heard, by_fold = _known_given()
    given = spelt.get(plain) or heard.get(fine(plain)) or by_fold.get(folded) or frozenset()
    return _Word(folded, fine(plain), "", given, double)


def _initial_in_key(word: str) -> str:
    if len(word) > 1:
        return ""
    return ANY_VOWEL if word == "a" else word


def _readings(words: Sequence[_Word], patronymic: str = "") -> Iterator[NameParts]:
    initials = tuple(word.initial for word in words if word.initial)
    rest = [word for word in words if not word.initial]
    if not rest:
        return
    if initials and (len(rest) == 1 or not any(word.given for word in rest)):
        # In a folded key their order is lost: either may be the given name's.
        orders = {initials, initials[::-1]} if not words[0].fine else {initials}
        yield from (NameParts(initials=order, surnames=_surnames(rest), patronymic=patronymic) for order in orders)
        return
    if len(rest) == 1:
        yield NameParts(surnames=_surnames(rest), patronymic=patronymic)
        return
    for place in _may_be_given(rest):
        word, others = rest[place], [*rest[:place], *rest[place + 1 :]]
        father = "" if patronymic else _patronymic(rest, place)
        if father:
            others.remove(rest[place + 1])
        unknown = "" if word.given else word.folded
        middle = ("", initials[0]) if initials else ()
        yield NameParts(word.given, unknown, middle, _surnames(others), patronymic or father)


def _may_be_given(words: Sequence[_Word]) -> Sequence[int]:
    """The places of the words that we know as given names; where there is none, the first or the last may be one."""
    return [place for place, word in enumerate(words) if word.given] or (0, len(words) - 1)


def _surnames(words: Sequence[_Word]) -> tuple[tuple[str, str], ...]:
    return tuple((word.folded, word.fine) for word in words)


def _patronymic(words: Sequence[_Word], place: int) -> str:
    """It stands right behind the given name, in a name that has a surname beside."""
    if len(words) < 3 or place + 1 >= len(words):
        return ""
    word = words[place + 1]
    return word.folded if word.folded.endswith(PATRONYMIC_ENDINGS) and not (word.given or word.double) else ""


_GivenBy = dict[str, frozenset[str]]


@cache
def _known_given() -> tuple[_GivenBy, _GivenBy, _GivenBy]:
    """By spelling, by spelling with its vowels told apart, and by what is left when they are not."""
    forms = [(form.lower(), name.be[0]) for name in given_names() for form in name.forms]
    return tuple(  # type: ignore[return-value]
        {key: frozenset(one for _, one in group) for key, group in groupby(sorted(pairs), key=itemgetter(0))}
        for pairs in (
            forms,
            [(fine(form), name) for form, name in forms],
            [(fold(form), name) for form, name in forms],
        )
    )


@cache
def initials_of(given: str) -> frozenset[str]:
    """With which letters a given name begins in one language or another: Мікалай and Николай, Алена and Елена."""
    every = next(name for name in given_names() if name.be[0] == given)
    return frozenset(symbol for form in every.forms for symbol in symbols(form.lower()))


@cache
def folded_forms(given: str) -> frozenset[str]:
    every = next(name for name in given_names() if name.be[0] == given)
    return frozenset(fold(form) for form in every.forms)


@lru_cache(8_192)
def symbols(plain: str) -> frozenset[str]:
    """What the first letter of a word may be heard as; consonants as folding has them, vowels as they are."""
    latin = latin_letters(plain)
    run = _RUN.match(latin)
    if run is None:
        return frozenset(vowels_kept(plain)[:1])
    vowels = [letter for letter in run.group() if letter not in "iyj"]
    heard = set(vowels[:1]) | ({"i"} if latin[0] in "iyj" else set())
    return frozenset(heard)


@lru_cache(8_192)
def fine(plain: str) -> str:
    """A word folded, but with u and i told apart from the other vowels, which a spelling may exchange: "lasav" of Лосев
    and Лесаў, "lisav" of Лисов."""
    kept = _ADJECTIVE.sub("i", vowels_kept(plain))
    return _DOUBLED.sub(r"\1", _RUN.sub(lambda run: _vowels(run.group()), kept))


def _vowels(run: str) -> str:
    heard = "".join("u" if letter == "u" else "a" for letter in run if letter not in "iyj")
    return heard or "i"


@lru_cache(8_192)
def surname_sounds(key: str) -> frozenset[str]:
    """What is left of each word of a folded name that may be a surname once vowels, voice and its end are taken away.

    Names that `name_match` finds more than different share one; a few others do as well.
    """
    return frozenset(surname_sound(folded) for parts in parts_of_key(key) for folded, _ in parts.surnames)


def surname_sound(folded: str) -> str:
    """Of one folded word; what is alike is looked for among those that share it."""
    consonants = _DOUBLED.sub(r"\1", folded.translate(_VOICED))
    return consonants[:_SOUNDS] or folded
