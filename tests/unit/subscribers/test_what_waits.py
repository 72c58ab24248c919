"""Whoever changes how often they are told hears what becomes of what has waited; nobody else does."""

from __future__ import annotations

import pytest

from services.subscribers.habits import FREQUENCIES, Frequency
from services.subscribers.interests import Interest
from services.subscribers.owed import what_waits
from services.subscribers.subscriber import Subscriber


def told(*often: Frequency) -> Subscriber:
    regions = ("gomel", "brest", "grodno")
    interests = tuple(Interest(regions=(place,), frequency=one) for place, one in zip(regions, often, strict=False))
    return Subscriber(number=1, since="2024-01-01T00:00:00.000Z", interests=interests)


@pytest.mark.parametrize("before", FREQUENCIES)
@pytest.mark.parametrize("after", FREQUENCIES)
def test_only_where_something_waited_and_comes_otherwise_now(before: Frequency, after: Frequency) -> None:
    step = FREQUENCIES.index(after) - FREQUENCIES.index(before)
    expected = None if before == "at_once" or not step else "sooner" if step < 0 else "later"
    assert what_waits(told(before), told(after)) == expected


def test_where_one_comes_sooner_and_another_later_the_sooner_one_is_told() -> None:
    assert what_waits(told("daily", "weekly"), told("weekly", "at_once")) == "sooner"


def test_the_same_in_another_order_is_no_change() -> None:
    known = told("daily", "weekly")
    new = Subscriber(number=1, since=known.since, interests=known.interests[::-1])
    assert what_waits(known, new) is None


def test_whoever_asks_for_nothing_any_more_is_promised_nothing() -> None:
    assert what_waits(told("daily"), told()) is None
