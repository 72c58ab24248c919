"""When nothing is kept of somebody any more."""

from __future__ import annotations

import msgspec
import pytest

from services.runtime.clock import unix_of
from services.subscribers.leaving import all_leave, leaves_at
from services.subscribers.subscriber import StoredAddress, Subscriber

NOON = "2025-01-10T12:00:00.000Z"
DAY = 86_400.0
MAIL = StoredAddress(channel="email", target="reader@example.org")
ENDED = msgspec.structs.replace(MAIL, ended="gone", ended_at=NOON)
SOMEBODY = Subscriber(number=1, since=NOON, addresses=(MAIL,))
STOPPED = msgspec.structs.replace(SOMEBODY, active=False, stopped=NOON)


def with_addresses(*addresses: StoredAddress) -> Subscriber:
    return msgspec.structs.replace(SOMEBODY, addresses=addresses)


def test_who_stopped_is_kept_for_a_day_and_whose_addresses_ended_for_thirty() -> None:
    assert leaves_at(STOPPED) == unix_of(NOON) + DAY
    assert leaves_at(with_addresses(ENDED)) == unix_of(NOON) + 30 * DAY


@pytest.mark.parametrize(
    "stays",
    [
        SOMEBODY,
        msgspec.structs.replace(SOMEBODY, active=False),
        msgspec.structs.replace(STOPPED, active=True),
        with_addresses(ENDED, StoredAddress(channel="telegram", target="1")),
        with_addresses(msgspec.structs.replace(ENDED, ended_at=None)),
        with_addresses(),
    ],
    ids=["active", "paused", "resumed", "reached elsewhere", "ended before we noted when", "no address at all"],
)
def test_whoever_else_stays(stays: Subscriber) -> None:
    assert leaves_at(stays) is None


def test_it_counts_from_the_last_address_that_ended() -> None:
    later = StoredAddress(channel="telegram", target="1", ended="blocked", ended_at="2025-01-20T12:00:00.000Z")
    assert leaves_at(with_addresses(ENDED, later)) == unix_of("2025-01-20T12:00:00Z") + 30 * DAY


def test_nobody_leaves_as_long_as_one_who_is_the_same_reader_stays() -> None:
    over = unix_of(NOON) + DAY
    assert all_leave([STOPPED], over)
    assert not all_leave([STOPPED], over - 1)
    assert not all_leave([STOPPED, SOMEBODY], over)
    led_here = with_addresses(msgspec.structs.replace(MAIL, ended="moved"))
    assert all_leave([STOPPED, led_here], over)
    assert not all_leave([led_here], over)
