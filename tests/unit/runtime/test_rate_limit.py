from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from services.runtime.http.rate_limit import RateLimit


def taken(limit: RateLimit, key: str, now: float, times: int) -> int:
    return sum(limit.take(key, now) == 0 for _ in range(times))


def test_so_many_may_come_at_once_and_then_as_many_as_time_allows() -> None:
    limit = RateLimit(per_minute=60, burst=5)
    assert taken(limit, "one", 100.0, 20) == 5
    assert taken(limit, "one", 102.0, 20) == 2
    assert taken(limit, "one", 1000.0, 20) == 5, "a bucket is never fuller than full"


def test_whoever_waits_as_long_as_told_is_let_in() -> None:
    limit = RateLimit(per_minute=7, burst=1)
    now = 12_345.678
    for _ in range(500):
        wait = limit.take("one", now)
        now += wait
        if wait:
            assert limit.take("one", now) == 0


def test_being_refused_makes_nobody_wait_longer() -> None:
    limit = RateLimit(per_minute=60, burst=1)
    limit.take("one", 0.0)
    first = limit.take("one", 0.5)
    for _ in range(100):
        limit.take("one", 0.5)
    assert limit.take("one", 0.5) == first == 0.5


def test_keys_are_apart_and_few() -> None:
    limit = RateLimit(per_minute=60, burst=1, most_keys=100)
    assert [limit.take(f"key {number}", 0.0) for number in range(1000)] == [0.0] * 1000
    assert len(limit) == 100
    assert limit.take("key 999", 0.0) > 0, "who came lately is remembered"


def test_what_is_given_back_may_come_again_and_no_more_than_that() -> None:
    limit = RateLimit(per_minute=60, burst=2)
    limit.take("one", 0.0)
    for _ in range(5):
        limit.charge("one", 0.0, -1.0)
    assert taken(limit, "one", 0.0, 10) == 2


@given(st.integers(1, 50), st.floats(1, 1000), st.lists(st.floats(0, 5), min_size=1, max_size=60))
def test_no_more_come_in_any_time_than_the_burst_and_the_rate(
    burst: int, per_minute: float, pauses: list[float]
) -> None:
    limit, now, came = RateLimit(per_minute, burst), 0.0, 0
    for pause in pauses:
        now += pause
        came += taken(limit, "one", now, 3)
    assert came <= burst + math.ceil(now * per_minute / 60)
