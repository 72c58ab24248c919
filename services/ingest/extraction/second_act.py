"""Finds the second of two acts that one text tells as news: a pardon and an arrest, or two pardons on two days.

Each is read as if it stood alone: from its own sentences and those that go on about it, with its own number, names and
day. What only says who somebody is ("who was arrested in May") is no act.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from services.contract import Kind
from services.data_files import read_packaged
from services.ingest.extraction.background import FRESH, is_background, is_dated, of_another_day
from services.ingest.extraction.claims import places
from services.ingest.extraction.dialect.patterns import BadLexicon
from services.ingest.extraction.kind import LEAD, News
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.dates import resolve
from services.ingest.extraction.sentences.read_sentence import Reading
from services.ingest.extraction.signals import Signal, signal_of, statement_of, without_references
from services.ingest.extraction.whereabouts import town_of

SECOND_ACT: Final = "second_act"
"""The text tells it after another act, and neither dates it nor puts it beside the other in words."""

_STATED_BY: Final = {Kind.PARDON: ("pardon", "release"), Kind.ARREST: ("arrest",)}
_NUMBER: Final = {Kind.PARDON: "pardoned", Kind.ARREST: "detained"}
_SIGNALS: Final = {Signal.PARDON: Kind.PARDON, Signal.ARREST: Kind.ARREST}
_OTHER: Final = {Kind.PARDON: Kind.ARREST, Kind.ARREST: Kind.PARDON}


class TwoActs(NamedTuple):
    """Each without the other's sentences. `is_sure`: the text itself puts the second beside the first, or dates it.
    The running counts of the text go with the first: the second is not asked for them (`home`)."""

    first: News
    second: News
    is_sure: bool


def two_acts(text: ReadText, news: News) -> TwoActs | None:
    """None where the text tells one act at most. `news` is the first, the lead's own."""
    if news.kind is Kind.OTHER or news.by_title or not news.acts:
        return None
    return _of_the_other_kind(text, news) or _of_another_day(text, news) or _in_another_town(text, news)


def _of_the_other_kind(text: ReadText, news: News) -> TwoActs | None:
    kind = _OTHER[news.kind]
    acts = tuple(
        index
        for index in _lead(text)
        if _states(text, index, kind) and not is_background(text, index) and not _speaks_of_those(text, index)
    )
    return _apart(text, news, News(kind, acts, news.background, home=False)) if acts else None


def _of_another_day(text: ReadText, news: News) -> TwoActs | None:
    """Of the first act's kind, with a number of its own, on a day of its own that is no older than news may be."""
    first = news.acts[0]
    days, size = _days(text, first), _sizes(text, first, news.kind)
    dated = (index for index in _lead(text) if index > first and days and text.readings[index].dates)
    told = (index for index in dated if _states(text, index, news.kind))
    acts = tuple(
        index
        for index in told
        if (own := _days(text, index)) and not own & days
        and (count := _sizes(text, index, news.kind)) and not count & size
        and _is_alike(text, first, index, news.kind)
        and not is_background(text, index) and not _speaks_of_those(text, index)
    )  # fmt: skip
    if not acts:
        return None
    background = frozenset(index for index in range(len(text.readings)) if is_background(text, index))
    second = News(news.kind, acts, background | of_another_day(text, acts[0]), home=False)
    return _apart(text, replace(news, acts=tuple(act for act in news.acts if act not in acts)), second)


def _in_another_town(text: ReadText, news: News) -> TwoActs | None:
    """Arrests in a second town, told in a sentence of their own and with a number of their own."""
    if news.kind is not Kind.ARREST:
        return None
    first = news.acts[0]
    town, size = town_of(text, first), _sizes(text, first, news.kind)
    told = (index for index in _lead(text) if index > first and town and _states(text, index, news.kind))
    acts = tuple(
        index
        for index in told
        if (own := town_of(text, index)) and own != town
        and _sizes(text, index, news.kind)
        and not is_background(text, index) and not _speaks_of_those(text, index)
    )  # fmt: skip
    if not acts or not size:
        return None
    return _apart(
        text,
        replace(news, acts=tuple(act for act in news.acts if act not in acts)),
        replace(news, acts=acts, home=False),
    )


def _days(text: ReadText, index: int) -> frozenset[date | tuple[int | None, int | None]]:
    named = (each for each in text.readings[index].dates if each.day or each.weekday is not None or each.days_ago)
    return frozenset(resolve(each, text.reference) or (each.month, each.day or each.weekday) for each in named)


def _sizes(text: ReadText, index: int, kind: Kind) -> frozenset[int]:
    reading = text.readings[index]
    starts = places(text.lexicon.counts[_NUMBER[kind]], reading)
    return frozenset(each.value for each in reading.quantities if each.number_start in starts)


def _is_alike(text: ReadText, first: int, second: int, kind: Kind) -> bool:
    """A release behind a pardon is most likely its own; two decrees, or two arrests, are two."""
    if kind is Kind.ARREST:
        return True
    pardon = text.lexicon.signals["pardon"]
    return all(pardon.first(text.readings[index].counted) for index in (first, second))


