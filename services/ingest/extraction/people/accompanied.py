"""Numbers of people with whom somebody else went ("she was freed together with 50 others"): who that is counts too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from services.contract import Claim
from services.data_files import read_packaged
from services.fact_table import ACTS
from services.ingest.extraction.claims import claim, places
from services.ingest.extraction.dialect.patterns import NAME, BadLexicon, masked
from services.ingest.extraction.people.beside import Beside
from services.ingest.extraction.people.namings import Naming, namings
from services.ingest.extraction.people.never_taken import without_officials
from services.ingest.extraction.people.touched import touched_alone
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.numbers import Quantity
from services.ingest.extraction.sentences.read_sentence import Reading

_NEAR: Final = 80
"""Characters before a number in which it is looked for with whom they were."""
_ROLES: Final = {act.number: act.role for act in ACTS.values()}


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    with_: str = msgspec.field(name="with")
    weakly: str
    others: str
    with_one: str
    with_several: str
    behind: str
    behind_several: str
    before: str
    he: str


@dataclass(frozen=True, slots=True)
class _Grammar:
    joint: re.Pattern[str]
    weakly: re.Pattern[str]
    others: re.Pattern[str]
    with_one: re.Pattern[str]
    with_several: re.Pattern[str]
    behind: re.Pattern[str]
    behind_several: re.Pattern[str]
    he: re.Pattern[str]


def with_whoever_went(claims: Iterable[Claim], text: ReadText, index: int) -> Iterator[Claim]:
    """ "Ivan Ivanov was detained together with 10 others", "10 others were taken with him": eleven. Where it cannot be
    told how many went with them, the number is none."""
    for each in claims:
        more = _besides(each.field, _quantity(each, text, index), text, index)
        if more is not None and isinstance(each.value, int):
            yield msgspec.structs.replace(each, value=each.value + more) if more else each


def counts_in_whoever_is_told_before(each: Claim, text: ReadText, index: int) -> bool:
    """Is it of people who went "with him", of whom an earlier sentence tells?"""
    quantity, grammar = _quantity(each, text, index), _grammars()[text.lexicon.language]
    if quantity is None:
        return False
    plain, near = text.readings[index].sentence.plain, max(0, quantity.start - _NEAR)
    return bool(grammar.with_one.search(plain, near, quantity.start) or grammar.behind.match(plain, quantity.end))


def accompanied(field: str, text: ReadText, index: int) -> Claim | None:
    """Of a number that no pattern of the act counts, since the act is said of whoever went with them: the sum."""
    reading, grammar = text.readings[index], _grammars()[text.lexicon.language]
    for each in reading.quantities:
        link = _link(reading, each, grammar)
        if link is not None and _is_touched(field, link, text, index):
            more = _besides(field, each, text, index)
            span = (link, each.end)
            return claim(field, each.value + more, text, index, span, precision=each.precision) if more else None
    return None


def _besides(field: str, quantity: Quantity | None, text: ReadText, index: int) -> int | None:
    """How many went with those whom the number counts; 0: it says of nobody that they did; None: it cannot be told."""
    if quantity is None:
        return 0
    reading, grammar = text.readings[index], _grammars()[text.lexicon.language]
    plain, near = reading.sentence.plain, max(0, quantity.start - _NEAR)
    if grammar.with_one.search(plain, near, quantity.start) or grammar.behind.match(plain, quantity.end):
        return 1
    if grammar.with_several.search(plain, near, quantity.start) or grammar.behind_several.match(plain, quantity.end):
        return len(_names(reading, quantity.start, text)) or None
    link = _link(reading, quantity, grammar)
    return 0 if link is None else _who_went(field, link, text, index)


def _who_went(field: str, end: int, text: ReadText, index: int) -> int | None:
    """Those who stand before the link: one name, people whom the act counts, one without a name; or one behind it."""
    reading, language = text.readings[index], text.lexicon.language
    named = _names(reading, end, text)
    if named:
        return 1 if len(named) == 1 else None
    if counted_before := _counted_before(field, reading, end, text):
        return counted_before
    alone = touched_alone(_ROLES[field], reading, language)
    before = [one for one in alone if one.end <= end]
    if before or not _pronoun(reading, end, _grammars()[language]):
        either = before or alone or _names(reading, len(reading.sentence.plain), text)
        return _one_of(either)
    return 1


def _one_of(either: Sequence[Beside | Naming]) -> int | None:
    if len(either) != 1:
        return None
    return either[0].value if isinstance(either[0], Beside) else 1


def _counted_before(field: str, reading: Reading, end: int, text: ReadText) -> int | None:
    of_act = places(text.lexicon.counts[field], reading)
    before = [one for one in reading.quantities if one.number_start in of_act and one.end <= end]
    return before[0].value if len(before) == 1 else None


def _link(reading: Reading, quantity: Quantity, grammar: _Grammar) -> int | None:
    """Where the words begin that bind the number to whoever went."""
    plain, near = reading.sentence.plain, max(0, quantity.start - _NEAR)
    for pattern in (grammar.joint, grammar.with_one, grammar.with_several):
        if found := pattern.search(plain, near, quantity.start):
            return found.start()
    weak = grammar.weakly.search(plain, near, quantity.start) if grammar.others.match(plain, quantity.end) else None
    return weak.start() if weak else None


def _is_touched(field: str, link: int, text: ReadText, index: int) -> bool:
    """Does the act touch whoever stands before the link, as a name would be touched?"""
    reading, lexicon = text.readings[index], text.lexicon
    patterns = lexicon.roles.get(_ROLES[field].value)
    if patterns is None:
        return False
    plain, before = reading.sentence.plain, _names(reading, link, text)
    pronoun = None if before else _pronoun(reading, link, _grammars()[lexicon.language])
    if before or pronoun:
        spans = [pronoun.span()] if pronoun else [(one.start, one.end) for one in before]
        return any(match.end() <= link for match in patterns.all(masked(plain[:link], spans, NAME)))
    if touched_alone(_ROLES[field], reading, lexicon.language) or _counted_before(field, reading, link, text):
        return True
    behind = [(one.start, one.end) for one in _names(reading, len(plain), text)]
    return len(behind) == 1 and patterns.first(masked(plain, behind, NAME)) is not None


def _pronoun(reading: Reading, end: int, grammar: _Grammar) -> re.Match[str] | None:
    return grammar.he.search(reading.sentence.plain, 0, end)


def _names(reading: Reading, end: int, text: ReadText) -> list[Naming]:
    found = without_officials(reading.sentence.plain, namings(reading.sentence, text.lexicon.language))
    return [one for one in found if one.end <= end]


def _quantity(each: Claim, text: ReadText, index: int) -> Quantity | None:
    reading = text.readings[index]
    start, end = (place - reading.sentence.start for place in each.span)
    return next((one for one in reading.quantities if start <= one.number_start < end), None)


@cache
def _grammars() -> dict[str, _Grammar]:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "accompanied.yaml", dict[str, _Written], BadLexicon)
    try:
        return {language: _compiled(said) for language, said in written.items()}
    except re.error as error:
        raise BadLexicon(f"accompanied.yaml: {error}") from error


def _compiled(said: _Written) -> _Grammar:
    def right_before(words: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{words}){said.before} ?$", re.IGNORECASE)

    def right_behind(words: str) -> re.Pattern[str]:
        return re.compile(words, re.IGNORECASE)

    return _Grammar(
        joint=right_before(said.with_),
        weakly=right_before(said.weakly),
        others=right_behind(said.others),
        with_one=right_before(said.with_one),
        with_several=right_before(said.with_several),
        behind=right_behind(said.behind),
        behind_several=right_behind(said.behind_several),
        he=right_behind(said.he),
    )
