"""Adds up people whom a sentence takes together: "about 100 Ukrainian and 30 Belarusian fans", "she and 13 others"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from services.contract import Claim, Precision
from services.fact_table import ACTS
from services.ingest.extraction.claims import claim
from services.ingest.extraction.dialect.patterns import NAME, ONE, masked
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.people.beside import Beside, beside_one_another
from services.ingest.extraction.people.lists import holds_list
from services.ingest.extraction.people.namings import Naming, namings
from services.ingest.extraction.people.never_taken import without_officials
from services.ingest.extraction.people.touched import touched_lists
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.earlier import earlier_clauses
from services.ingest.extraction.sentences.numbers import Quantity
from services.ingest.extraction.sentences.read_sentence import Reading

_ROLES: Final = {act.number: act.role for act in ACTS.values()}
_SOMEBODY = re.compile(f"{NAME}+|{ONE}+")
_ONE_PERSON: Final = re.compile(f"{NAME}+, {ONE}+")
"""A name and who that is: "Ivan Ivanov, a driver"."""


def listed_together(field: str, text: ReadText, index: int) -> tuple[Beside, Claim | None] | None:
    """The first list of people beside one another that the act touched, and what it comes to: nothing where it has
    people whom nobody counts."""
    reading, lexicon = text.readings[index], text.lexicon
    lists = touched_lists(_ROLES[field], reading, lexicon.language)
    before = earlier_clauses(reading, lexicon) if lists else ()
    for each in lists:
        if any(start < each.end and each.start < end for start, end in before):
            continue
        span = (each.start, each.end)
        return each, claim(field, each.value, text, index, span, precision=each.precision) if each.value else None
    return None


def with_those_beside(claims: Iterable[Claim], text: ReadText, index: int) -> Iterator[Claim]:
    """ "23 women and 8 men received a pardon": 31, where the words of the act count those alone who stand next to it.
    A list with people whom nobody counts comes to no number."""
    reading = text.readings[index]
    lists = tuple(_lists(text, index)) if len(reading.quantities) > 1 else ()
    for each in claims:
        place = each.span[0] - reading.sentence.start, each.span[1] - reading.sentence.start
        number = next((one for one in reading.quantities if place[0] <= one.number_start < place[1]), None)
        listed = next((one for one in lists if number and one.start <= number.start < one.end), None)
        if listed is None or number is None or _is_whole(number, listed):
            yield each
        elif listed.value is not None:
            yield msgspec.structs.replace(each, value=listed.value, precision=listed.precision)


def _is_whole(number: Quantity, listed: Beside) -> bool:
    """Of a list of parts its value is the whole before them, and an equal number is the list's own."""
    return listed.value == number.value


def _lists(text: ReadText, index: int) -> Iterator[Beside]:
    reading, language = text.readings[index], text.lexicon.language
    names = without_officials(reading.sentence.plain, namings(reading.sentence, language))
    return beside_one_another(reading, names, language)


def taken_together(field: str, text: ReadText, index: int) -> Claim | None:
    """What the first stretch that names people beside one another comes to; None where the sentence has none."""
    reading, lexicon = text.readings[index], text.lexicon
    patterns = lexicon.together.get(field)
    if patterns is None or not patterns.may_match(reading.counted, masking=(NAME, ONE)):
        return None
    names = without_officials(reading.sentence.plain, namings(reading.sentence, lexicon.language))
    match = None if holds_list(reading, names) else patterns.first(_with_people(reading, names, lexicon))
    if match is None or _ONE_PERSON.fullmatch(match["all"]):
        return None
    numbers = [each for each in reading.quantities if match.start("all") <= each.number_start < match.end("all")]
    several = sum(each.value for each in numbers)
    value = several + len(_SOMEBODY.findall(_without_appositions(match["all"], lexicon)))
    return claim(field, value, text, index, match.span("all"), precision=_precision(numbers))


def _with_people(reading: Reading, names: Sequence[Naming], lexicon: Lexicon) -> str:
    """The sentence with its numbers, names and single people ("a Polish citizen") masked."""
    counted = masked(reading.counted, ((each.start, each.end) for each in names), NAME)
    return masked(counted, (match.span() for match in lexicon.somebody.all(counted)), ONE)


def _without_appositions(stretch: str, lexicon: Lexicon) -> str:
    """ "Her manager, the wife of NAME, and": who is named only to say who somebody else is."""
    return masked(stretch, (match.span() for match in lexicon.appositions.all(stretch)), " ")


def _precision(numbers: list[Quantity]) -> Precision:
    """A sum with one rough part is rough."""
    rough = (each.precision for each in numbers if each.precision is not Precision.EXACT)
    return next(rough, Precision.EXACT)
