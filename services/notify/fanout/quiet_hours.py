"""Until when somebody does not want to be disturbed, by the clock on their wall. Pure.

The clock counts, and not how long it takes: where it is put back within quiet hours they are an hour longer, and where
it is put forward past their end they are over at once.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from services.contract import Event, EventType
from services.notify.fanout.routing import goes_first, only_adds
from services.subscribers.habits import MINSK, Quiet
from services.subscribers.subscriber import Subscriber
from services.subscribers.watched_persons import NO_ANSWERS, MatchAnswers

_MINUTE: Final = 60
_DAY: Final = 24 * 60
_TAKES_BACK: Final = (EventType.STORY_RETRACTED, EventType.STORY_HELD, EventType.STORY_MERGED)
_UPDATES: Final = (EventType.PARDON_UPDATED, EventType.ARREST_UPDATED)


def quiet_until(event: Event, subscriber: Subscriber, now: float, answers: MatchAnswers = NO_ANSWERS) -> float | None:
    """When a delivery that would leave `now` may: Unix seconds; None where it may now."""
    if subscriber.quiet is None or (subscriber.urgent and is_urgent(event, subscriber, answers)):
        return None
    return end_of_quiet(subscriber.quiet, subscriber.zone or MINSK, now)


def is_urgent(event: Event, subscriber: Subscriber, answers: MatchAnswers = NO_ANSWERS) -> bool:
    """News of a watched person, and whatever takes something back."""
    return takes_back(event) or goes_first(event, subscriber, answers)


def takes_back(event: Event) -> bool:
    """A retraction, a hold or a correction."""
    return event.type in _TAKES_BACK or (event.type in _UPDATES and not only_adds(event))


def end_of_quiet(quiet: Quiet, zone: str, now: float) -> float | None:
    """The first minute from `now` that is not quiet, in Unix seconds; None where `now` is none."""
    end = _end(quiet, zone, int(now // _MINUTE))
    return None if end is None else float(end * _MINUTE)


@lru_cache(maxsize=4096)
def _end(quiet: Quiet, zone: str, minute: int) -> int | None:
    """As above, in whole minutes since 1970."""
    clock = ZoneInfo(zone)
    if not _within(quiet, _on_the_wall(clock, minute)):
        return None
    end = minute + (quiet[1] - _on_the_wall(clock, minute)) % _DAY
    if _offset(clock, minute) == _offset(clock, end):
        return end
    while _within(quiet, _on_the_wall(clock, minute)):  # the clock is put on or back in between
        minute += 1
    return minute


def _within(quiet: Quiet, minute: int) -> bool:
    start, end = quiet
    return start <= minute < end if start < end else minute >= start or minute < end


def _on_the_wall(clock: ZoneInfo, minute: int) -> int:
    then = datetime.fromtimestamp(minute * _MINUTE, clock)
    return then.hour * 60 + then.minute


def _offset(clock: ZoneInfo, minute: int) -> object:
    return datetime.fromtimestamp(minute * _MINUTE, UTC).astimezone(clock).utcoffset()
