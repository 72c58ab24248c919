"""One person who stands in a text twice, in two spellings: with an initial and in full, or with a letter mistaken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from rapidfuzz import fuzz

from services.contract import Person
from services.names import NameVerdict, fold_token, forms_of_given_names, match_names, parts_of_name

_OF_SURNAME: Final = 4
"""Folded letters that two spellings of a surname share, whatever its case."""
_MOST_ALIKE: Final = 12
"""People of one surname who are held against each other; of more the text gives a list of a family."""
_MISSPELT: Final = 84.0
"""How alike two given names are of which one is none (`fuzz.ratio`): one letter in six or seven."""


def one_person_twice(people: Mapping[str, Person]) -> Iterator[tuple[str, str]]:
    """Pairs of keys, of which the second is of the same person as the first, who is named more fully or first."""
    by_surname: defaultdict[str, list[str]] = defaultdict(list)
    for key, person in people.items():
        by_surname[fold_token(person.name.split()[-1])[:_OF_SURNAME]].append(key)
    taken: set[str] = set()
    for keys in by_surname.values():
        names = [people[key].name for key in keys]
        for pair in combinations(keys, 2) if 1 < len(keys) <= _MOST_ALIKE else ():
            fuller, other = sorted(pair, key=lambda key: "." in people[key].name)
            if taken.isdisjoint(pair) and _are_one(people[fuller].name, people[other].name, names):
                taken.add(other)
                yield fuller, other


def _are_one(fuller: str, other: str, names: Sequence[str]) -> bool:
    """`names`: all of the surname. An initial that two of them have is nobody's."""
    if "." in other and "." not in fuller:
        return [name for name in names if "." not in name and _has_the_initial(name, other)] == [fuller]
    return _is_misspelt(fuller.split(), other.split())


def _has_the_initial(fuller: str, other: str) -> bool:
    return match_names(parts_of_name(fuller), parts_of_name(other)).verdict is NameVerdict.SAME


def _is_misspelt(one: Sequence[str], other: Sequence[str]) -> bool:
    """The same surname, and given names that are alike, of which one is no name."""
    if len(one) != 2 or len(other) != 2 or fold_token(one[1]) != fold_token(other[1]):
        return False
    if forms_of_given_names().issuperset((one[0], other[0])):
        return False
    return fuzz.ratio(one[0].lower(), other[0].lower()) >= _MISSPELT
