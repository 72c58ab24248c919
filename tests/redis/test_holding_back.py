"""What holds deliveries back for a while: a channel as a whole, an operator, the lane to one address."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from services.notify.channels.base import Reason, Retry
from services.notify.delivery.due_queue import DueQueue
from services.notify.delivery.retries import SCHEDULE
from services.notify.pipeline import attempt_due_forever
from services.notify.throttle.address_throttle import AddressThrottle
from tests.redis.house import House
from tests.redis.samples import pardon
from tests.redis.waiting import eventually

EVENT = pardon()
OTHER = pardon("pardon-20241229-bbbbbb")


async def test_a_far_side_that_asks_for_silence_holds_the_whole_channel_and_no_other(house: House) -> None:
    for target in ("first", "second"):
        await house.subscribe(channels=("email", "telegram"), targets={"telegram": target})
    house.chat.at("first", Retry(Reason.RATE_LIMITED, after=60, holds_channel=True))
    await house.deliver(EVENT)
    await house.deliver(OTHER)
    assert len(house.chat.attempted) <= 2, "nothing is attempted once the channel is held"
    assert len(house.mail.taken) == 4


async def test_what_a_held_channel_puts_off_is_no_attempt_and_is_due_when_it_opens(house: House) -> None:
    someone = await house.subscribe()
    await house.senders["email"].channel_hold.hold(60)
    await house.deliver(EVENT)
    assert house.mail.attempted == []
    record = await house.record(EVENT, someone.number)
    assert record
    assert record.attempt == 0
    assert house.clock() + 50 < record.until <= house.clock() + 60
    await house.senders["email"].channel_hold.resume()
    house.clock.at = record.until
    await house.deliver_due()
    assert [one.attempt for one in house.mail.taken] == [1]


async def test_a_paused_channel_sends_nothing_until_it_is_resumed_and_loses_nothing(house: House) -> None:
    someone = await house.subscribe(channels=("email", "telegram"))
    channel_hold = house.senders["email"].channel_hold
    await channel_hold.pause()
    assert await channel_hold.is_paused()
    await house.deliver(EVENT)
    for _ in range(5):
        house.clock.forward(3600)
        await house.deliver_due()
    assert house.mail.attempted == []
    assert house.chat.takers() == [someone.number]
    await channel_hold.resume()
    assert not await channel_hold.is_paused()
    house.clock.forward(60)
    await house.deliver_due()
    assert [one.attempt for one in house.mail.taken] == [1]


async def test_a_shorter_hold_does_not_end_a_longer_one(house: House) -> None:
    channel_hold = house.senders["email"].channel_hold
    await channel_hold.hold(60)
    await channel_hold.hold(5)
    assert await channel_hold.open_at(1000.0) > 1050.0


async def test_a_channel_that_is_held_off_and_on_says_since_when_and_why(house: House) -> None:
    channel_hold = house.senders["email"].channel_hold
    assert await channel_hold.held() is None
    await channel_hold.hold(15, Reason.POLICY)
    first = await channel_hold.held()
    assert first
    assert not first.is_long
    assert first.until == pytest.approx(first.since + 15)
    await channel_hold.hold(70, Reason.MISCONFIGURED)
    again = await channel_hold.held()
    assert again
    assert (again.since, again.reason, again.is_long) == (first.since, "misconfigured", True)
    await channel_hold.resume()
    assert await channel_hold.held() is None


async def test_what_was_not_the_readers_spends_no_attempt_of_theirs(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(*[Retry(Reason.POLICY, after=15, spends_attempt=False)] * 30)
    await house.deliver(EVENT)
    for _ in range(30):
        house.clock.forward(15)
        await house.deliver_due()
    assert [one.attempt for one in house.mail.attempted] == [1] * 31
    assert house.mail.takers() == [someone.number]


async def test_an_address_that_hangs_delays_no_other(house: House) -> None:
    wakes_up = asyncio.Event()
    await house.subscribe(targets={"email": "hangs"})
    for number in range(20):
        await house.subscribe(targets={"email": f"answers-{number}"})
    house.mail.at("hangs", wakes_up)
    await house.begin(EVENT, OTHER)
    await eventually(lambda: len(house.mail.taken) == 40)
    wakes_up.set()
    await house.finish()
    house.clock.forward(1)
    await house.deliver_due()
    assert len(house.mail.taken) == 42


async def test_an_address_that_hangs_takes_one_place_and_no_more(house: House) -> None:
    wakes_up = asyncio.Event()
    await house.subscribe(targets={"email": "hangs"})
    house.senders["email"] = replace(
        house.senders["email"], throttle=AddressThrottle(most_at_once=4, clock=house.clock)
    )
    house.mail.at("hangs", wakes_up)
    events = [pardon(f"pardon-20241228-{number:06d}") for number in range(10)]
    await house.begin(*events)
    await eventually(lambda: _waiting(house, 9))
    assert len(house.mail.attempted) == 1
    wakes_up.set()
    await house.finish()
    for _ in range(4):
        house.clock.forward(1)
        await house.deliver_due()
    assert sorted(one.event.id for one in house.mail.taken) == sorted(event.id for event in events)


async def test_events_that_come_one_upon_another_all_go_out_at_once(house: House) -> None:
    await house.subscribe(targets={"email": "answers"})
    house.senders["email"] = replace(
        house.senders["email"], throttle=AddressThrottle(most_at_once=2, patience=1e6, clock=house.clock)
    )
    events = [pardon(f"pardon-20241228-{number:06d}") for number in range(12)]
    await house.begin(*events)
    await house.finish()
    assert sorted(one.event.id for one in house.mail.taken) == sorted(event.id for event in events)
    assert await _waiting(house, 0)


async def _waiting(house: House, wanted: int) -> bool:
    """So many are put off, without having been attempted."""
    later = DueQueue(house.redis, "email", lambda: house.clock() + 2)
    return len(await later.due(most=100)) == wanted


async def test_a_slow_address_is_left_alone_until_it_said_it_would_answer(house: House) -> None:
    await house.subscribe(targets={"email": "slow"})
    house.mail.will(Retry(Reason.RATE_LIMITED, after=600))
    await house.deliver(EVENT, OTHER)
    assert len(house.mail.attempted) == 1
    house.clock.forward(599)
    await house.deliver_due()
    assert len(house.mail.attempted) == 1
    house.clock.forward(1)
    await house.deliver_due()
    assert len(house.mail.taken) == 2


async def test_however_long_a_far_side_asks_for_it_is_tried_again_within_a_day(house: House) -> None:
    await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR, after=30 * 86_400))
    await house.deliver(EVENT)
    house.clock.forward(86_400)
    await house.deliver_due()
    assert len(house.mail.taken) == 1


async def test_the_due_loop_attempts_what_is_due_while_another_attempt_hangs(house: House) -> None:
    wakes_up = asyncio.Event()
    for target in ("hangs", "answers"):
        await house.subscribe(targets={"email": target})
    house.mail.will(Retry(Reason.SERVER_ERROR), Retry(Reason.SERVER_ERROR))
    await house.deliver(EVENT)
    house.mail.at("hangs", wakes_up)
    house.clock.forward(SCHEDULE[0])
    loop = asyncio.create_task(attempt_due_forever(house.notifier, house.senders["email"], house.queues["email"]))
    await eventually(lambda: [one.address.target for one in house.mail.taken] == ["answers"])
    wakes_up.set()
    await eventually(lambda: len(house.mail.taken) == 2)
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)
