"""Decides what a text's own news is, and which of its sentences only tell what was before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto
from typing import Final

from services.contract import Kind
from services.ingest.extraction.dialect.patterns import masked
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.sentences import dates
from services.ingest.extraction.sentences.reading import Reading

_LEAD: Final = 8
"""Sentences in which news stands; what comes later is background to something else."""

_OPENING: Final = 15
"""Characters at the head of a sentence: a cue there ("In July, ...") governs all of it."""

_LONG_AGO: Final = timedelta(days=14)
"""A text whose act lies further back retells it, or is an old page."""

_CHRONICLE: Final = 3
"""A sentence that names so many days lists what was."""

_FRESH: Final = timedelta(days=2)
"""A dated act further than this before the text came out is not its news."""


class Signal(Enum):
    """What one sentence says, as far as the kind of the news is concerned."""

    PARDON = auto()
    ARREST = auto()
    AMNESTY = auto()
    ELSE = auto()  # a trial, a death, sanctions, another country's act, a promise: news of another kind
    NOTHING = auto()


_KINDS: Final = {Signal.PARDON: Kind.PARDON, Signal.ARREST: Kind.ARREST}


@dataclass(frozen=True, slots=True)
class News:
    """`acts` are the sentences of the lead that state the act, in order; `background` are those that tell of before."""

    kind: Kind
    acts: tuple[int, ...]
    background: frozenset[int]
    otherwise: bool = False
    """The text states news of another kind."""
    retold: bool = False
    """The text states no fresh act, and one that its own date puts long before the day it came out."""
    by_title: bool = False
    """Only the title states the act; the text below it states nothing."""

    home: bool = True
    """The text is about Belarus."""

    @property
    def act(self) -> int | None:
        return self.acts[0] if self.acts else None


def news(readings: Sequence[Reading], lexicon: Lexicon, reference: date | None) -> News:
    signals = [_signal(reading, lexicon) for reading in readings[:_LEAD]]
    background = frozenset(i for i, reading in enumerate(readings) if _is_background(reading, lexicon, reference))
    home = _at_home(readings, lexicon)
    first = _first_act(readings, signals, background, reference) if home else None
    if first is None:
        lead = zip(readings, signals, strict=False)
        retold = any(signal in _KINDS and _is_old(reading, lexicon, reference, _LONG_AGO) for reading, signal in lead)
        return News(Kind.OTHER, (), background, otherwise=Signal.ELSE in signals, retold=retold, home=home)
    background |= _of_another_day(readings, lexicon, first)
    acts = tuple(i for i, signal in enumerate(signals) if signal is signals[first] and i not in background)
    return News(_KINDS[signals[first]], acts, background)


def _first_act(
    readings: Sequence[Reading], signals: Sequence[Signal], background: frozenset[int], reference: date | None
) -> int | None:
    """The first sentence of the lead that states a fresh act. After news of another kind an act must be dated anew."""
    needed: timedelta | None = None
    for index, signal in enumerate(signals):
        if signal is Signal.ELSE:
            needed = timedelta(0)
        elif signal is Signal.AMNESTY:
            needed = _FRESH
        elif signal not in _KINDS or index in background:
            continue
        elif needed is None or _is_dated(readings[index], reference, needed):
            return index
    return None


def _of_another_day(readings: Sequence[Reading], lexicon: Lexicon, act: int) -> frozenset[int]:
    """Where the act is dated to a day, the sentences that name other days only, whatever the year."""
    of_act = _named_days(readings[act], lexicon)
    if not of_act:
        return frozenset()
    named = ((index, _named_days(reading, lexicon)) for index, reading in enumerate(readings))
    return frozenset(index for index, days in named if days and not days & of_act)


def _named_days(reading: Reading, lexicon: Lexicon) -> frozenset[tuple[int | None, int | None]]:
    return frozenset((mention.month, mention.day) for mention in _days(reading, lexicon))


def _is_dated(reading: Reading, reference: date | None, within: timedelta) -> bool:
    """Does the sentence name a day that lies no further back than that?"""
    days = [dates.resolve(mention, reference) for mention in reading.dates]
    return reference is not None and any(day is not None and day >= reference - within for day in days)


def _is_background(reading: Reading, lexicon: Lexicon, reference: date | None) -> bool:
    """Does the sentence say that it tells of something earlier: in words, by a month gone by, or by an older day?"""
    all_cues = lexicon.signals["background"].all(reading.counted)
    if not all_cues and not reading.dates:
        return False
    told = (cue for cue in all_cues if not _is_of_late(reading, cue))
    referred = _referred_to(reading.counted, lexicon)
    cues = [cue.span() for cue in told if not any(start <= cue.start() < end for start, end in referred)]
    bordering = {match.end() for match in lexicon.not_the_day.all(reading.counted)}
    months = (each for each in reading.dates if each.end not in bordering and _is_month_gone_by(each, reference))
    cues += [(each.start, each.end) for each in months]
    if _opens_with_a_year_gone_by(reading, reference) or any(start < _OPENING for start, _ in cues):
        return True
    return (
        _govern_the_act(reading, cues, lexicon)
        or _is_chronicle(reading, lexicon)
        or _is_old(reading, lexicon, reference, _FRESH)
    )


def _is_month_gone_by(mention: dates.Mention, reference: date | None) -> bool:
    """ "In July", told of in another month or in nobody knows which."""
    if mention.month is None or mention.day is not None:
        return False
    return reference is None or mention.month != reference.month or mention.year not in {None, reference.year}


def _is_of_late(reading: Reading, cue: re.Match[str]) -> bool:
    """ "Since Monday": the news itself has lasted that long."""
    return any(
        cue.start() <= each.start < cue.end() and (each.weekday is not None or each.days_ago is not None)
        for each in reading.dates
    )


def _opens_with_a_year_gone_by(reading: Reading, reference: date | None) -> bool:
    """ "In 2015 ..."; a year further on may date a conviction or an election."""
    return reference is not None and any(
        each.start < _OPENING and each.month is None and each.year is not None and each.year < reference.year
        for each in reading.dates
    )


def _is_chronicle(reading: Reading, lexicon: Lexicon) -> bool:
    return len(_named_days(reading, lexicon)) >= _CHRONICLE


def _is_old(reading: Reading, lexicon: Lexicon, reference: date | None, by: timedelta) -> bool:
    """Does every day that the sentence names lie that far back?"""
    named = [dates.resolve(mention, reference) for mention in _days(reading, lexicon)]
    days = [day for day in named if day is not None]
    return reference is not None and bool(days) and all(day < reference - by for day in days)


def _govern_the_act(reading: Reading, cues: Sequence[tuple[int, int]], lexicon: Lexicon) -> bool:
    """Is a cue in the clause of the act? In another one it may date something else; without an act, it dates all."""
    if not cues:
        return False
    act = _stated(_asserted(reading.counted, lexicon), lexicon, ("pardon", "release", "arrest"))
    if act is None:
        return True
    between = (reading.counted[min(act.end(), end) : max(act.start(), start)] for start, end in cues)
    return any("," not in words and ";" not in words for words in between)


def _signal(reading: Reading, lexicon: Lexicon) -> Signal:
    counted = _asserted(reading.counted, lexicon)
    if _is_foreign(counted, lexicon):
        return Signal.ELSE
    pardon = _stated(counted, lexicon, ("pardon",))
    act = pardon or _stated(counted, lexicon, ("release",)) or _stated(counted, lexicon, ("arrest",))
    if counted.rstrip().endswith("?"):
        return Signal.ELSE if act or lexicon.signals["custody"].first(counted) else Signal.NOTHING
    for unreal, means in (("promised", Signal.ELSE), ("not_detained", Signal.NOTHING)):
        if _comes_first(lexicon.signals[unreal].first(counted), act):
            return means
    if _comes_first(lexicon.signals["amnesty"].first(counted), act):
        return Signal.AMNESTY
    other = lexicon.signals["other_news"].first(counted)
    if other and (_comes_first(other, act) or not (pardon or _stands_apart(counted, act, other))):
        return Signal.ELSE
    return _of_act(counted, lexicon, pardoned=bool(pardon), stated=bool(act))


def _asserted(counted: str, lexicon: Lexicon) -> str:
    """The sentence without what it only refers to."""
    return masked(counted, _referred_to(counted, lexicon), " ")


def _referred_to(counted: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Where an act is taken for known ("welcomed the release of"), or another one is told of ("a week after ...")."""
    groups = (lexicon.signals["presupposed"], lexicon.earlier)
    return [match.span() for group in groups for match in group.all(counted)]


