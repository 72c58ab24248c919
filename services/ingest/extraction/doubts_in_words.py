"""Finds the words by an act that put it in doubt: in its clause, its sentence, its title, or about the news itself.

What is plainly no act ("did not pardon") is read as other news and never comes here. What comes here is stated as an
act, and something beside it says that it may be none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from services.contract import PartyClass
from services.fact_table import WHOLES
from services.ingest.extraction.dialect.patterns import Patterns, masked
from services.ingest.extraction.kind import News
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.read_sentence import Reading
from services.ingest.extraction.signals import statement_of

VOUCHING: Final = frozenset({PartyClass.OFFICIAL, PartyClass.DEFENDER})
"""Whose own word is worth more than an outlet's."""

_REACH: Final = 2
"""Sentences around the act, and at either end of the text, in which words about the news mean this news."""

_REACH_OF_MEDIA: Final = 6
"""The same in what media write: they are further from the act, and nobody vouches for them."""

_PARTS_CLAUSES: Final = re.compile(r"[,;:()]")
_ACTS: Final = ("pardon", "release", "arrest")

Span = tuple[int, int]


def doubts_in_words(text: ReadText, title: ReadText, news: News) -> frozenset[str]:
    """The slugs of the lexicon's doubts that are found; what each means stands in `doubts.MEANINGS`."""
    lexicon = text.lexicon
    stating = [text.readings[index] for index in news.acts]
    stating += (each for each in title.readings if _states_act(each, lexicon))
    about = [*(text.readings[index] for index in _about(text, news)), *title.readings]
    found = {slug for reading in stating for slug in _beside_act(reading, lexicon)}
    found |= {slug for reading in about for slug in _of_message(reading, lexicon)}
    return frozenset(found)


def _states_act(reading: Reading, lexicon: Lexicon) -> bool:
    return statement_of(reading.counted, lexicon, _ACTS) is not None


def _about(text: ReadText, news: News) -> Iterator[int]:
    """The sentences whose words about "this news" mean the act: those near it, and both ends of the text.

    One that tells of something earlier must be quite near: "Rumours of another deal had been called nonsense before".
    """
    count, outlet = len(text.readings), text.speakers.outlet.party_class
    reach = _REACH if outlet in VOUCHING else _REACH_OF_MEDIA
    for index in range(count):
        distance = min((abs(index - act) for act in news.acts), default=0)
        fresh = index not in news.background and (index < _REACH or index >= count - _REACH or distance <= reach)
        if fresh or distance <= _REACH:
            yield index


def _beside_act(reading: Reading, lexicon: Lexicon) -> Iterator[str]:
    acts, counted = list(_acts(reading, lexicon)), _without_spared(reading, lexicon)
    for slug, cue in _cues(lexicon.doubts_in_sentence, counted):
        if any(";" not in between for between in _between(cue, acts, counted)):
            yield slug
    for slug, cue in _cues(lexicon.doubts_in_clause, counted):
        if any(not _PARTS_CLAUSES.search(between) for between in _between(cue, acts, counted)):
            yield slug


def _of_message(reading: Reading, lexicon: Lexicon) -> Iterator[str]:
    counted = _without_spared(reading, lexicon)
    return (slug for slug, patterns in lexicon.doubts_of_message.items() if patterns.first(counted))


def _acts(reading: Reading, lexicon: Lexicon) -> Iterator[Span]:
    """Where the sentence states an act; all of it, where that is not told by words."""
    groups = [*(lexicon.signals[name] for name in _ACTS), *(lexicon.counts[name] for name in WHOLES)]
    spans = [match.span() for group in groups for match in group.all(reading.counted)]
    yield from spans or [(0, len(reading.counted))]


def _without_spared(reading: Reading, lexicon: Lexicon) -> str:
    spared = [match.span() for match in lexicon.spared_by_doubt.all(reading.counted)]
    return masked(reading.counted, spared, " ")


def _cues(doubts: Mapping[str, Patterns], counted: str) -> Iterator[tuple[str, Span]]:
    return ((slug, match.span()) for slug, patterns in doubts.items() for match in patterns.all(counted))


def _between(cue: Span, acts: Sequence[Span], counted: str) -> Iterator[str]:
    """What stands between the cue and each act; nothing where they overlap."""
    return (counted[min(cue[1], act[1]) : max(cue[0], act[0])] for act in acts)
