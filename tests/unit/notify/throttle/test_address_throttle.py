from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager

from services.notify.throttle.address_throttle import AddressThrottle

NOW = 1000.0


@contextmanager
def busy(throttle: AddressThrottle, target: str) -> Iterator[None]:
    entered = throttle.enter(target)
    assert entered is not None
    try:
        yield
    finally:
        throttle.leave(target, entered)


def test_a_lane_nobody_uses_is_open() -> None:
    assert AddressThrottle().open_at("one", NOW) == NOW


class Clock:
    def __init__(self) -> None:
        self.now = 5.0

    def __call__(self) -> float:
        return self.now


def has_place(throttle: AddressThrottle, target: str) -> bool:
    """Gives it back at once."""
    entered = throttle.enter(target)
    if entered is not None:
        throttle.leave(target, entered)
    return entered is not None


def test_an_address_has_one_place_until_it_has_answered_promptly() -> None:
    throttle = AddressThrottle(most_at_once=2)
    with busy(throttle, "new"):
        assert not has_place(throttle, "new")
    with busy(throttle, "new"):
        assert has_place(throttle, "new")


def test_an_address_that_took_long_has_one_place_again() -> None:
    clock = Clock()
    throttle = AddressThrottle(most_at_once=2, look_again=1.0, clock=clock)
    with busy(throttle, "one"):
        pass
    with busy(throttle, "one"):
        clock.now += 15
    with busy(throttle, "one"):
        assert throttle.open_at("one", NOW) == NOW + 1.0
        assert not has_place(throttle, "one")


def test_a_full_lane_opens_when_one_leaves() -> None:
    throttle = AddressThrottle(most_at_once=2)
    with busy(throttle, "one"):
        pass
    with busy(throttle, "one"):
        with busy(throttle, "one"):
            assert not has_place(throttle, "one")
        assert has_place(throttle, "one")


def test_a_full_lane_is_nobody_elses() -> None:
    throttle = AddressThrottle(most_at_once=1)
    with busy(throttle, "one"):
        assert throttle.open_at("other", NOW) == NOW


def test_a_slow_lane_is_closed_until_its_time_and_no_longer() -> None:
    throttle = AddressThrottle()
    throttle.slow("one", NOW + 60)
    assert throttle.open_at("one", NOW + 59) == NOW + 60
    assert throttle.open_at("one", NOW + 60) == NOW + 60
    assert throttle.open_at("one", NOW + 61) == NOW + 61
    assert throttle.open_at("other", NOW) == NOW


def test_a_lane_that_is_slow_for_long_does_not_open_for_a_shorter_reason() -> None:
    throttle = AddressThrottle()
    throttle.slow("one", NOW + 3600)
    throttle.slow("one", NOW + 5)
    assert throttle.open_at("one", NOW + 10) == NOW + 3600


def test_a_lane_that_is_slow_and_full_opens_when_it_is_neither() -> None:
    clock = Clock()
    throttle = AddressThrottle(most_at_once=1, look_again=10.0, clock=clock)
    with busy(throttle, "one"):
        clock.now += 15
    throttle.slow("one", NOW + 5)
    with busy(throttle, "one"):
        assert throttle.open_at("one", NOW) == NOW + 10.0


def test_of_ever_so_many_addresses_the_latest_are_remembered_and_no_more_are_kept() -> None:
    throttle = AddressThrottle(most_at_once=2)
    for number in range(50_000):
        assert has_place(throttle, f"address {number}")
    assert len(pickle.dumps(throttle.__dict__ | {"_clock": None})) < 1_000_000
    throttle.enter("address 49999")
    assert has_place(throttle, "address 49999"), "it answered promptly, so it has another place"
    throttle.enter("address 0")
    assert not has_place(throttle, "address 0"), "of it nothing is known any more"
