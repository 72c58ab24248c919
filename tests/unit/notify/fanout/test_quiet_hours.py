"""Nothing leaves within quiet hours, nor waits longer than they last, whatever the clocks of a zone do meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contract import EventType
from services.names import fold
from services.notify.fanout.quiet_hours import end_of_quiet, is_urgent, quiet_until
from services.subscribers.habits import Quiet
from services.subscribers.topics import Interest
from tests.conformance.samples import event
from tests.redis.samples import pardon
from tests.unit.notify.fanout.test_routing import reader

MINUTE = 60.0
CHANGES = {
    "Europe/Warsaw": (datetime(2024, 3, 31, 1, tzinfo=UTC), datetime(2024, 10, 27, 1, tzinfo=UTC)),
    "America/New_York": (datetime(2024, 3, 10, 7, tzinfo=UTC), datetime(2024, 11, 3, 6, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2024, 4, 6, 15, tzinfo=UTC), datetime(2024, 10, 5, 15, 30, tzinfo=UTC)),
    "Europe/Minsk": (datetime(2024, 3, 31, 1, tzinfo=UTC), datetime(2024, 10, 27, 1, tzinfo=UTC)),
}
"""When the clocks of a zone are put on and back; Minsk's are not."""
SPANS = st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda span: span[0] != span[1])


def is_quiet(quiet: Quiet, zone: str, at: float) -> bool:
    """As somebody would say who looks at the clock: hour by hour, from the first to the last."""
    wall = datetime.fromtimestamp(at, ZoneInfo(zone))
    minute, (start, end) = wall.hour * 60 + wall.minute, quiet
    return start <= minute < end if start < end else not end <= minute < start


@given(st.data())
def test_across_two_changes_of_the_clock_it_leaves_at_the_first_minute_that_is_not_quiet(data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(sorted(CHANGES)))
    quiet = data.draw(SPANS)
    change = data.draw(st.sampled_from(CHANGES[zone]))
    now = (change + timedelta(seconds=data.draw(st.integers(-30 * 3600, 30 * 3600)))).timestamp()
    end = end_of_quiet(quiet, zone, now)
    if end is None:
        assert not is_quiet(quiet, zone, now)
        return
    assert is_quiet(quiet, zone, now)
    assert not is_quiet(quiet, zone, end)
    first = now // MINUTE * MINUTE
    assert all(is_quiet(quiet, zone, first + MINUTE * minute) for minute in range(int((end - first) // MINUTE)))
    assert end - now <= 25 * 3600


@pytest.mark.parametrize(
    ("quiet", "zone", "now", "until"),
    [
        ((22 * 60, 7 * 60), "Europe/Minsk", "2024-12-28T18:59:59Z", None),
        ((22 * 60, 7 * 60), "Europe/Minsk", "2024-12-28T19:00:00Z", "2024-12-29T04:00:00Z"),
        ((22 * 60, 7 * 60), "Europe/Minsk", "2024-12-29T03:59:59Z", "2024-12-29T04:00:00Z"),
        ((22 * 60, 7 * 60), "Europe/Minsk", "2024-12-29T04:00:00Z", None),
        ((13 * 60, 14 * 60), "Europe/Warsaw", "2024-12-28T12:30:00Z", "2024-12-28T13:00:00Z"),
        # The night of the change is an hour shorter or longer; 07:00 on the wall is 07:00.
        ((22 * 60, 7 * 60), "Europe/Warsaw", "2024-03-30T21:00:00Z", "2024-03-31T05:00:00Z"),
        ((22 * 60, 7 * 60), "Europe/Warsaw", "2024-10-26T20:00:00Z", "2024-10-27T06:00:00Z"),
        # 02:30 does not come that night: what is past it is not quiet.
        ((22 * 60, 150), "Europe/Warsaw", "2024-03-31T00:59:00Z", "2024-03-31T01:00:00Z"),
        # 02:30 comes twice, and the half hour before it as well.
        ((22 * 60, 150), "Europe/Warsaw", "2024-10-27T00:10:00Z", "2024-10-27T00:30:00Z"),
        ((22 * 60, 150), "Europe/Warsaw", "2024-10-27T01:10:00Z", "2024-10-27T01:30:00Z"),
    ],
)
def test_quiet_hours_end_when_the_clock_on_the_wall_says_so(
    quiet: Quiet, zone: str, now: str, until: str | None
) -> None:
    found = end_of_quiet(quiet, zone, datetime.fromisoformat(now).timestamp())
    assert found == (None if until is None else datetime.fromisoformat(until).timestamp())


NIGHT = datetime(2024, 12, 28, 20, tzinfo=UTC).timestamp()
WATCHED = (Interest(persons=(fold("Ales Bialiatski"),)),)
RETRACTED = msgspec.structs.replace(event(revision=2), type=EventType.STORY_RETRACTED)
HELD = msgspec.structs.replace(event(revision=2), type=EventType.STORY_HELD)
CORRECTED = msgspec.structs.replace(event(revision=2, reason="Misread."), type=EventType.PARDON_UPDATED)
MORE = msgspec.structs.replace(event(revision=2), type=EventType.PARDON_UPDATED)


@pytest.mark.parametrize(
    ("happening", "urgent"), [(event(), False), (MORE, False), (RETRACTED, True), (HELD, True), (CORRECTED, True)]
)
def test_only_what_takes_something_back_overrides_and_only_if_asked_for(happening: object, urgent: bool) -> None:
    assert isinstance(happening, type(MORE))
    assert is_urgent(happening, reader()) is urgent
    asked = reader(quiet=(1320, 420), urgent=True)
    assert (quiet_until(happening, asked, NIGHT) is None) is urgent
    assert quiet_until(happening, reader(quiet=(1320, 420)), NIGHT) is not None


def test_news_of_a_watched_person_overrides_if_asked_for() -> None:
    named = pardon(of=("Ales Bialiatski",))
    assert quiet_until(named, reader(quiet=(1320, 420), urgent=True, interests=WATCHED), NIGHT) is None
    assert quiet_until(named, reader(quiet=(1320, 420), urgent=True), NIGHT) is not None
    assert quiet_until(named, reader(quiet=(1320, 420), interests=WATCHED), NIGHT) is not None


def test_who_has_no_quiet_hours_is_never_waited_for() -> None:
    assert quiet_until(event(), reader(), NIGHT) is None
