"""Names that no table of given names tells: two capitalised words in a list of names, or behind what somebody is; and
the surname before the given name, in a list that is written so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from services.ingest.extraction.dialect.patterns import compile_pattern
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.lexicon import words_of
from services.ingest.extraction.people.name_words import NameWords, Naming
from services.ingest.extraction.people.things import is_surname

_JOINT: Final = re.compile(r"(?: ?\([^()]{1,60}\)|, [0-9]{1,3})?(?:,|[,;]? (?:and|и|і|й|ды|а также|а таксама)) ")
"""Between two names of a list."""
_ENDS: Final = re.compile(r"(?: ?\([^()]{1,60}\)|, [0-9]{1,3})?(?:[,;.]|$| (?:and|и|і|й|ды) | - )")
_LIKE_AN_ADJECTIVE: Final = re.compile(
    r"(?<!\w)\w+(?:ого|его|ой|ей|ий|ый|ая|яя|ую|ых|их|ым|ага|яга|ай|скі|ія|ыя|ian|ish|ese)(?!\w)", re.IGNORECASE
)
"""Of an institution rather than of a person: "студентка Минского Лингвистического"."""
_SHORTEST: Final = 3
_BEFORE: Final = 60
"""Characters before a name in which stands what somebody is."""


def with_names_by_place(words: NameWords, found: Sequence[Naming], loose: Sequence[int]) -> list[Naming]:
    """Those found, and those that their place tells, in the order of the sentence. `loose` are the words of no name."""
    alone = {at for at in loose if words.word(at)}
    free = [at for at in alone if at + 1 in alone and _is_pair(words, at)]
    return sorted([*found, *_told(words, free, found)], key=lambda each: each.start) if free else [*found]


def _is_pair(words: NameWords, at: int) -> bool:
    """Do the two words stand beside one another, and no third beside them?"""
    return words.adjoin(at) and not (at and words.adjoin(at - 1)) and not words.adjoin(at + 1)


def _told(words: NameWords, free: Sequence[int], found: Sequence[Naming]) -> Iterator[Naming]:
    for at in free:
        start, end = words.tokens[at].start(), words.tokens[at + 1].end()
        if words.is_given(at + 1):
            before = _joined_before(words, start, found)
            if before and _is_inverted(words, before) and _ENDS.match(words.plain, end):
                yield words.naming(words.word(at + 1), at, at, at + 1)
        elif _is_like_a_name(words, at) and (
            _is_between(words, start, end, found) or (_ends_like_one(words, at) and _is_introduced(words, at))
        ):
            yield Naming(f"{words.word(at)} {words.word(at + 1)}", start, end, None, words.word(at + 1))


def _joined_before(words: NameWords, start: int, found: Sequence[Naming]) -> Naming | None:
    return next((each for each in found if _JOINT.fullmatch(words.plain, each.end, start)), None)


def _is_between(words: NameWords, start: int, end: int, found: Sequence[Naming]) -> bool:
    behind = any(_JOINT.fullmatch(words.plain, end, each.start) for each in found)
    return behind and _joined_before(words, start, found) is not None


def _is_inverted(words: NameWords, naming: Naming) -> bool:
    """Does the surname stand first in this one?"""
    return words.plain.startswith(naming.surname, naming.start)


def _is_like_a_name(words: NameWords, at: int) -> bool:
    first, second = words.word(at), words.word(at + 1)
    if len(first) < _SHORTEST or not first[1:].islower() or not second[1:].replace("-", "").isalpha():
        return False
    if not is_surname(first) or _LIKE_AN_ADJECTIVE.fullmatch(first):
        return False
    return is_surname(second) and not gazetteer().places.any_in(f"{first} {second}")


def _ends_like_one(words: NameWords, at: int) -> bool:
    return is_surname(words.word(at + 1), by_ending=words.language)


def _is_introduced(words: NameWords, at: int) -> bool:
    """Does what somebody is stand right before it ("the editor ...")?"""
    start = words.tokens[at].start()
    near = words.plain[max(0, start - _BEFORE) : start].rstrip(", ")
    return any(match.end() == len(near) for match in _what_somebody_is(words.language).finditer(near))


@cache
def _what_somebody_is(language: str) -> re.Pattern[str]:
    return compile_pattern("<person>", words_of(language))
