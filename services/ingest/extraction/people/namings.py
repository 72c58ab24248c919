"""Finds the names of people in a sentence: who is meant by which words, and the name in the nominative."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from services.ingest.extraction.gazetteer import gazetteer, stem
from services.ingest.extraction.people.morphology import (
    has_father,
    is_patronymic,
)
from services.ingest.extraction.people.name_words import TOKEN, NameWords, Naming, known_person, stems_of
from services.ingest.extraction.people.names_by_place import with_names_by_place
from services.ingest.extraction.people.things import is_part_of_a_thing, is_surname
from services.ingest.extraction.sentences.passages import Sentence
from services.names import fold_token

__all__ = ["Naming", "Strangers", "namings"]

_JOINS_A_COUPLE: Final = re.compile(r" (?:and|и|і|й|ды) ")
_LATIN_PATRONYMIC: Final = re.compile(r"(?<!\w)\w{2,}(?:[oea]vi[ct]h?|[oea][vuw]na|[iy]chna|i[cč]na|[oea]vič|[oea]ŭna)")
_APOSTROPHES: Final = str.maketrans("‘’ʼ`´", "'''''")
_AGE_OR_END: Final = re.compile(r" ?(?:$|[,;.(:]|- )")


_Taken = tuple[tuple[Naming, ...], int]
"""What was found, and how many tokens it took."""


def namings(sentence: Sentence, language: str) -> tuple[Naming, ...]:
    """Names of which the given name or initials stand there, and known people by surname; a stranger's surname alone
    is none. What is named after somebody is nobody: a street, a prize, a university."""
    return _namings(sentence.plain, sentence.written, language)


@lru_cache(maxsize=256)
def _namings(plain: str, written: str, language: str) -> tuple[Naming, ...]:
    tokens = tuple(TOKEN.finditer(plain))
    spelt = written.translate(_APOSTROPHES) if tokens else ""
    texts = tuple(spelt[token.start() : token.end()] if token["word"] else "" for token in tokens)
    words = NameWords(plain, language, tokens, texts)
    found: list[Naming] = []
    loose: list[int] = []
    index = 0
    while index < len(words.tokens):
        taken = _at(words, index)
        found += [each for each in taken[0] if not _is_part_of_a_thing(plain, each)] if taken else []
        if taken is None:
            loose.append(index)
        index += taken[1] if taken else 1
    return tuple(with_names_by_place(words, found, loose))


def _is_part_of_a_thing(plain: str, naming: Naming) -> bool:
    nominative = plain[naming.start : naming.end] == naming.name
    return is_part_of_a_thing(plain, naming.start, naming.end, nominative=nominative)


def _at(words: NameWords, index: int) -> _Taken | None:
    for way in (_initials_first, _couple, _given_first, _surname_first, _surname_and_initials, _known_surname):
        if taken := way(words, index):
            return taken
    return None


def _initials_first(words: NameWords, index: int) -> _Taken | None:
    """А. Беляцкий, А. В. Беляцкий; of Latin ones only whom we know, since U.S. is a country."""
    initials, surname = words.tokens[index]["initials"], words.word(index + 1)
    if not initials or not surname or not words.adjoin(index) or not is_surname(surname):
        return None
    if surname.isascii() and not known_person(initials, surname):
        return None
    return (words.naming(initials, index + 1, index, index + 1),), 2


def _couple(words: NameWords, index: int) -> _Taken | None:
    """Иван и Мария Колесниковы: two people of one surname."""
    if not words.adjoin(index + 1) or not _JOINS_A_COUPLE.fullmatch(words.between(index)):
        return None
    if not (words.is_given(index) and words.is_given(index + 1) and is_surname(words.word(index + 2))):
        return None
    if words.is_given(index + 2) or words.adjoin(index + 2):
        return None
    return (words.of_couple(index, index + 2, index), words.of_couple(index + 1, index + 2, index + 2)), 3


def _given_first(words: NameWords, index: int) -> _Taken | None:
    """Мария Колесникова, Мария Александровна Колесникова, Maria Alexandra Kalesnikava."""
    if not words.adjoin(index) or not words.is_given(index) or not is_surname(words.word(index + 1)):
        return None
    given, second = words.word(index), words.word(index + 1)
    if words.adjoin(index + 1) and is_surname(words.word(index + 2)):
        if (
            words.may_be_child_of(index, second)
            and _is_patronymic(second, words.language)
            and not _begins_another(words, index + 2)
        ):
            return (words.naming(given, index + 2, index, index + 2, second),), 3
        if words.is_given(index + 1) and second.isascii():
            return (words.naming(f"{given} {second}", index + 2, index, index + 2),), 3
    return (words.naming(given, index + 1, index, index + 1),), 2


def _begins_another(words: NameWords, index: int) -> bool:
    """ "Иван Лукашевич Пётр Климович": is the word the given name of the next, in a list without commas?"""
    return words.is_given(index) and words.adjoin(index) and is_surname(words.word(index + 1))


def _surname_first(words: NameWords, index: int) -> _Taken | None:
    """Колесникова Мария Александровна, as lists of the police and of rights groups have it; without the patronymic only
    within a list, since any word may open a sentence before a name."""
    if not words.adjoin(index) or not is_surname(words.word(index)) or not words.is_given(index + 1):
        return None
    if gazetteer().places.any_in(words.word(index)):
        return None  # "a resident of Pinsk Ivan Markevich": whose surname looks like a patronymic
    given, third = words.word(index + 1), words.word(index + 2) if words.adjoin(index + 1) else ""
    like_one = words.word(index).isupper() or is_surname(words.word(index), by_ending=words.language)
    if like_one and _is_patronymic(third, words.language) and (third.isascii() or has_father(third)):
        return (words.naming(given, index, index, index + 2, third),), 3
    listed = _AGE_OR_END.match(words.plain, words.tokens[index + 1].end()) or _is_followed_by_a_name(words, index + 1)
    if third or not listed or not like_one:
        return None
    return (words.naming(given, index, index, index + 1),), 2


def _is_followed_by_a_name(words: NameWords, last: int) -> bool:
    """ "Колесникову Марию и Ивана Петрова": does another given name with its own surname follow?"""
    joined = last + 1 < len(words.tokens) and _JOINS_A_COUPLE.fullmatch(words.between(last))
    return bool(joined) and words.is_given(last + 1) and words.adjoin(last + 1) and is_surname(words.word(last + 2))


def _surname_and_initials(words: NameWords, index: int) -> _Taken | None:
    """Беляцкий А. В."""
    surname = words.word(index)
    if not surname or not words.adjoin(index) or not words.tokens[index + 1]["initials"] or not is_surname(surname):
        return None
    initials = words.tokens[index + 1]["initials"]
    if surname.isascii() or not (known_person(initials, surname) or is_surname(surname, by_ending=words.language)):
        return None
    return (words.naming(initials, index, index, index + 1),), 2


def _known_surname(words: NameWords, index: int) -> _Taken | None:
    surname = words.word(index)
    known = known_person(None, surname) if surname else None
    if known is None:
        return None
    token = words.tokens[index]
    return (Naming(surname, token.start(), token.end(), known, surname),), 1


def _is_patronymic(word: str, language: str) -> bool:
    return bool(word) and (is_patronymic(word, language) or bool(_LATIN_PATRONYMIC.fullmatch(word)))


class Strangers:
    """Those whom a text has named in full so far, by the stem of their surname."""

    def __init__(self) -> None:
        self._by_stem: defaultdict[str, dict[str, Naming]] = defaultdict(dict)

    def meet(self, namings_of: Sequence[Naming]) -> None:
        for naming in namings_of:
            if naming.known is None:
                self._by_stem[_stem_of_surname(naming.name)][naming.name] = naming

    def again(self, plain: str, found: Sequence[Naming]) -> tuple[Naming, ...]:
        """Those whom this sentence names by surname alone, with the people `found` in it.

        A surname that two of them share tells neither.
        """
        if not self._by_stem:
            return tuple(found)
        taken = [(naming.start, naming.end) for naming in found]
        named = list(found)
        for token in TOKEN.finditer(plain):
            free = token["word"] and all(token.end() <= start or end <= token.start() for start, end in taken)
            meant = _meant(token["word"], self._by_stem) if free else None
            if meant:
                named.append(Naming(meant.name, token.start(), token.end(), meant.known, token["word"]))
        return tuple(sorted(named, key=lambda naming: naming.start))


def _meant(word: str, before: Mapping[str, Mapping[str, Naming]]) -> Naming | None:
    said = [before[beginning] for beginning in _beginnings(word) if beginning in before]
    meant = {name: naming for named in said for name, naming in named.items()} if said else {}
    return next(iter(meant.values())) if len(meant) == 1 else None


@lru_cache(maxsize=8192)
def _beginnings(word: str) -> tuple[str, ...]:
    return tuple(stems_of(fold_token(word)))


@lru_cache(maxsize=1024)
def _stem_of_surname(name: str) -> str:
    return stem(name.split()[-1])
