"""Guarantees 1 and 2: a notifier killed while it sends loses nothing, and repeats only what was in flight."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from services.demo.sample_article import pardon
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.record import DeliveryState
from tests.road import PATIENCE, Road, eventually

READERS = 40
TAKEN_BEFORE_THE_CRASH = 10


class Freeze:
    """Lets a receiver answer so many times, and then holds back every answer until it is thawed."""

    def __init__(self, answers: int) -> None:
        self.left = answers
        self.held = 0
        self.thawed = asyncio.Event()

    async def __call__(self) -> None:
        self.left -= 1
        if self.left < 0 and not self.thawed.is_set():
            self.held += 1
            await self.thawed.wait()


def receipts(road: Road, channel: str) -> Counter[str]:
    """How many messages came for each reader."""
    if channel == "email":
        return Counter(letter.recipient for letter in road.stage.inbox.messages)
    return Counter(str(message.chat_id) for message in road.stage.chat.messages)


def ids_of(road: Road, reader: str) -> set[str | None]:
    return {letter.header("message-id") for letter in road.stage.inbox.messages if letter.recipient == reader}


async def subscribe_many(road: Road, channel: str) -> dict[int, str]:
    """Where each reader is reached, by number."""
    targets = [f"reader{n}@demo.example" if channel == "email" else str(2000 + n) for n in range(READERS)]
    return {await road.subscribe(channel, target): target for target in targets}


async def recorded_as_sent(road: Road, channel: str, event_id: str) -> set[int]:
    records = await Ledger(road.redis, channel, "unused").records(event_id)
    return {number for number, record in records.items() if record.state is DeliveryState.SENT}


@pytest.mark.parametrize("channel", ["email", "telegram"])
async def test_a_notifier_killed_while_it_sends_loses_nothing_and_repeats_only_what_was_in_flight(
    road: Road, channel: str
) -> None:
    receiver = road.stage.inbox if channel == "email" else road.stage.chat
    freeze = Freeze(TAKEN_BEFORE_THE_CRASH)
    receiver.before_answer = freeze
    readers = await subscribe_many(road, channel)
    await road.start("ingest", "notify")
    event_id = (await road.hand_in(pardon())).event
    assert event_id is not None
    await eventually(lambda: freeze.held > 0, "a message is in flight")
    async with asyncio.timeout(PATIENCE):
        while not await recorded_as_sent(road, channel, event_id):
            await asyncio.sleep(0.01)

    await road.kill("notify")
    sent = {readers[number] for number in await recorded_as_sent(road, channel, event_id)}
    in_flight = set(receipts(road, channel)) - sent
    freeze.thawed.set()
    await road.start("notify")
    await eventually(lambda: set(receipts(road, channel)) == set(readers.values()), "everybody got the alert")
    await eventually_quiet(road)

    after = receipts(road, channel)
    assert sent, "the crash came too early to prove anything"
    assert in_flight, "the crash came too late to prove anything"
    assert {reader for reader, count in after.items() if count > 1} <= in_flight
    assert max(after.values()) <= 2
    if channel == "email":
        assert all(len(ids_of(road, reader)) == 1 for reader in in_flight), "a repeat carries the same id"


async def test_the_sessions_that_a_killed_notifier_had_at_the_relay_are_free_for_the_next(road: Road) -> None:
    road.environment["VESTKA_CHANNELS__EMAIL__SESSIONS"] = "1"
    freeze = Freeze(TAKEN_BEFORE_THE_CRASH)
    road.stage.inbox.before_answer = freeze
    readers = await subscribe_many(road, "email")
    await road.start("ingest", "notify")
    await road.hand_in(pardon())
    await eventually(lambda: freeze.held > 0, "a letter is in flight")

    await road.kill("notify")
    (relay,) = [key async for key in road.redis.scan_iter("vestka:places:*")]
    assert await road.redis.hlen(relay) == 1, "it gave nothing back"
    freeze.thawed.set()
    await road.start("notify")
    await eventually(lambda: set(receipts(road, "email")) == set(readers.values()), "everybody got the alert")
    assert await road.redis.hlen(relay) <= 1, "who is dead holds nothing any more"


async def eventually_quiet(road: Road) -> None:
    """Until nothing is left to do: no entry unfinished, nothing due."""

    async def pending() -> int:
        count = 0
        for name in ("email", "telegram", "webhook"):
            count += int(await road.redis.zcard(f"vestka:retries:{name}"))
            summary = await road.redis.xpending(f"vestka:deliveries:{name}", "notify")
            count += int(summary["pending"])
        return count

    async with asyncio.timeout(40):
        while await pending():
            await asyncio.sleep(0.1)
