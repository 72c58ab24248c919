"""Looks for an act in a text of a language that is read, and that reads as no news.

What the rules' own patterns state waits, whatever vetoed it. A mere stem of an act waits only where the text is at home
and the sentence speaks of people whom politics touches.
"""

from __future__ import annotations

from typing import Final

from services.contract import Kind
from services.ingest.extraction.counted_by_names import speaks_of_more
from services.ingest.extraction.kind import News
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.near_miss.seen import NearMiss, SeenAct
from services.ingest.extraction.near_miss.vetoes import vetoes_of
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.read_sentence import Reading
from services.ingest.extraction.signals import statement_of
from services.ingest.extraction.wide_stems import stems

_LEAD: Final = 8
"""Sentences: as many as are read for news."""
_OPENING: Final = 3
"""Sentences in which a mere stem counts: news says its act at once."""
_OF_BEFORE: Final = frozenset({"background", "reference"})
_RULING_OUT_A_STEM: Final = frozenset({"foreign", "background", "promise", "denied", "amnesty"})
_ACTS: Final[tuple[SeenAct, ...]] = ("pardon", "release", "arrest")


def near_miss_of(text: ReadText, title: ReadText, news: News) -> NearMiss | None:
    """None where plainly nothing of ours is told. The lead's own sentence rather than the title, stated rather than
    only named."""
    if news.crime:
        return None
    lead = (*title.readings, *text.readings[:_LEAD])
    political = any(_is_political(reading) for reading in lead)
    if news.kind is not Kind.OTHER:
        of_people = political or speaks_of_more(text, news) or any(_speaks_of_people(one, text.lexicon) for one in lead)
        return _without_number(text, title, news) if of_people else None
    if not news.home and (not political or any(stems().abroad.search(one.sentence.plain) for one in lead)):
        return None
    by_patterns = _first(text, title, news, is_stated=True)
    return by_patterns or (_first(text, title, news, is_stated=False) if news.home and political else None)


def _first(text: ReadText, title: ReadText, news: News, *, is_stated: bool) -> NearMiss | None:
    most = _LEAD if is_stated else _OPENING
    for part, readings in ((text, text.readings[:most]), (title, title.readings[:1])):
        for index, reading in enumerate(readings):
            acts = _stated(reading, part.lexicon) if is_stated else stems().acts_in(reading.sentence.plain)
            if acts and (found := _seen(part, index, acts, news, is_stated=is_stated, is_title=part is title)):
                return found
    return None


def _seen(
    part: ReadText, index: int, acts: tuple[SeenAct, ...], news: News, *, is_stated: bool, is_title: bool
) -> NearMiss | None:
    before = frozenset[int]() if is_title else news.background
    asked = News(news.kind, (), before, retold=news.retold, home=news.home)
    vetoes = vetoes_of(part, index, asked, is_stated=is_stated)
    reading = part.readings[index]
    if "ordinary_crime" in vetoes and set(acts) == {"arrest"} and not _is_political(reading):
        return None  # a thief was caught
    if index >= _OPENING and vetoes and vetoes <= _OF_BEFORE:
        return None  # whoever tells of something else ends by telling what was before
    if not is_stated and (vetoes & _RULING_OUT_A_STEM or not _concerns_people(reading, part.lexicon)):
        return None
    return _near_miss(part, index, acts, vetoes or frozenset({"overruled"}), is_title=is_title)


def _without_number(text: ReadText, title: ReadText, news: News) -> NearMiss:
    """The act is news, and whom it touched is told neither by number nor by name."""
    part, index = (text, news.act) if news.act is not None and text.readings else (title, 0)
    act: SeenAct = "pardon" if news.kind is Kind.PARDON else "arrest"
    acts = _stated(part.readings[index], part.lexicon) or (act,)
    return _near_miss(part, index, acts, frozenset({"no_number"}), is_title=part is title)


def _stated(reading: Reading, lexicon: Lexicon) -> tuple[SeenAct, ...]:
    """The kinds of act that a pattern states here, were there nothing against it."""
    return tuple(act for act in _ACTS if statement_of(reading.counted, lexicon, (act,)))


def _is_political(reading: Reading) -> bool:
    return stems().political.search(reading.sentence.plain) is not None


def _speaks_of_people(reading: Reading, lexicon: Lexicon) -> bool:
    return lexicon.people_follow.search(reading.sentence.plain) is not None


def _concerns_people(reading: Reading, lexicon: Lexicon) -> bool:
    """Is somebody named or counted, or does politics stand in the sentence itself?"""
    named = bool(namings(reading.sentence, lexicon.language)) or reading.has_numbers
    return named or _is_political(reading)


def _near_miss(
    part: ReadText, index: int, acts: tuple[SeenAct, ...], vetoes: frozenset[str], *, is_title: bool
) -> NearMiss:
    sentence = part.readings[index].sentence
    start, end = sentence.start, sentence.start + len(sentence.written.rstrip())
    span = (0, 0) if is_title else (start, end)
    return NearMiss(sentence.written.strip(), span, acts, tuple(sorted(vetoes)), in_title=is_title)
