"""Finds what a text says of those whom its act touched, of all of them, and of nobody else.

A statement counts where its subject is the people of the act: all of them, so many as there are, those named, or a
pronoun that can mean nobody else. What is said of some, of others, of what may come, or in quoted words does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from services.contract import Claim, Person, Value
from services.fact_table import ACTS, TALLIES
from services.ingest.extraction.claims import first_value
from services.ingest.extraction.dialect.patterns import DATE, HEDGE, MEASURE, NAME, NUMBER, ORDINAL, PARTY, masked
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.kind import News
from services.ingest.extraction.people.lists import veiled
from services.ingest.extraction.people.namings import Naming, Strangers, namings
from services.ingest.extraction.people.never_taken import without_officials
from services.ingest.extraction.read_text import ReadText
from services.names import fold

_MASKS: Final = (DATE, HEDGE, MEASURE, NAME, NUMBER, ORDINAL, PARTY)
_OF_PARTIES: Final = "recognised"
"""The list whose words name a party."""
_OF_BEFORE: Final = frozenset({"detained_before", "never_before"})
"""Lists that tell of something earlier."""
_REACH: Final = 5
"""Sentences behind the last that states the act; further on, a text may have come to something else."""
_BACK: Final = 4
"""Sentences between a pronoun and the act at most; they must speak of nobody else."""
_BEHIND: Final = 40
"""Characters behind a statement in which an exception stands."""
_CLAUSE: Final = re.compile(r"[;:(]|, (?:and|but|while|who|а|но|и|і|але|а|які\w*|котор\w*)(?!\w)")


class SaidOfThem(NamedTuple):
    """Where it stands: the sentence, and what of it; offsets of the match count in the sentence."""

    at: int
    match: re.Match[str]


@dataclass(frozen=True, slots=True)
class Them:
    """The people of the act: how many, where told, and the folded surnames of those named."""

    number: int | None
    keys: frozenset[str]
    """Folded names of those named."""
    names: tuple[tuple[Naming, ...], ...]
    """Whom each sentence names, rulers and those who hold an office apart; also by the surname alone."""

    @property
    def alone(self) -> bool:
        return len(self.keys) <= 1 and (self.number or len(self.keys)) == 1

    def has(self, naming: Naming) -> bool:
        """Is it one of them? A relative bears the same surname, and another given name."""
        key = naming.known.key if naming.known else fold(naming.name)
        given, _, surname = key.rpartition(" ")
        alike = (one.rpartition(" ") for one in self.keys)
        return any(its == surname and _is_one_given(given, name) for name, _, its in alike)

    def are_all(self, names: Sequence[Naming]) -> bool:
        """Are these all whom the act touched?"""
        surnames = {fold(naming.name).rpartition(" ")[2] for naming in names}
        return all(self.has(naming) for naming in names) and len(surnames) >= max(self.number or 0, len(self.keys))


_ALIKE: Final = 3
"""Folded letters in which two spellings of a given name agree; folding makes one of all vowels."""


def _is_one_given(one: str, other: str) -> bool:
    """Either may be missing, or an initial."""
    length = min(len(one), len(other), _ALIKE)
    return one[:length] == other[:length]


def them(text: ReadText, news: News, claims: Sequence[Claim], people: Sequence[Person]) -> Them:
    act = ACTS[news.kind]
    number = first_value(claims, act.number)
    keys = frozenset(person.key for person in people if person.role is act.role)
    return Them(number if isinstance(number, int) else None, keys, tuple(_names(text)))


def _names(text: ReadText) -> Iterator[tuple[Naming, ...]]:
    met = Strangers()
    for reading in text.readings:
        found = met.again(reading.sentence.plain, namings(reading.sentence, text.lexicon.language))
        met.meet(found)
        yield tuple(without_officials(reading.sentence.plain, found))


def statements(
    name: str, text: ReadText, news: News, whom: Them, *, denies: bool = False, unsaid: bool = False
) -> Iterator[SaidOfThem]:
    """Those of a list of the lexicon. `denies`: a "not" belongs to them. `unsaid`: they may be said of nobody in
    particular, and so of the people of the act, where the sentence speaks of nobody else."""
    patterns = text.lexicon.further[name]
    for index in _within_reach(text, news, of_before=name in _OF_BEFORE):
        sentence = text.readings[index].sentence
        if not patterns.may_match(sentence.plain, masking=_MASKS):
            continue
        names = whom.names[index]
        shown = _shown(text, index, names, parties=name == _OF_PARTIES)
        for match in patterns.all(shown):
            of_them = _is_of_them(match, index, names, text, news, whom, unsaid=unsaid)
            if of_them and _is_so(match, shown, text, denies=denies):
                yield SaidOfThem(index, match)


def told(field: str, value: Value, text: ReadText, index: int, within: tuple[int, int]) -> Claim:
    """A claim by whoever speaks there. Who announced the act does not answer for what became of its people."""
    said_by = text.speakers.of(index, *within, act=False)
    return Claim(field=field, value=value, said_by=said_by, span=text.readings[index].span(*within))


def names_some(index: int, whom: Them) -> bool:
    """Does the sentence name people who are not all of them?"""
    return bool(whom.names[index]) and not whom.are_all(whom.names[index])


def names_strangers(index: int, whom: Them) -> bool:
    """Does the sentence name anybody who is none of them?"""
    return not all(whom.has(naming) for naming in whom.names[index])


def counts_others(index: int, text: ReadText, whom: Them) -> bool:
    """Does the sentence count other people than all of them: a part, or those of another act?"""
    return any(quantity.value != whom.number for quantity in text.readings[index].quantities)


def is_quoted(plain: str, start: int, end: int) -> bool:
    """Does it stand between quotation marks? Then it is somebody's word, and nobody knows of what day."""
    return plain[:start].count('"') % 2 == 1 and '"' in plain[end:]


