"""Which sentences tell of something earlier: by their words, by a month gone by, or by an older day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences import dates
from services.ingest.extraction.sentences.read_sentence import Reading
from services.ingest.extraction.signals import referred_to, statement_of, without_references

_OPENING: Final = 15
"""Characters at the head of a sentence: a cue there ("In July, ...") governs all of it."""

_TO_A_YEAR: Final = re.compile(r"(?: \w{1,4}){1,2} ")
"""Between an act and its year: "in", "еще в"."""

_CHRONICLE: Final = 3
"""A sentence that names so many days lists what was."""

FRESH: Final = timedelta(days=2)
"""A dated act further than this before the text came out is not its news."""

_WEEK: Final = timedelta(days=7)

LONG_AGO: Final = timedelta(days=14)
"""A text whose act lies further back retells it, or is an old page."""


def is_background(text: ReadText, index: int) -> bool:
    """Does the sentence say that it tells of something earlier: in words, by a month gone by, or by an older day?"""
    reading, lexicon = text.readings[index], text.lexicon
    all_cues = (*lexicon.signals["background"].all(reading.counted), *_lately(reading, lexicon))
    if not all_cues and not reading.dates:
        return False
    told = (cue for cue in all_cues if not _is_of_late(reading, cue, text.reference))
    referred = referred_to(reading.counted, lexicon)
    cues = [cue.span() for cue in told if not any(start <= cue.start() < end for start, end in referred)]
    bordering = {match.end() for match in lexicon.not_the_day.all(reading.counted)}
    months = (each for each in reading.dates if each.end not in bordering and _is_month_gone_by(each, text.reference))
    cues += [(each.start, each.end) for each in months]
    if _is_of_a_year_gone_by(reading, lexicon, text.reference) or any(start < _OPENING for start, _ in cues):
        return True
    return (
        _govern_the_act(reading, cues, lexicon)
        or _is_chronicle(reading, lexicon)
        or is_old(text, index, _reach(reading, lexicon))
    )


def _reach(reading: Reading, lexicon: Lexicon) -> timedelta:
    """How far back the day of an act may lie that is news: further where the text says that it comes to light only now,
    or gives the day of the decree."""
    signals = lexicon.signals
    is_new = any(signals[name].first(reading.counted) for name in ("revealed", "decree_day"))
    return LONG_AGO if is_new else FRESH


def _lately(reading: Reading, lexicon: Lexicon) -> Sequence[re.Match[str]]:
    """ "Last week", unless the text says that it comes to light only now. Of the detained one often hears late, and
    then the count comes first ("at least 110 were rounded up last week"); of the freed all hear at once."""
    cues = lexicon.signals["lately"].all(reading.counted)
    if not cues or lexicon.signals["revealed"].first(reading.counted):
        return ()
    arrest = statement_of(reading.counted, lexicon, ("arrest",))
    freed = statement_of(reading.counted, lexicon, ("pardon", "release"))
    return [cue for cue in cues if freed or arrest is None or cue.start() < arrest.start()]


def _is_month_gone_by(mention: dates.Mention, reference: date | None) -> bool:
    """ "In July", told of in another month or in nobody knows which."""
    if mention.month is None or mention.day is not None:
        return False
    return reference is None or mention.month != reference.month or mention.year not in {None, reference.year}


def _is_of_late(reading: Reading, cue: re.Match[str], reference: date | None) -> bool:
    """ "Since Monday", "from 26 February to 1 March": the news itself has lasted that long."""
    within = (each for each in reading.dates if cue.start() <= each.start < cue.end())
    return any(
        each.weekday is not None or each.days_ago is not None or _is_of_this_week(each, reference) for each in within
    )


def _is_of_this_week(mention: dates.Mention, reference: date | None) -> bool:
    day = dates.resolve(mention, reference) if mention.day is not None else None
    return reference is not None and day is not None and reference - _WEEK < day <= reference


def _is_of_a_year_gone_by(reading: Reading, lexicon: Lexicon, reference: date | None) -> bool:
    """ "In 2015 ...", "soon after the election of 2010", "in 2022 and 2023"; one year elsewhere may date a
    conviction or a protest."""
    years = [(each, each.year) for each in reading.dates if each.month is None and each.year is not None]
    if len({year for _, year in years}) > 1:
        return True
    if reference is None or not years:
        return False
    soon_after = [match.end() for match in lexicon.signals["soon_after"].all(reading.counted)]
    gone_by = [each for each, year in years if year < reference.year]
    of_act = {each.start for each in gone_by} & _right_behind_the_act(reading, lexicon)
    return bool(of_act) or any(each.start < _OPENING or each.end in soon_after for each in gone_by)


def _right_behind_the_act(reading: Reading, lexicon: Lexicon) -> set[int]:
    """Where the year begins that dates the act itself: "was detained in 2023", unless a day stands in the sentence as
    well, on which somebody was taken again."""
    if any(each.month or each.weekday is not None or each.days_ago is not None for each in reading.dates):
        return set()
    act = statement_of(without_references(reading.counted, lexicon), lexicon, ("pardon", "release", "arrest"))
    behind = _TO_A_YEAR.match(reading.counted, act.end()) if act else None
    return {behind.end()} if behind else set()


def _is_chronicle(reading: Reading, lexicon: Lexicon) -> bool:
    return len(_named_days(reading, lexicon)) >= _CHRONICLE


def is_old(text: ReadText, index: int, by: timedelta) -> bool:
    """Does every day that the sentence names lie that far back?"""
    named = [dates.resolve(mention, text.reference) for mention in _days(text.readings[index], text.lexicon)]
    days = [day for day in named if day is not None]
    return text.reference is not None and bool(days) and all(day < text.reference - by for day in days)


def _govern_the_act(reading: Reading, cues: Sequence[tuple[int, int]], lexicon: Lexicon) -> bool:
    """Is a cue in the clause of the act? In another one it may date something else; without an act, it dates all."""
    if not cues:
        return False
    act = statement_of(without_references(reading.counted, lexicon), lexicon, ("pardon", "release", "arrest"))
    if act is None:
        return True
    between = (reading.counted[min(act.end(), end) : max(act.start(), start)] for start, end in cues)
    return any("," not in words and ";" not in words for words in between)


def _days(reading: Reading, lexicon: Lexicon) -> tuple[dates.Mention, ...]:
    """The days that the sentence names, but for those of what it only refers to: "convicted in May of ..."."""
    if not reading.dates:
        return ()
    elsewhere = referred_to(reading.counted, lexicon)
    return tuple(
        each
        for each in reading.dates
        if each.day is not None and not any(start <= each.start < end for start, end in elsewhere)
    )


def is_dated(text: ReadText, index: int, within: timedelta) -> bool:
    """Does the sentence name a day that lies no further back than that?"""
    days = [dates.resolve(mention, text.reference) for mention in text.readings[index].dates]
    return text.reference is not None and any(day is not None and day >= text.reference - within for day in days)


def of_another_day(text: ReadText, act: int) -> frozenset[int]:
    """Where the act is dated to a day, the sentences that name other days only, whatever the year."""
    of_act = _named_days(text.readings[act], text.lexicon)
    if not of_act:
        return frozenset()
    named = ((index, _named_days(reading, text.lexicon)) for index, reading in enumerate(text.readings))
    return frozenset(index for index, days in named if days and not days & of_act)


def _named_days(reading: Reading, lexicon: Lexicon) -> frozenset[tuple[int | None, int | None]]:
    return frozenset((mention.month, mention.day) for mention in _days(reading, lexicon))
