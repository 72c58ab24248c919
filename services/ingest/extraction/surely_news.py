"""Is it sure that a text tells of a fresh act? Whatever shows it must stand in the text; what does not, a person reads.

The rules for kinds say what is plainly no news. This asks the reverse: what shows that the act is fresh
(`shown_fresh`), and whether a word of another subject stands beside it (a trial, a count over a year, a memory).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from services.contract import Kind, PartyClass
from services.ingest.extraction.kind import News
from services.ingest.extraction.law_articles import cites_a_political_article
from services.ingest.extraction.other_subjects import other_subjects
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.read_sentence import Reading
from services.ingest.extraction.shown_fresh import Shown, shown_fresh
from services.ingest.extraction.signals import statement_of
from services.ingest.extraction.stated_act import states_the_act
from services.ingest.extraction.wide_stems import stems

_LEAD: Final = 5
"""Sentences from whose words another subject is told."""
_POLITICS: Final = 8
"""Sentences in which a word of politics is looked for, as far as news is."""

_IN_BELARUS: Final = re.compile(r"(?<!\w)(?:in|в|у|ў) (?:Belarus(?!\w)|Белорусси|Беларус[иі])", re.IGNORECASE)
_PERIOD: Final = re.compile(
    r"(?<!\w)(?:(?:за|between|from|over) (?:19|20)\d\d(?!\d)|(?:19|20)\d\d ?- ?(?:19|20)\d\d(?!\d))", re.IGNORECASE
)
"""Years over which something is counted: "in 2022-2023", "за 2023 год"."""

_WEIGHTY: Final = frozenset({Shown.TENSE, Shown.SAID})
_TWICE: Final = 2
_MASS: Final = 10

_COMMAS: Final = re.compile(r"[,;()]")
"""A colon parts no place from what happened there: "Moscow: an activist detained"."""

_OF_NOW: Final = frozenset({Shown.DAY_OF_ACT, Shown.DAY_BESIDE, Shown.TENSE})


def is_surely_news(text: ReadText, title: ReadText, news: News) -> bool:
    """`news`: of a kind, by the rules. False sends the reading to a person."""
    acts = [index for index in news.acts if news.by_title or states_the_act(text.readings[index], text.lexicon)]
    if not acts:
        return False
    shown = shown_fresh(text, title, news, acts)
    if not shown or _is_of_another_subject(text, title, news, shown):
        return False
    if news.kind is Kind.PARDON:
        return True
    if not _is_of_politics(text, title, acts):
        return False
    if Shown.DAY_OF_ACT in shown:
        return True
    retold = _tells_of_before(text, news) and not (shown & _OF_NOW or _is_shown_well(shown))
    return not (retold or _is_of_court_or_prison(text, title))


def _is_shown_well(shown: frozenset[Shown]) -> bool:
    """By the day of the act, or by somebody or a tense, and by something more: then a word of another subject in the
    sentences beside it is of what happened there."""
    return Shown.DAY_OF_ACT in shown or (bool(shown & _WEIGHTY) and len(shown) >= _TWICE)


def _is_of_another_subject(text: ReadText, title: ReadText, news: News, shown: frozenset[Shown]) -> bool:
    subjects = other_subjects()
    reach = 0 if _is_shown_well(shown) else 1
    of_act = [each.sentence.plain for each in _around(text, title, news, reach=0)]
    return (
        any(subjects.beside_the_act.search(each.sentence.plain) for each in _around(text, title, news, reach=reach))
        or any(subjects.in_the_act.search(plain) or _PERIOD.search(plain) for plain in of_act)
        or (news.kind is Kind.ARREST and any(subjects.in_an_arrest.search(plain) for plain in of_act))
        or (news.kind is Kind.ARREST and any(_is_elsewhere_or_a_crime(text, index) for index in news.acts))
    )


def _is_elsewhere_or_a_crime(text: ReadText, act: int) -> bool:
    """Does a word of another country stand before the act in its clause, or a word of crime in its sentence?"""
    counted, signals = text.readings[act].counted, text.lexicon.signals
    stated = statement_of(counted, text.lexicon, ("arrest",))
    clause = _COMMAS.split(counted[: stated.end() if stated else None])[-1]
    abroad = signals["elsewhere"].first(clause) or stems().abroad.search(clause)
    if abroad and stated and _IN_BELARUS.search(_COMMAS.split(counted[stated.start() :])[0]):
        abroad = None  # "a Russian editor is detained in Belarus"
    return bool(abroad or signals["ordinary_crime"].first(counted))


def _around(text: ReadText, title: ReadText, news: News, *, reach: int) -> Iterator[Reading]:
    """The title, the opening, and the first sentences of the act with so many before and behind them."""
    yield from title.readings
    near = {0} | {index + step for index in news.acts[:2] for step in range(-reach, reach + 1)}
    yield from (each for index, each in enumerate(text.readings) if index in near)


def _is_of_court_or_prison(text: ReadText, title: ReadText) -> bool:
    lead = (*title.readings, *text.readings[:_LEAD])
    return any(other_subjects().in_the_lead.search(each.sentence.plain) for each in lead)


def _tells_of_before(text: ReadText, news: News) -> bool:
    """Does the lead tell of earlier arrests as well? Then the one that nothing dates may be theirs, counted up."""
    before = (index for index in range(min(_LEAD, len(text.readings))) if index in news.background)
    return any(statement_of(text.readings[index].counted, text.lexicon, ("arrest",)) for index in before)


def _is_of_politics(text: ReadText, title: ReadText, acts: Sequence[int]) -> bool:
    """By a word of politics, an article or a rights group that tells it; or by a name: of whom the police take for a
    theft no name is told."""
    plain = [each.sentence.plain for each in (*title.readings, *text.readings[:_POLITICS])]
    if any(stems().political.search(each) or other_subjects().of_politics.search(each) for each in plain):
        return True
    if any(cites_a_political_article(each) for each in plain):
        return True
    said = (saying.party for index in acts for saying in text.speakers.by_sentence[index])
    if any(party.party_class is PartyClass.DEFENDER for party in said) or _is_mass(text, acts):
        return True
    return any(namings(text.readings[index].sentence, text.lexicon.language) for index in acts)


def _is_mass(text: ReadText, acts: Sequence[int]) -> bool:
    """Does a rights group tell of so many that it can be for politics alone?"""
    if text.speakers.outlet.party_class is not PartyClass.DEFENDER:
        return False
    return any(each.value >= _MASS for index in acts for each in text.readings[index].quantities)
