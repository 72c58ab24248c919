"""A batch may end anywhere: what was under way is made once more, what had ended is not, and two never share one."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, deliveries_stream
from services.notify.channels.base import Reason, Refused, Retry
from services.notify.delivery.ending import sent, waiting
from services.notify.delivery.in_flight import InFlight
from services.notify.delivery.record import DeliveryState
from services.notify.fanout.events import Published
from services.notify.throttle.address_throttle import AddressThrottle
from services.runtime.streams import entries_between
from tests.redis.house import House
from tests.redis.samples import pardon

EVENT = pardon()
READERS = 300


async def crowd(house: House, count: int = READERS) -> list[int]:
    return [(await house.subscribe()).number for _ in range(count)]


async def published(house: House) -> Published:
    return Published(await house.publish(EVENT), EVENT)


async def states(house: House) -> dict[int, DeliveryState]:
    records = await house.senders["email"].ledger.records(EVENT.id)
    return {number: record.state for number, record in records.items()}


async def test_hundreds_of_readers_are_one_entry_and_a_few_claims(house: House) -> None:
    numbers = await crowd(house)
    await house.deliver(EVENT)
    assert len(await entries_between(house.redis, deliveries_stream("email"))) == 1
    assert sorted(house.mail.takers()) == numbers
    assert set((await states(house)).values()) == {DeliveryState.SENT}
    assert await house.senders["email"].ledger.under_way() == 0


@pytest.mark.parametrize("ended", [0, 1, 150, 299, 300])
async def test_what_a_dead_process_had_not_ended_is_made_once_more_and_nothing_else(house: House, ended: int) -> None:
    numbers, ledger = await crowd(house), house.senders["email"].ledger
    held = await ledger.claim(await published(house), numbers, 20.0)
    await ledger.close([sent(one, None) for one in held[:ended]])
    await house.deliver_due()
    assert house.mail.takers() == [], "its lease holds"
    house.clock.forward(21)
    await house.deliver_due()
    assert sorted(house.mail.takers()) == numbers[ended:]
    assert set((await states(house)).values()) == {DeliveryState.SENT}
    house.clock.forward(1000)
    await house.deliver_due()
    assert len(house.mail.taken) == READERS - ended


async def test_a_batch_half_closed_keeps_what_waits_waiting(house: House) -> None:
    numbers, ledger = await crowd(house, 10), house.senders["email"].ledger
    held = await ledger.claim(await published(house), numbers, 20.0)
    await ledger.close([sent(one, None) for one in held[:3]] + [waiting(one, 300, None) for one in held[3:5]])
    house.clock.forward(21)
    await house.deliver_due()
    assert sorted(house.mail.takers()) == numbers[5:]
    house.clock.forward(300)
    await house.deliver_due()
    assert sorted(house.mail.takers()) == numbers[3:]


async def test_two_notifiers_that_read_the_same_entry_send_each_once(house: House, redis: Redis) -> None:
    other = House(redis)
    other.clock, other.vault, other.mail = house.clock, house.vault, house.mail
    other.senders = {"email": replace(house.senders["email"], in_flight=InFlight())}
    numbers = await crowd(house)
    await house.publish(EVENT)
    (entry,) = await entries_between(redis, EVENTS_STREAM)
    await house.notifier.on_event(entry)
    (work,) = await entries_between(redis, deliveries_stream("email"))
    await asyncio.gather(
        house.notifier.on_shards(house.senders["email"], work), house.notifier.on_shards(other.senders["email"], work)
    )
    await house.finish()
    await other.finish()
    assert sorted(house.mail.takers()) == numbers


async def test_a_lease_that_runs_out_while_sending_costs_one_repeat_and_no_letter(house: House) -> None:
    someone = await house.subscribe()
    slow = asyncio.Event()
    house.mail.will(slow)
    await house.begin(EVENT)
    await asyncio.sleep(0)
    taker = replace(house.senders["email"], in_flight=InFlight(), throttle=AddressThrottle())  # another process's
    house.clock.forward(60)
    (lease,) = await taker.ledger.expired(10)
    await house.notifier.on_expired(taker, lease)
    await taker.drain(5.0)
    assert house.mail.takers() == [someone.number]
    slow.set()
    await house.finish()
    assert house.mail.takers() == [someone.number] * 2
    assert len({one.message_id for one in house.mail.taken}) == 1, "the repeat carries the same id"
    assert await states(house) == {someone.number: DeliveryState.SENT}
    assert await house.dead.all() == []


async def test_who_comes_back_too_late_with_a_refusal_changes_nothing(house: House) -> None:
    someone = await house.subscribe()
    slow = asyncio.Event()
    house.mail.at(someone.addresses[0].target, slow)
    await house.begin(EVENT)
    house.clock.forward(60)
    ledger = house.senders["email"].ledger
    (again,) = await ledger.claim(
        Published((await entries_between(house.redis, EVENTS_STREAM))[0].id, EVENT), [someone.number], 20.0
    )
    house.mail.at(someone.addresses[0].target, Refused(Reason.GONE, ends_address=True))
    slow.set()
    await house.finish()
    await ledger.close([waiting(again, 5, None)])
    assert set((await states(house)).values()) <= {DeliveryState.WAITING, DeliveryState.SENT}


async def test_marks_that_are_lost_while_sending_are_written_anew_by_what_ends(house: House) -> None:
    numbers = await crowd(house, 5)
    slow = asyncio.Event()
    house.mail.will(*[slow] * 5)
    await house.begin(EVENT)
    await house.redis.delete(f"vestka:ledger:email:{EVENT.id}:pages")
    slow.set()
    await house.finish()
    assert await states(house) == dict.fromkeys(numbers, DeliveryState.SENT)
    house.clock.forward(1000)
    await house.deliver_due()
    assert sorted(house.mail.takers()) == numbers


async def test_what_is_to_be_tried_again_is_though_its_marks_were_lost_meanwhile(house: House) -> None:
    numbers, ledger = await crowd(house, 5), house.senders["email"].ledger
    held = await ledger.claim(await published(house), numbers, 20.0)
    await house.redis.delete(f"vestka:ledger:email:{EVENT.id}:pages")
    await ledger.close([waiting(one, 5, None) for one in held])
    assert await ledger.under_way() == 0
    house.clock.forward(6)
    await house.deliver_due()
    assert sorted(house.mail.takers()) == numbers


async def test_what_a_dead_process_held_is_made_though_its_marks_were_lost(house: House) -> None:
    numbers, ledger = await crowd(house, 5), house.senders["email"].ledger
    held = await ledger.claim(await published(house), numbers, 20.0)
    await house.redis.delete(f"vestka:ledger:email:{EVENT.id}:pages")
    await ledger.close([sent(held[0], None), waiting(held[1], 300, None)])
    await house.vault.erase(numbers[4])
    house.clock.forward(21)
    await house.deliver_due()
    assert sorted(house.mail.takers()) == numbers[2:4]
    assert numbers[4] not in await states(house), "who is erased is written nowhere"
    house.clock.forward(300)
    await house.deliver_due()
    assert sorted(house.mail.takers()) == numbers[1:4]


async def test_what_is_closed_twice_is_closed_once_though_marks_were_lost_between(house: House) -> None:
    numbers, ledger = await crowd(house, 3), house.senders["email"].ledger
    held = await ledger.claim(await published(house), numbers, 20.0)
    await ledger.close([waiting(one, 300, None) for one in held[1:]] + [sent(held[0], None)])
    await house.redis.delete(f"vestka:ledger:email:{EVENT.id}:pages")
    await ledger.close([waiting(one, 5, None) for one in held])
    house.clock.forward(10)
    await house.deliver_due()
    assert house.mail.takers() == []
    assert await house.queues["email"].length() == 2
    assert await ledger.under_way() == 0


async def test_what_waited_for_a_far_side_that_is_back_goes_in_batches(house: House) -> None:
    numbers = await crowd(house)
    house.mail.will(*[Retry(Reason.SERVER_ERROR)] * READERS)
    await house.deliver(EVENT)
    assert await house.queues["email"].length() == READERS
    house.clock.forward(10)
    await house.deliver_due()
    assert sorted(house.mail.takers()) == numbers
    assert await house.queues["email"].length() == 0
