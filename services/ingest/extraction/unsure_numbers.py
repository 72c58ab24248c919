"""Which number of an arrest may be that of a part, of a period or of one town: what is unsure is not said. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from services.contract import Claim, Precision
from services.ingest.extraction.claims import counted, places
from services.ingest.extraction.people.beside import stands_for_more
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.people.never_taken import without_officials
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.numbers import Quantity
from services.ingest.extraction.sentences.read_sentence import Reading
from services.ingest.extraction.signals import statement_of

_LEAD: Final = 3
"""Sentences in which a text says whether one or several were taken."""

_NEAR: Final = 6
"""Sentences in which a text tells who was freed beside the first."""

_YEARS: Final = range(1990, 2101)
"""An exact number of them is rather a year, unless people are told of right behind it."""

_CLAUSE_ENDS: Final = re.compile(r"[;:.!?](?=\s|$)")


def is_of_something_else(each: Claim, text: ReadText, index: int) -> bool:
    """Is it what a longer time came to, what became of a part of those taken, or no number of people at all?"""
    reading, unsure = text.readings[index], text.lexicon.unsure
    start, end = _within(each, reading)
    clause = _clause(reading.counted, start, end)
    if unsure["period"].first(clause):
        return True
    if unsure["of_taken"].first(reading.counted[start:end]) and unsure["part"].first(clause):
        return True
    return _is_a_year(each, text, reading, start, end)


def comes_on_top(each: Claim, text: ReadText, index: int) -> bool:
    """ "Four more were also detained", behind a sentence that tells of others: nobody says how many they all are."""
    reading = text.readings[index]
    start, end = _within(each, reading)
    number = next((one for one in reading.quantities if start <= one.number_start < end), None)
    if number is None:
        return False
    more = stands_for_more(reading.sentence.plain[: number.start], text.lexicon.language)
    more = more or text.lexicon.unsure["also"].first(_clause(reading.counted, start, end)) is not None
    return more and any(_tells_of_others(text, before) for before in range(index))


def is_one_of_several(found: Sequence[Claim], text: ReadText, title: ReadText, fresh: Sequence[int]) -> bool:
    """One is counted, and the lead or the next sentence says that there were more of them."""
    if not found or found[0].value != 1:
        return False
    at = _index_of(found[0], text)
    unsure = text.lexicon.unsure
    uncounted = (each for each in _lead(text, title, fresh) if all(number.value == 1 for number in each.quantities))
    if any(unsure["several"].first(each.counted) for each in uncounted):
        return True
    near = (text.readings[index] for index in fresh if at <= index <= at + 2)
    return any(_takes(each, text) and _tells_of_another(each, text) for each in near)


def _tells_of_another(reading: Reading, text: ReadText) -> bool:
    """ "The second" is masked as an ordinal where numbers are."""
    another = text.lexicon.unsure["another"]
    return another.first(reading.counted) is not None or another.first(reading.sentence.plain) is not None


def passes_over_a_number(found: Sequence[Claim], text: ReadText, acts: Sequence[int]) -> bool:
    """Does the first sentence of the act count people in a way that nothing here reads, and a later one others?"""
    if not found or not acts or acts[0] >= _index_of(found[0], text):
        return False
    values = {each.value for each in found}
    return any(each.value not in values for each in _unread(text, acts[0]))


def names_not_all(text: ReadText, title: ReadText, acts: Sequence[int], fresh: Sequence[int], named: int) -> bool:
    """Are there more than those whom the text names: many, several where it names one, or others that it counts?"""
    if tells_of_many(text, title, fresh) or is_supposed(text, fresh):
        return True
    several = text.lexicon.unsure["several"]
    if named == 1 and any(several.first(each.counted) for each in _lead(text, title, fresh)):
        return True
    if any(each.value > named for index in acts for each in _unread(text, index)):
        return True
    return any(comes_on_top(each, text, index) for index in fresh for each in counted("detained", text, index))


def tells_of_many(text: ReadText, title: ReadText, fresh: Sequence[int]) -> bool:
    """Does the lead say that many are taken, or that it goes on ("mass arrests in Brest")?"""
    return any(text.lexicon.unsure["many"].first(each.counted) for each in _lead(text, title, fresh))


def _lead(text: ReadText, title: ReadText, fresh: Sequence[int]) -> list[Reading]:
    return [*title.readings, *(text.readings[index] for index in fresh if index < _LEAD)]


def frees_another(text: ReadText, fresh: Sequence[int]) -> bool:
    """ "The next day NAME was also released": somebody beside whoever was freed before."""
    behind = [text.readings[index] for index in fresh if 0 < index < _NEAR]
    freed = (each for each in behind if statement_of(each.counted, text.lexicon, ("pardon", "release")))
    return any(text.lexicon.unsure["also"].first(each.counted) for each in freed)


def is_supposed(text: ReadText, fresh: Sequence[int]) -> bool:
    """Is somebody only thought to be taken ("is probably detained as well")? Then nobody knows how many there are."""
    supposed = text.lexicon.doubts_in_clause["supposition"]
    return any(supposed.first(text.readings[index].counted) and _takes(text.readings[index], text) for index in fresh)


def _unread(text: ReadText, index: int) -> list[Quantity]:
    """The numbers of people that stand in the sentence of an act and are counted by no pattern."""
    reading = text.readings[index]
    read = places(text.lexicon.counts["detained"], reading)
    follow = text.lexicon.people_follow
    people = (each for each in reading.quantities if follow.match(reading.sentence.plain, each.end + 1))
    return [each for each in people if each.number_start not in read]


def _tells_of_others(text: ReadText, index: int) -> bool:
    """Does the sentence name some who were taken, or speak of a group whom it does not count?"""
    reading, uncounted = text.readings[index], text.lexicon.rows.get("uncounted")
    if uncounted is not None and uncounted.first(reading.counted):
        return True
    if not _takes(reading, text):
        return False
    return bool(without_officials(reading.sentence.plain, namings(reading.sentence, text.lexicon.language)))


def _takes(reading: Reading, text: ReadText) -> bool:
    return statement_of(reading.counted, text.lexicon, ("arrest",)) is not None


def _is_a_year(each: Claim, text: ReadText, reading: Reading, start: int, end: int) -> bool:
    if not isinstance(each.value, int) or each.value not in _YEARS or each.precision is not Precision.EXACT:
        return False
    number = next((one for one in reading.quantities if start <= one.number_start < end), None)
    return number is not None and not text.lexicon.people_follow.match(reading.sentence.plain, number.end + 1)


def _clause(shown: str, start: int, end: int) -> str:
    """The sentence, or what a colon or a semicolon leaves of it round the number."""
    before = max((match.end() for match in _CLAUSE_ENDS.finditer(shown, 0, start)), default=0)
    behind = _CLAUSE_ENDS.search(shown, end)
    return shown[before : behind.start() if behind else len(shown)]


def _within(each: Claim, reading: Reading) -> tuple[int, int]:
    return each.span[0] - reading.sentence.start, each.span[1] - reading.sentence.start


def _index_of(each: Claim, text: ReadText) -> int:
    starts = (index for index, reading in enumerate(text.readings) if reading.sentence.start <= each.span[0])
    return max(starts, default=0)