def _within_reach(text: ReadText, news: News, *, of_before: bool) -> list[int]:
    last = max(news.acts, default=-1) + _REACH
    first = min(news.acts, default=0) - 1
    fresh = range(len(text.readings)) if of_before else text.without(news.background)
    return [index for index in fresh if first <= index <= last]


def _shown(text: ReadText, index: int, names: Sequence[Naming], *, parties: bool) -> str:
    """With names, numbers, days and, where asked for, parties masked."""
    reading = text.readings[index]
    shown = veiled(reading, names, counted=True)
    if not parties:
        return shown
    return masked(shown, (match.span() for match, _ in gazetteer().parties.found(reading.sentence.plain)), PARTY)


def _is_of_them(
    match: re.Match[str], index: int, names: Sequence[Naming], text: ReadText, news: News, whom: Them, *, unsaid: bool
) -> bool:
    groups = match.groupdict()
    if groups.get("names"):
        start, end = match.span("names")
        return whom.are_all([naming for naming in names if start <= naming.start < end])
    if groups.get("n"):
        quantity = text.readings[index].quantity_at(match.start("n"))
        return quantity is not None and quantity.value == whom.number
    if whole := groups.get("whole"):
        explicit = text.lexicon.further["explicit"].first(whole) is not None
        return _follows_act(index, text, news, whom, explicit=explicit)
    if groups.get("one"):
        return whom.alone and _follows_act(index, text, news, whom) and not names_strangers(index, whom)
    return unsaid and _follows_act(index, text, news, whom) and not _speaks_of_others(index, names, text, whom)


def _follows_act(index: int, text: ReadText, news: News, whom: Them, *, explicit: bool = False) -> bool:
    """Can "they" mean nobody else: do the sentences since the act name, count and tell of nobody besides? Words that
    say who they are (`explicit`) may stand behind such a sentence."""
    between = range(min(news.acts) + 1, index)
    if not explicit and any(_tells_of_others(one, text, news, whom) for one in between):
        return False
    if index in news.acts:
        return not _counts_others([index], text, whom)
    act = max((act for act in news.acts if act < index), default=None)
    if act is None or index - act > _BACK:
        return False
    since = range(act + 1, index)
    strangers = any(names_strangers(one, whom) for one in (act, *since))
    return not strangers and not _counts_others([*since, index], text, whom)


def _tells_of_others(index: int, text: ReadText, news: News, whom: Them) -> bool:
    """Relatives, one more, those of before: whoever acts in it may be meant by the pronoun behind it."""
    further, counted = text.lexicon.further, text.readings[index].counted
    acting = masked(counted, (match.span() for match in further["speaking"].all(counted)), " ")
    newcomers = further["others"].first(acting) or further["newcomers"].first(acting)
    return bool(newcomers) or index in news.background or counts_others(index, text, whom)


def _counts_others(indices: Sequence[int], text: ReadText, whom: Them) -> bool:
    """Is there a number of others who are still held, or were released in all?"""
    counts = (
        reading.quantity_at(match.start("n"))
        for reading in (text.readings[index] for index in indices)
        for field in (TALLIES if reading.has_numbers else ())
        for match in text.lexicon.counts[field].all(reading.counted)
        if match.groupdict().get("n")
    )
    return any(quantity is not None and quantity.value != whom.number for quantity in counts)


def _speaks_of_others(index: int, names: Sequence[Naming], text: ReadText, whom: Them) -> bool:
    counted = text.readings[index].counted
    others = text.lexicon.further["others"].first(counted)
    partial = text.lexicon.further["partial"].first(counted)
    stranger = not all(whom.has(naming) for naming in names)
    return bool(others or partial or stranger) or counts_others(index, text, whom)


def _is_so(match: re.Match[str], shown: str, text: ReadText, *, denies: bool) -> bool:
    """Is it stated of all, as a fact, in the text's own words?"""
    further, (start, end) = text.lexicon.further, match.span()
    if is_quoted(shown, start, end):
        return False
    opening = max((cut.end() for cut in _CLAUSE.finditer(shown, 0, start)), default=0)
    governing = shown[opening : start if denies else end]
    if further["unreal"].first(governing) or further["partial"].first(governing):
        return False
    return further["excepting"].first(shown[end : end + _BEHIND]) is None
