"""Is it sure that a text tells of a fresh act? Whatever shows it must stand in the text; what does not, a person reads.

The rules for kinds say what is plainly no news. This asks the reverse: a day of now, a speaker or a decree by the act,
and no word of another subject beside it (a trial, a count over a year, a memory, an exhibition).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from services.contract import Kind, PartyClass
from services.data_files import read_packaged
from services.fact_table import WHOLES
from services.ingest.extraction.background import FRESH, is_dated
from services.ingest.extraction.dialect.patterns import BadLexicon
from services.ingest.extraction.kind import News
from services.ingest.extraction.law_articles import cites_a_political_article
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.read_sentence import Reading
from services.ingest.extraction.signals import statement_of
from services.ingest.extraction.wide_stems import AnyOf, any_of, stems

_LEAD: Final = 5
"""Sentences from whose words another subject is told."""
_OPENING: Final = 2
"""Sentences within which news tells its act, and so many behind it that go on about it."""
_POLITICS: Final = 8
"""Sentences in which a word of politics is looked for, as far as news is."""

_ACTS: Final = ("pardon", "release", "arrest")
_PARTS_CLAUSES: Final = re.compile(r"[,;:()]")
_COMMAS: Final = re.compile(r"[,;()]")
"""A colon parts no place from what happened there: "Moscow: an activist detained"."""
_ATTRIBUTE: Final = re.compile(r"[аеияё]нн?(?:ых|ымі?|ыми|[оа]га|[оа]го|[оа]й|ую|[оа]му)$")
"""The end of a Russian or Belarusian participle in an oblique case."""
_NEXT: Final = re.compile(r"(?:по|вы|ос|за|ар|па)\w*" + _ATTRIBUTE.pattern.removesuffix("$") + r"(?!\w)")

_Stems = dict[str, list[str]]


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    """`other_subjects.yaml`; its comments say what each is for."""

    beside_the_act: dict[str, _Stems]
    in_the_act: dict[str, _Stems]
    in_an_arrest: dict[str, _Stems]
    in_the_lead: dict[str, _Stems]
    of_politics: dict[str, _Stems]
    of_now: dict[str, _Stems]
    decided: dict[str, _Stems]
    goes_on: dict[str, _Stems]
    relative: dict[str, _Stems]


@dataclass(frozen=True, slots=True)
class _Subjects:
    beside_the_act: AnyOf
    in_the_act: AnyOf
    in_an_arrest: AnyOf
    in_the_lead: AnyOf
    of_politics: AnyOf
    of_now: AnyOf
    decided: AnyOf
    goes_on: AnyOf
    relative: AnyOf


def is_surely_news(text: ReadText, title: ReadText, news: News) -> bool:
    """`news`: of a kind, by the rules. False sends the reading to a person."""
    acts = [index for index in news.acts if news.by_title or _is_in_a_main_clause(text.readings[index], text.lexicon)]
    if not acts or _is_of_another_subject(text, title, news):
        return False
    if news.kind is Kind.ARREST and not _is_of_politics(text, title, acts):
        return False
    subjects = other_subjects()
    if any(_is_of_now(text, index) for index in acts):
        return True
    if news.kind is Kind.PARDON:
        only_told_of = set(news.acts) - set(acts)
        around = {index + step for index in acts for step in (-1, 0, 1)} - only_told_of
        beside = around & set(range(len(text.readings)))
        return any(subjects.decided.search(text.readings[index].sentence.plain) for index in beside)
    if _tells_of_before(text, news):
        return False
    lead = (*title.readings, *text.readings[:_LEAD])
    if any(subjects.in_the_lead.search(each.sentence.plain) for each in lead):
        return False
    return _is_vouched_for(text, news) or _is_told_at_once(text, news)


def _is_in_a_main_clause(reading: Reading, lexicon: Lexicon) -> bool:
    """Does a clause of its own state the act, and not one about somebody ("who were detained"), nor a mere attribute
    ("the detained", in a case that no predicate has)?"""
    groups = [lexicon.signals[name] for name in _ACTS] + [lexicon.counts[name] for name in WHOLES]
    acts = (match for group in groups for match in group.all(reading.counted))
    return any(not _is_told_of_somebody(reading.counted, match.end()) for match in acts)


def _is_told_of_somebody(counted: str, end: int) -> bool:
    clause, behind = _PARTS_CLAUSES.split(counted[:end])[-1], counted[end:].lstrip(" ,")
    relative = other_subjects().relative
    if relative.search(clause) or relative.match(behind):
        return True
    return bool(_ATTRIBUTE.search(clause) or _NEXT.match(clause.lstrip()) or _NEXT.match(behind))


def _is_of_another_subject(text: ReadText, title: ReadText, news: News) -> bool:
    subjects = other_subjects()
    of_act = [each.sentence.plain for each in _around(text, title, news, reach=0)]
    return (
        any(subjects.beside_the_act.search(each.sentence.plain) for each in _around(text, title, news, reach=1))
        or any(subjects.in_the_act.search(plain) for plain in of_act)
        or (news.kind is Kind.ARREST and any(subjects.in_an_arrest.search(plain) for plain in of_act))
        or (news.kind is Kind.ARREST and any(_is_elsewhere_or_a_crime(text, index) for index in news.acts))
    )


def _is_elsewhere_or_a_crime(text: ReadText, act: int) -> bool:
    """Does a word of another country stand before the act in its clause, or a word of crime in its sentence?"""
    counted, signals = text.readings[act].counted, text.lexicon.signals
    stated = statement_of(counted, text.lexicon, ("arrest",))
    clause = _COMMAS.split(counted[: stated.end() if stated else None])[-1]
    abroad = signals["elsewhere"].first(clause) or stems().abroad.search(clause)
    return bool(abroad or signals["ordinary_crime"].first(counted))


def _around(text: ReadText, title: ReadText, news: News, *, reach: int) -> Iterator[Reading]:
    """The title, the opening, and the first sentences of the act with so many before and behind them."""
    yield from title.readings
    near = {0} | {index + step for index in news.acts[:2] for step in range(-reach, reach + 1)}
    yield from (each for index, each in enumerate(text.readings) if index in near)


def _tells_of_before(text: ReadText, news: News) -> bool:
    """Does the lead tell of earlier arrests as well? Then the one that nothing dates may be theirs, counted up."""
    before = (index for index in range(min(_LEAD, len(text.readings))) if index in news.background)
    return any(statement_of(text.readings[index].counted, text.lexicon, ("arrest",)) for index in before)


def _is_of_politics(text: ReadText, title: ReadText, acts: Iterable[int]) -> bool:
    """By a word of politics, an article or a rights group that tells it; or by a name: of whom the police take for a
    theft no name is told."""
    plain = [each.sentence.plain for each in (*title.readings, *text.readings[:_POLITICS])]
    if any(stems().political.search(each) or other_subjects().of_politics.search(each) for each in plain):
        return True
    if any(cites_a_political_article(each) for each in plain):
        return True
    said = (saying for index in acts for saying in text.speakers.by_sentence[index])
    if any(saying.party.party_class is PartyClass.DEFENDER for saying in said):
        return True
    return any(namings(text.readings[index].sentence, text.lexicon.language) for index in acts)


def _is_of_now(text: ReadText, index: int) -> bool:
    """A weekday is one of the last seven days, whichever the rules for old news take it for."""
    reading = text.readings[index]
    if is_dated(text, index, FRESH) or any(each.weekday is not None for each in reading.dates):
        return True
    return other_subjects().of_now.search(reading.sentence.plain) is not None


def _is_vouched_for(text: ReadText, news: News) -> bool:
    """Does somebody say it, or does a day of now stand, in a sentence of the act or in the next?"""
    near = {index + step for index in news.acts for step in (0, 1)} & set(range(len(text.readings)))
    return any(text.speakers.by_sentence[index] or _is_of_now(text, index) for index in near)


def _is_told_at_once(text: ReadText, news: News) -> bool:
    """Does the text open with the act and go on about it?"""
    if news.act is None or news.act >= _OPENING:
        return False
    behind = text.readings[news.act + 1 : news.act + 1 + _OPENING]
    return not behind or any(other_subjects().goes_on.search(each.sentence.plain) for each in behind)


@cache
def other_subjects() -> _Subjects:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "other_subjects.yaml", _Written, BadLexicon)
    return _Subjects(*(_all(getattr(written, name)) for name in _Written.__struct_fields__))


def _all(classes: dict[str, _Stems]) -> AnyOf:
    return any_of({f"{name} {tongue}": listed for name, of in classes.items() for tongue, listed in of.items()})
