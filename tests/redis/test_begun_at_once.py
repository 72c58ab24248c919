"""An event that few ask for is begun by whoever reads it; it goes by the deliveries stream where that cannot be."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from services.contract import EVENTS_STREAM, deliveries_stream
from services.names import fold
from services.notify.channels.base import Reason, Retry
from services.notify.delivery.in_flight import InFlight
from services.notify.delivery.record import DeliveryState
from services.runtime.streams import Entry, entries_between
from services.subscribers.topics import Interest
from tests.redis.house import House
from tests.redis.samples import pardon

EVENT = pardon()
FEW = 10
BIALIATSKI = Interest(persons=(fold("Ales Bialiatski"),))


@pytest.fixture(autouse=True)
def _begins_a_few_at_once(house: House) -> None:
    house.notifier = replace(house.notifier, few=FEW)


async def crowd(house: House, count: int) -> list[int]:
    return [(await house.subscribe()).number for _ in range(count)]


async def on_the_way(house: House) -> list[Entry]:
    return await entries_between(house.redis, deliveries_stream("email"))


async def routed(house: House) -> None:
    """By `on_event` alone."""
    await house.publish(EVENT)
    (entry,) = await entries_between(house.redis, EVENTS_STREAM)
    await house.notifier.on_event(entry)


@pytest.mark.parametrize("readers", [1, FEW])
async def test_a_few_are_begun_without_the_stream(house: House, readers: int) -> None:
    numbers = await crowd(house, readers)
    await routed(house)
    await house.finish()
    assert sorted(house.mail.takers()) == numbers
    assert await on_the_way(house) == []


async def test_more_than_a_few_go_by_the_stream(house: House) -> None:
    numbers = await crowd(house, FEW + 1)
    await house.deliver(EVENT)
    assert sorted(house.mail.takers()) == numbers
    assert len(await on_the_way(house)) == 1


async def test_an_event_that_is_read_again_before_it_was_acknowledged_is_sent_once(house: House) -> None:
    numbers = await crowd(house, FEW)
    await routed(house)
    (entry,) = await entries_between(house.redis, EVENTS_STREAM)
    await house.notifier.on_event(entry)
    await house.finish()
    await house.notifier.on_event(entry)
    await house.finish()
    assert sorted(house.mail.takers()) == numbers


async def test_what_a_process_that_died_had_begun_is_made_once_more_and_the_rest_at_once(house: House) -> None:
    numbers, dead = await crowd(house, FEW), house.senders["email"].ledger
    entry = await house.publish(EVENT)
    published = await house.events.at(entry)
    assert published is not None
    await dead.claim(published, numbers[:4], 20.0)
    (read,) = await entries_between(house.redis, EVENTS_STREAM)
    await house.notifier.on_event(read)
    await house.finish()
    assert sorted(house.mail.takers()) == numbers[4:]
    house.clock.forward(21)
    await house.deliver_due()
    assert sorted(house.mail.takers()) == numbers


async def test_those_for_whom_there_is_no_room_go_by_the_stream_and_wait_there(house: House) -> None:
    house.senders["email"] = replace(house.senders["email"], in_flight=InFlight(limit=3))
    await house.redis.set("vestka:subscribers:last", 4_815_162_341)  # numbers that stand nowhere by chance
    numbers = await crowd(house, FEW)
    hangs = asyncio.Event()
    house.mail.will(hangs, hangs, hangs)
    await routed(house)
    (left,) = await on_the_way(house)
    assert str(numbers[-1]) not in str(left.fields), "the numbers are sealed"
    waits = asyncio.create_task(house.notifier.on_shards(house.senders["email"], left))
    hangs.set()
    await waits
    await house.finish()
    assert sorted(house.mail.takers()) == numbers


async def test_who_watches_somebody_in_it_is_before_all_others(house: House) -> None:
    house.senders["email"] = replace(house.senders["email"], in_flight=InFlight(limit=1))  # one after another
    others = await crowd(house, FEW // 2)
    watcher = await house.subscribe(BIALIATSKI)
    await house.deliver(pardon(of=("Ales Bialiatski",)))
    assert house.mail.takers() == [watcher.number, *others]


async def test_an_update_follows_whoever_got_the_first_whatever_they_ask_for_now(house: House) -> None:
    someone = await house.subscribe()
    await house.deliver(EVENT)
    await house.deliver(pardon(revision=2))
    assert house.mail.takers() == [someone.number] * 2


async def test_of_those_begun_at_once_whoever_failed_is_tried_again(house: House) -> None:
    await crowd(house, 1)
    house.mail.will(Retry(Reason.SERVER_ERROR))
    await house.deliver(EVENT)
    (record,) = (await house.senders["email"].ledger.records(EVENT.id)).values()
    assert record.state is DeliveryState.WAITING


@pytest.mark.parametrize("turns", range(0, 40, 4))
async def test_an_event_whose_deadline_passes_keeps_no_lease_alive(house: House, turns: int) -> None:
    """Whatever was claimed just then and not begun is anybody's once its lease has run out."""
    await crowd(house, FEW)
    beginning = asyncio.create_task(routed(house))
    for _ in range(turns):
        await asyncio.sleep(0.0005)
    beginning.cancel()
    await asyncio.gather(beginning, return_exceptions=True)
    await house.finish()
    assert house.senders["email"].in_flight.holders == []