def _days(reading: Reading, lexicon: Lexicon) -> tuple[dates.Mention, ...]:
    """The days that the sentence names, but for those of what it only refers to: "convicted in May of ..."."""
    if not reading.dates:
        return ()
    elsewhere = _referred_to(reading.counted, lexicon)
    return tuple(
        each
        for each in reading.dates
        if each.day is not None and not any(start <= each.start < end for start, end in elsewhere)
    )


def _is_foreign(counted: str, lexicon: Lexicon) -> bool:
    """Does another country act? Belarus named before the act makes it ours, named behind it does not."""
    foreign = lexicon.signals["foreign"].first(counted)
    if foreign is None:
        return False
    ours = lexicon.signals["in_belarus"].first(counted)
    return ours is None or ours.start() >= foreign.end()


def _comes_first(cue: re.Match[str] | None, act: re.Match[str] | None) -> bool:
    """Is there a cue, and does it govern the act? One behind the act speaks of something else."""
    return cue is not None and (act is None or act.end() > cue.start())


def _stands_apart(counted: str, act: re.Match[str] | None, cue: re.Match[str]) -> bool:
    """Does a semicolon part the cue from the act before it?"""
    return act is not None and ";" in counted[act.end() : cue.start()]


def _of_act(counted: str, lexicon: Lexicon, *, pardoned: bool, stated: bool) -> Signal:
    if pardoned or _stated(counted, lexicon, ("release",)):
        return Signal.PARDON
    if stated and lexicon.signals["ordinary_crime"].first(counted):
        return Signal.ELSE
    return Signal.ARREST if stated else Signal.NOTHING


