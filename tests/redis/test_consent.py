"""Nothing goes out after an acknowledged stop, at whatever moment it comes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

import msgspec
from redis.asyncio import Redis

from services.contract import Kind
from services.notify.channels.base import Reason, Retry
from services.notify.delivery.attempt import Attempt
from services.notify.delivery.due_queue import retries_key
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.retries import SCHEDULE
from services.notify.fanout.events import Published
from services.notify.throttle.channel_hold import ChannelHold
from services.subscribers.topics import Interest
from tests.redis.house import Clock, House
from tests.redis.samples import pardon

EVENT = pardon()
Meanwhile = Callable[[], Awaitable[object]]


class InterruptedLedger(Ledger):
    """Something happens between the claim and what follows it."""

    def __init__(self, redis: Redis, clock: Clock, meanwhile: Meanwhile) -> None:
        super().__init__(redis, "email", retries_key("email"), clock)
        self._meanwhile = meanwhile

    async def claim(
        self, published: Published, numbers: Iterable[int], hold: float, *, early: bool = False
    ) -> list[Attempt]:
        claims = await super().claim(published, numbers, hold, early=early)
        await self._meanwhile()
        return claims


class InterruptedHold(ChannelHold):
    """Something happens while the channel is asked whether it is open."""

    def __init__(self, redis: Redis, meanwhile: Meanwhile) -> None:
        super().__init__(redis, "email")
        self._meanwhile = meanwhile

    async def open_at(self, now: float) -> float:
        found = await super().open_at(now)
        await self._meanwhile()
        return found


async def test_who_stopped_before_gets_nothing(house: House) -> None:
    someone = await house.subscribe()
    await house.vault.set_active(someone.number, False)
    await house.deliver(EVENT)
    assert house.mail.attempted == []
    assert await house.record(EVENT, someone.number) is None


async def test_who_stops_between_the_claim_and_the_sending_gets_nothing(house: House) -> None:
    someone = await house.subscribe()
    ledger = InterruptedLedger(house.redis, house.clock, lambda: house.vault.set_active(someone.number, False))
    house.senders["email"] = replace(house.senders["email"], ledger=ledger)
    await house.deliver(EVENT)
    await _stays_silent(house)
    record = await house.record(EVENT, someone.number)
    assert record
    assert (record.closed, record.note) == (True, "inactive")


async def test_who_is_erased_between_the_claim_and_the_sending_gets_nothing(house: House) -> None:
    someone = await house.subscribe()
    ledger = InterruptedLedger(house.redis, house.clock, lambda: house.vault.erase(someone.number))
    house.senders["email"] = replace(house.senders["email"], ledger=ledger)
    await house.deliver(EVENT)
    await _stays_silent(house)


async def test_who_stops_while_the_channel_is_asked_gets_nothing(house: House) -> None:
    someone = await house.subscribe()
    channel_hold = InterruptedHold(house.redis, lambda: house.vault.set_active(someone.number, False))
    house.senders["email"] = replace(house.senders["email"], channel_hold=channel_hold)
    await house.deliver(EVENT)
    await _stays_silent(house)


async def test_who_stops_while_a_delivery_waits_gets_nothing(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR))
    await house.deliver(EVENT)
    await house.vault.set_active(someone.number, False)
    house.mail.attempted.clear()
    await _stays_silent(house)
    assert await house.dead.all() == []


async def test_who_asks_for_something_else_while_a_delivery_waits_does_not_get_it(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR))
    await house.deliver(EVENT)
    await house.vault.put(msgspec.structs.replace(someone, interests=(Interest(kinds=(Kind.ARREST,)),)))
    house.mail.attempted.clear()
    await _stays_silent(house)


async def test_an_erased_subscriber_leaves_no_work_behind(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR))
    await house.deliver(EVENT)
    await house.vault.erase(someone.number)
    house.mail.attempted.clear()
    await _stays_silent(house)


async def test_who_comes_later_does_not_get_what_was_published_before(house: House) -> None:
    await house.subscribe(since="2024-12-28T10:15:00.001Z")
    await house.deliver(EVENT)
    assert house.mail.attempted == []


async def _stays_silent(house: House) -> None:
    """Whatever falls due later is not attempted either, and nothing goes on waiting."""
    for _ in SCHEDULE:
        house.clock.forward(86_400)
        await house.deliver_due()
    assert house.mail.attempted == []
    assert await house.queues["email"].length() == 0
