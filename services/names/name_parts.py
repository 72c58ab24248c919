"""A name taken apart: given name, initials, surnames and patronymic, as far as its spelling lets them be told.

Finer than a folded key, which makes one letter of all vowels: Лосев and Лисов share a key, Анна and Инна as well. What
is told apart here is what two spellings of one name never differ in; `name_match` holds two names against each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from services.forgettable import forgettable
from services.names.folding import PATRONYMIC, PATRONYMIC_ENDINGS, fold, hyphenated, tokens_of
from services.names.given import Sex
from services.names.given_known import is_spelt, may_be, may_be_folded, of_one_sex
from services.names.sounds import NameLanguage, fine, language_of, sex_of_surname, surname_sound, symbols

ANY_VOWEL: Final = "*"
"""An initial of which a folded key says no more."""

_BETWEEN_SURNAMES: Final = re.compile(
    r"\b(?:n[ée]e|formerly|maiden name|z domu|урожд[её]нная|урожд\.|в девичестве|девичья фамилия|по мужу"
    r"|народжаная|у дзявоцтве|дзявочае прозвішча|па мужу)(?!\w)",
    re.IGNORECASE,
)
"""What stands between two surnames of one person."""


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
    father_heard: str = ""
    """The patronymic with its vowels told apart: Игоревич and Егорович fold alike."""
    language: NameLanguage | None = None
    """In which it is written, where its letters tell."""
    surname_first: bool = False
    """Were two of its words given names, and this reading takes the later one for it: Роман Павел, called Павел?"""

    def __repr__(self) -> str:
        return "NameParts()"

    @property
    def is_unsure(self) -> bool:
        """May the given name be of several, as its very spelling leaves open? Of a folded key nobody knows."""
        return len(self.given) > 1 and any(heard for _, heard in self.surnames)

    @property
    def is_initialled(self) -> bool:
        """Of the given name, does it give a letter alone?"""
        return bool(self.initials and self.initials[0])


@forgettable(8_192)
def parts_of_name(name: str) -> tuple[NameParts, ...]:
    """The ways in which a name can be read, as it stands in a text; none where no letter is left."""
    return tuple(_readings(_words_of(name)))


@forgettable(8_192)
def parts_of_key(key: str) -> tuple[NameParts, ...]:
    """Of a folded name, whose vowels and order are lost."""
    name, _, patronymic = key.partition(f" {PATRONYMIC}")
    words = [_Word(token, "", _initial_in_key(token), may_be_folded(token)) for token in name.split()]
    return tuple(_readings(words, patronymic))


def strong_key(name: str) -> str:
    """What is kept of a name beside its folded key, so that it is told from those that fold alike: no spelling, only
    how each word sounds. `parts_of_strong` reads it."""
    return " ".join(word.written for word in _words_of(name))


@forgettable(8_192)
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
    sex: Sex | None = None
    """Whose ending it has, if it is the surname."""
    language: NameLanguage | None = None
    """Of the whole name."""

    @property
    def written(self) -> str:
        rest = f"{'-' if self.double else ''}{self.sex or ''}{self.language or ''}"
        return "/".join((self.folded, self.fine, self.initial, "+".join(sorted(self.given)), rest))

    @classmethod
    def read(cls, written: str) -> _Word:
        folded, heard, initial, given, rest = written.split("/")
        sex: Sex | None = "m" if "m" in rest else "f" if "f" in rest else None
        language: NameLanguage | None = "ru" if "ru" in rest else "be" if "be" in rest else None
        names = frozenset(given.split("+")) if given else frozenset[str]()
        return cls(folded, heard, initial, names, "-" in rest, sex, language)


def _words_of(name: str) -> list[_Word]:
    name = _BETWEEN_SURNAMES.sub(" ", name)
    joined = hyphenated(name)
    words = [(plain, fold(plain), place in joined) for place, plain in enumerate(tokens_of(name))]
    beside_one = any(is_spelt(plain) for plain, _, _ in words)
    language = language_of([plain for plain, _, _ in words])
    found = [_word(plain, folded, double, beside_one) for plain, folded, double in words if folded]
    return [word._replace(language=language) for word in found]


def _word(plain: str, folded: str, double: bool, beside_one: bool) -> _Word:
    """`plain`: lower-case, in one script. Of "yu" the vowel is the initial, and not the glide before it."""
    if len(folded) == 1 and len(plain) <= 2:
        return _Word(folded, fine(plain), min(symbols(plain), key=lambda symbol: symbol == "i"), frozenset(), double)
    return _Word(folded, fine(plain), "", may_be(plain, folded, beside_one=beside_one), double, sex_of_surname(plain))


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
        surnames, language = _surnames(rest), words[0].language
        for order in orders:
            yield NameParts(initials=order, surnames=surnames, patronymic=patronymic, language=language)
        return
    if len(rest) == 1:
        yield NameParts(surnames=_surnames(rest), patronymic=patronymic)
        return
    rest = _double_given_as_one(rest)
    places = _may_be_given(rest)
    for place in places:
        word, others = rest[place], [*rest[:place], *rest[place + 1 :]]
        father = None if patronymic else _patronymic(rest, place)
        if father:
            others.remove(father)
        yield NameParts(
            _of_sex_told(word.given, others),
            "" if word.given else word.folded,
            ("", initials[0]) if initials else (),
            _surnames(others),
            father.folded if father else patronymic,
            father.fine if father else "",
            language=word.language,
            surname_first=bool(word.given and word.fine) and place > places[0] and not father,
        )


def _double_given_as_one(words: list[_Word]) -> list[_Word]:
    """Анна-Мария is one given name, which may be either or both."""
    for place, (one, other) in enumerate(pairwise(words)):
        if one.double and other.double and one.given and other.given:
            rest = [*words[:place], *words[place + 2 :]]
            if rest and not any(word.given for word in rest):
                return [*words[:place], one._replace(given=one.given | other.given), *words[place + 2 :]]
    return words


def _of_sex_told(given: frozenset[str], surnames: Sequence[_Word]) -> frozenset[str]:
    """Саша Гузова is Александра, if it says so."""
    told = {word.sex for word in surnames if word.sex}
    return of_one_sex(given, told.pop()) if len(given) > 1 and len(told) == 1 else given


def _may_be_given(words: Sequence[_Word]) -> Sequence[int]:
    """The places of the words that we know as given names; where there is none, the first or the last may be one."""
    return [place for place, word in enumerate(words) if word.given] or (0, len(words) - 1)


def _surnames(words: Sequence[_Word]) -> tuple[tuple[str, str], ...]:
    return tuple((word.folded, word.fine) for word in words)


def _patronymic(words: Sequence[_Word], place: int) -> _Word | None:
    """It stands right behind the given name, in a name that has a surname beside."""
    if len(words) < 3 or place + 1 >= len(words):
        return None
    word = words[place + 1]
    return word if word.folded.endswith(PATRONYMIC_ENDINGS) and not (word.given or word.double) else None


@forgettable(8_192)
def surname_sounds(key: str) -> frozenset[str]:
    """What is left of each word of a folded name that may be a surname once vowels, voice and its end are taken away.

    Names that `name_match` finds more than different share one; a few others do as well.
    """
    return frozenset(surname_sound(folded) for parts in parts_of_key(key) for folded, _ in parts.surnames)