def _stated(counted: str, lexicon: Lexicon, signals: Sequence[str]) -> re.Match[str] | None:
    """The words that state an act: a verb of it, or the number of people it touched.

    A number of people freed states a pardon only where prison or pardon is spoken of; others are freed from a lift.
    """
    groups = [lexicon.signals[name] for name in signals]
    if "pardon" in signals and lexicon.signals["custody"].first(counted):
        groups.append(lexicon.counts["pardoned"])
    if "arrest" in signals:
        groups.append(lexicon.counts["detained"])
    return next((match for group in groups if (match := group.first(counted))), None)


def _at_home(readings: Sequence[Reading], lexicon: Lexicon) -> bool:
    """Is the text about Belarus: does it name it, a place of it, or somebody known there?

    Failing that, does it speak as only our sources do ("political prisoners"), and name no other country?
    """
    if any(_names_home(reading, lexicon) for reading in readings):
        return True
    texts = [reading.sentence.plain for reading in readings]
    presumed, elsewhere = lexicon.signals.get("presumed_home"), lexicon.signals.get("elsewhere")
    if presumed is None or elsewhere is None or not any(presumed.first(plain) for plain in texts):
        return False
    return not any(elsewhere.first(plain) for plain in texts)


def _names_home(reading: Reading, lexicon: Lexicon) -> bool:
    return bool(
        lexicon.signals["home"].first(reading.sentence.plain)
        or gazetteer().places.any_in(reading.sentence.plain)
        or any(naming.known for naming in namings(reading.sentence, lexicon.language))
    )
