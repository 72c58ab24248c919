"""From when on the running counts count, and of which day a count is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from services.contract import Claim
from services.fact_table import NUMBERS, TALLIES, Measure
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.dates import Mention, resolve
from services.ingest.extraction.sentences.read_sentence import Reading

RUNNING: Final = ("nth_pardon", "released_total")
"""Counts that begin somewhere."""
_FIRST_MONTH: Final = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_SEASONS: Final = {
    "spring": "spring",
    "summer": "summer",
    "autumn": "autumn",
    "fall": "autumn",
    "winter": "winter",
    "весны": "spring",
    "лета": "summer",
    "летом": "summer",
    "осени": "autumn",
    "зимы": "winter",
    "вясны": "spring",
    "восені": "autumn",
    "зімы": "winter",
}
_OF_LAST_YEAR: Final = re.compile(r"last|past|previous|прошл|мінул|леташн")
_OF_THIS_YEAR: Final = re.compile(r"this|этого|сего|текущ|гэтага|сёлетн|сяго")
_CLAUSE: Final = re.compile(r"[;:]")
_NEAR: Final = 90
"""Characters between a count and its period at most."""


def dated(text: ReadText, claims: Sequence[Claim]) -> Iterator[Claim]:
    """The claims, those of a count with the day on which it stood so where the sentence says it."""
    for each in claims:
        index = _sentence_of(each, text)
        day = None if index is None or each.field not in NUMBERS else _as_of(each, text, index)
        yield msgspec.structs.replace(each, as_of=day.isoformat()) if day else each


def counted_since(text: ReadText, claims: Sequence[Claim]) -> Iterator[Claim]:
    """The period of the running counts; none where two of them have two."""
    found = [said for each in claims if each.field in RUNNING if (said := _since(each, text, claims))]
    if len({each.value for each in found}) == 1:
        yield found[0]


def _sentence_of(each: Claim, text: ReadText) -> int | None:
    for index, reading in enumerate(text.readings):
        if reading.sentence.start <= each.span[0] < reading.sentence.start + len(reading.sentence.plain):
            return index
    return None


def _as_of(each: Claim, text: ReadText, index: int) -> date | None:
    """A bare "by 27 December" dates a count that runs on, and no act."""
    runs_on = each.field in TALLIES or NUMBERS[each.field] is Measure.ORDINAL
    lists = ("as_of", "as_of_tally") if runs_on else ("as_of",)
    reading = text.readings[index]
    for name in lists:
        for match in text.lexicon.further[name].all(reading.counted):
            day = _day_at(reading, match.start("date"), text.reference)
            if day and _is_near(match.span(), _within(each, reading), reading.counted):
                return None if text.reference and day > text.reference + timedelta(days=1) else day
    return None


def _day_at(reading: Reading, start: int, reference: date | None) -> date | None:
    mention = _mention_at(reading, start)
    return resolve(mention, reference) if mention and mention.day is not None else None


def _mention_at(reading: Reading, start: int) -> Mention | None:
    return next((each for each in reading.dates if each.start <= start < each.end), None)


def _since(each: Claim, text: ReadText, claims: Sequence[Claim]) -> Claim | None:
    """The nearest period in the sentence of the count, behind it rather than before."""
    index = _sentence_of(each, text)
    if index is None:
        return None
    reading, span = text.readings[index], _within(each, text.readings[index])
    told = [
        (match, period)
        for match in text.lexicon.further["counted_since"].all(reading.counted)
        if _is_near(match.span(), span, reading.counted) and (period := _period(match, reading, text.reference))
    ]
    told.sort(key=lambda one: _distance(one[0].span(), span))
    others = [_within(one, reading) for one in claims if one.field in NUMBERS and one is not each]
    for match, period in told:
        if not any(_distance(match.span(), other) < _distance(match.span(), span) for other in others):
            where = reading.span(*match.span())
            return Claim(field="counted_since", value=period, said_by=each.said_by, span=where, scope="total")
    return None


def _within(each: Claim, reading: Reading) -> tuple[int, int]:
    return each.span[0] - reading.sentence.start, each.span[1] - reading.sentence.start


def _distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(0, one[0] - other[1], other[0] - one[1])


def _is_near(one: tuple[int, int], other: tuple[int, int], counted: str) -> bool:
    between = counted[min(one[1], other[1]) : max(one[0], other[0])]
    return len(between) <= _NEAR and _CLAUSE.search(between) is None


def _period(match: re.Match[str], reading: Reading, reference: date | None) -> str | None:
    """ "2024-07-02", "2024-07", "2024", "2024-summer"; None where the year cannot be told."""
    groups = match.groupdict()
    hint = f"{groups.get('last') or ''} {groups.get('behind') or ''} {match.group()}".lower()
    if groups.get("season"):
        year = _mention_at(reading, match.start("year")) if groups.get("year") else None
        return _season(_SEASONS.get(groups["season"].lower()), year.year if year else None, hint, reference)
    if groups.get("this_year"):
        return str(reference.year) if reference else None
    name = "date" if groups.get("date") else "in_year"
    mention = _mention_at(reading, match.start(name)) if groups.get(name) else None
    return _calendar(mention, hint, reference, year_alone=name == "in_year") if mention else None


def _season(season: str | None, year: int | None, hint: str, reference: date | None) -> str | None:
    """A season without a year is the last that is over: of one that is under way, nobody knows which is meant."""
    if season is None:
        return None
    if year is None and reference is not None:
        first = _FIRST_MONTH[season]
        if _OF_LAST_YEAR.search(hint):
            year = reference.year - 1
        elif _OF_THIS_YEAR.search(hint) or reference.month >= first + 3:
            year = reference.year
        elif reference.month < first:
            year = reference.year - 1
    return f"{year}-{season}" if year else None


def _calendar(mention: Mention, hint: str, reference: date | None, *, year_alone: bool) -> str | None:
    if mention.month is None:
        return str(mention.year) if mention.year else None
    if year_alone:
        return None
    year = mention.year or _year_of_month(mention.month, hint, reference)
    if year is None:
        return None
    return f"{year}-{mention.month:02}" + (f"-{mention.day:02}" if mention.day else "")


def _year_of_month(month: int, hint: str, reference: date | None) -> int | None:
    if reference is None:
        return None
    if _OF_LAST_YEAR.search(hint):
        return reference.year - 1
    return reference.year if month <= reference.month or _OF_THIS_YEAR.search(hint) else reference.year - 1