def _speaks_of_those(text: ReadText, index: int) -> bool:
    return _words()[text.lexicon.language].of_those.search(text.readings[index].sentence.plain) is not None


def _lead(text: ReadText) -> range:
    return range(min(LEAD, len(text.readings)))


def _apart(text: ReadText, first: News, second: News) -> TwoActs:
    """Each sentence goes to the act that it states; else to the last one stated before it."""
    owned = dict(_owners(text, first.acts, second.acts))
    of_second = frozenset(index for index, owners in owned.items() if owners == {2})
    of_first = frozenset(index for index, owners in owned.items() if owners == {1})
    return TwoActs(
        replace(first, background=first.background | of_second, apart=of_second),
        replace(second, background=(second.background | of_first) - frozenset(second.acts), apart=of_first),
        second.acts[0] in first.acts or _is_put_beside(text, second.acts[0]),
    )


def _owners(text: ReadText, first: Sequence[int], second: Sequence[int]) -> Iterator[tuple[int, set[int]]]:
    last = {1}
    for index in range(len(text.readings)):
        own = ({1} if index in first else set()) | ({2} if index in second else set())
        last = own or last
        yield index, last
        if last == {1, 2}:
            last = {1}  # what follows a sentence that states both goes on about the news itself


def _states(text: ReadText, index: int, kind: Kind) -> bool:
    """Does the sentence state an act of that kind, alone or beside another, and not merely say it of somebody?"""
    reading, words = text.readings[index], _words()[text.lexicon.language]
    if statement_of(reading.counted, text.lexicon, _STATED_BY[kind]) is None:
        return False
    signal = _SIGNALS.get(signal_of(reading, text.lexicon))
    if signal is None:
        return False
    counted = without_references(reading.counted, text.lexicon)
    act = statement_of(counted, text.lexicon, _STATED_BY[kind])
    if act is None or _is_of_those_held_or_freed(reading, text, kind):
        return False
    clause = _clause_before(counted, act.start())
    if words.of_whom.search(clause) or words.denied.search(clause + act.group()):
        return False
    return signal is kind or _stands_beside(reading, counted, act, kind, text, words)


def _is_of_those_held_or_freed(reading: Reading, text: ReadText, kind: Kind) -> bool:
    """Does it say how many are held, or who was brought abroad? Then it tells of what has been going on, or of the
    freed."""
    signals = text.lexicon.signals
    freed = any(signals[name].first(reading.sentence.plain) for name in ("abroad", "taken_abroad"))
    return kind is Kind.ARREST and (freed or bool(places(text.lexicon.counts["still_held"], reading)))


def _stands_beside(
    reading: Reading, counted: str, act: re.Match[str], kind: Kind, text: ReadText, words: _Words
) -> bool:
    """In a sentence that states both: is there a joint between them, and a number for each?"""
    other = statement_of(counted, text.lexicon, _STATED_BY[_OTHER[kind]])
    if other is None:
        return False
    first, second = sorted((act.span(), other.span()))
    if first[1] > second[0] or not words.joint.search(counted, first[1] - 1, second[1]):
        return False
    mine, theirs = (places(text.lexicon.counts[_NUMBER[each]], reading) for each in (kind, _OTHER[kind]))
    return bool(mine - theirs and theirs - mine)


def _is_put_beside(text: ReadText, index: int) -> bool:
    reading = text.readings[index]
    beside = _words()[text.lexicon.language].beside.search(reading.sentence.plain)
    return beside is not None or _is_fresh(text, index)


def _is_fresh(text: ReadText, index: int) -> bool:
    """Does it name a day no further back than news may be? Without the text's own day, "today" and weekdays are."""
    if text.reference is not None:
        return is_dated(text, index, FRESH)
    return any(each.weekday is not None or each.days_ago is not None for each in text.readings[index].dates)


def _clause_before(counted: str, start: int) -> str:
    """The words of the act's own clause that stand before it."""
    return re.split(r"[,;:]", counted[:start])[-1]


@dataclass(frozen=True, slots=True)
class _Words:
    beside: re.Pattern[str]
    joint: re.Pattern[str]
    of_whom: re.Pattern[str]
    denied: re.Pattern[str]
    of_those: re.Pattern[str]


@cache
def _words() -> dict[str, _Words]:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "second_act.yaml", dict[str, dict[str, str]], BadLexicon)
    try:
        return {
            code: _Words(
                _whole(said["beside"]),
                re.compile(said["joint"], re.IGNORECASE),
                _whole(said["of_whom"]),
                _whole(said["denied"]),
                _whole(said["of_those"]),
            )
            for code, said in written.items()
        }
    except (re.error, KeyError) as error:
        raise BadLexicon(f"second_act.yaml: {error}") from error


def _whole(written: str) -> re.Pattern[str]:
    body = written.replace("~", r"\w*")
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)", re.IGNORECASE)


def compile_second_act() -> None:
    """Before the first article. Raises BadLexicon."""
    _words()
