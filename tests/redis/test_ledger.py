"""The ledger: who claims gets a delivery alone, and what was closed stays closed."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from services.notify.delivery.attempt import Attempt
from services.notify.delivery.due_queue import Due, DueQueue, retries_key
from services.notify.delivery.ending import refused, sent, skipped, waiting
from services.notify.delivery.ledger import ExpiredLease, Ledger
from services.notify.delivery.record import DeliveryState
from services.notify.fanout.events import Published
from services.notify.settings import NotifySettings
from services.runtime.dead_letters import DEAD_STREAM, DeadLetter
from services.runtime.retention import Retention
from services.runtime.streams import entries_between
from tests.redis.house import Clock
from tests.redis.samples import pardon

ENTRY, NOW, HOLD = "1735380900000-0", 1_735_380_901.0, 20.0
PUBLISHED = Published(ENTRY, pardon())
EVENT = PUBLISHED.event.id
DUE = Due(ENTRY, 7)


LETTER = DeadLetter(kind="undeliverable", reason="gone", at="2024-12-28T09:00:00.000Z")


CLOCK = Clock(NOW)


@pytest.fixture
def ledger(redis: Redis) -> Ledger:
    CLOCK.at = NOW
    return at_hand(redis, "email")


@pytest.fixture
def queue(redis: Redis) -> DueQueue:
    return DueQueue(redis, "email", CLOCK)


def at_hand(redis: Redis, channel: str) -> Ledger:
    return Ledger(redis, channel, retries_key(channel), CLOCK)


async def claim(ledger: Ledger, now: float = NOW, number: int = 7) -> Attempt | None:
    CLOCK.at = now
    claims = await ledger.claim(PUBLISHED, [number], HOLD)
    return claims[0] if claims else None


def attempt(ordinal: int, progress: str | None = None, number: int = 7) -> Attempt:
    return Attempt(PUBLISHED.event, Due(ENTRY, number), ordinal, progress)


async def due(queue: DueQueue, now: float, most: int = 10) -> list[Due]:
    CLOCK.at = now
    return await queue.due(most)


async def test_the_first_claim_is_for_the_first_attempt(ledger: Ledger) -> None:
    assert await claim(ledger) == attempt(1)


async def test_of_many_who_claim_at_once_one_gets_it(ledger: Ledger) -> None:
    claims = await asyncio.gather(*(claim(ledger) for _ in range(20)))
    assert len([one for one in claims if one]) == 1


async def test_claims_of_many_subscribers_are_apart(ledger: Ledger) -> None:
    assert [one.number for one in await ledger.claim(PUBLISHED, [7, 8, 9], HOLD)] == [7, 8, 9]
    assert [one.number for one in await ledger.claim(PUBLISHED, [8, 10], HOLD)] == [10]


async def test_claims_on_two_channels_are_apart(redis: Redis, ledger: Ledger) -> None:
    assert await claim(ledger)
    assert await claim(at_hand(redis, "telegram"))


async def test_nobody_claims_nothing(ledger: Ledger) -> None:
    assert await ledger.claim(PUBLISHED, [], HOLD) == []
    assert await ledger.records(EVENT, []) == {}


async def test_a_lease_whose_holder_died_ends_and_what_it_held_is_for_the_same_attempt(
    ledger: Ledger, queue: DueQueue
) -> None:
    held = await claim(ledger)
    assert held
    assert await claim(ledger, NOW + HOLD - 0.1) is None
    assert await ledger.expired(10) == []
    CLOCK.at = NOW + HOLD
    assert await ledger.expired(10) == [ExpiredLease(held.holder, ENTRY, (7,))]
    again = await claim(ledger, NOW + HOLD)
    assert again == attempt(1)
    assert again.taken_over
    await ledger.drop_lease(held.holder)
    assert await ledger.expired(10) == []
    assert await queue.length() == 0


async def test_of_an_expired_lease_nothing_is_granted_that_another_holds_since(ledger: Ledger) -> None:
    first = await ledger.claim(PUBLISHED, [7, 8], HOLD)
    await ledger.close([waiting(first[0], 1, None)])
    CLOCK.forward(HOLD - 1)
    assert await claim(ledger, CLOCK.at) == attempt(2), "due since, and claimed under a lease of its own"
    CLOCK.forward(2)
    assert [one.number for one in await ledger.claim(PUBLISHED, [7, 8], HOLD)] == [8]


async def test_a_lease_ends_with_the_last_of_its_deliveries(ledger: Ledger) -> None:
    held = await ledger.claim(PUBLISHED, range(1, 401), HOLD)
    assert await ledger.under_way() == 400
    await ledger.close([sent(one, None) for one in held[:399]])
    assert await ledger.under_way() == 1
    await ledger.close([waiting(held[399], 5, None)])
    assert await ledger.under_way() == 0
    CLOCK.forward(10 * HOLD)
    assert await ledger.expired(10) == []


@pytest.mark.parametrize("numbers", [range(1, 2000), range(1, 1_000_000, 9973), [7, 263, 4_000_000]])
async def test_marks_are_read_as_they_were_written_few_or_many(ledger: Ledger, numbers: list[int]) -> None:
    held = await ledger.claim(PUBLISHED, numbers, HOLD)
    await ledger.close([sent(one, None) for one in held[::2]])
    await ledger.close([refused(one, LETTER) for one in held[1::2]])
    records = await ledger.records(EVENT)
    assert sorted(records) == list(numbers)
    assert {number for number, one in records.items() if one.state is DeliveryState.SENT} == set(numbers[::2])
    assert await ledger.records(EVENT, [numbers[0], 5_000_001]) == {numbers[0]: records[numbers[0]]}
    assert await ledger.claim(PUBLISHED, numbers, HOLD) == []


async def test_a_delivery_that_was_simply_sent_takes_hardly_any_room(redis: Redis, ledger: Ledger) -> None:
    numbers = range(1, 10_001)
    for first in range(0, 10_000, 100):
        held = await ledger.claim(PUBLISHED, numbers[first : first + 100], HOLD)
        await ledger.close([sent(one, None) for one in held])
    keys = [key async for key in redis.scan_iter()]
    assert sum([await redis.memory_usage(key) or 0 for key in keys]) < 10_000 * 4


async def test_what_was_sent_is_never_claimed_again(ledger: Ledger, queue: DueQueue) -> None:
    held = await claim(ledger)
    assert held
    await ledger.close([sent(held, "42")])
    assert await claim(ledger, NOW + 10 * 86_400) is None
    assert await queue.length() == 0
    record = (await ledger.records(EVENT, [7]))[7]
    assert (record.state, record.attempt, record.note, record.closed) == (DeliveryState.SENT, 1, "42", True)


async def test_what_was_refused_is_never_claimed_again_and_leaves_its_letter(
    redis: Redis, ledger: Ledger, queue: DueQueue
) -> None:
    held = await claim(ledger)
    assert held
    await ledger.close([refused(held, LETTER)])
    assert await claim(ledger, NOW + 10 * 86_400) is None
    assert await queue.length() == 0
    assert [entry.fields for entry in await entries_between(redis, DEAD_STREAM)] == [{"letter": LETTER.encode()}]


async def test_what_is_skipped_is_closed_without_a_letter(redis: Redis, ledger: Ledger, queue: DueQueue) -> None:
    held = await claim(ledger)
    assert held
    await ledger.close([skipped(held, "inactive")])
    assert await claim(ledger, NOW + 86_400) is None
    assert await queue.length() == 0
    assert await redis.xlen(DEAD_STREAM) == 0


async def test_what_waits_is_due_at_its_time_as_the_next_attempt_with_its_progress(
    ledger: Ledger, queue: DueQueue
) -> None:
    held = await claim(ledger)
    assert held
    await ledger.close([waiting(held, 5, "2")])
    assert await claim(ledger, NOW + 4.9) is None
    assert await due(queue, NOW + 4.9, most=10) == []
    assert await due(queue, NOW + 5, most=10) == [DUE]
    assert await claim(ledger, NOW + 5) == attempt(2, "2")


async def test_what_waits_without_having_been_attempted_keeps_its_number_of_attempts(ledger: Ledger) -> None:
    held = await claim(ledger)
    assert held
    await ledger.close([waiting(held, 15, None, attempted=False)])
    assert await claim(ledger, NOW + 15) == attempt(1)


@pytest.mark.parametrize("note", ["a|b|c", "line\nbreak", "2|3", "Иной текст"])
async def test_a_note_may_hold_anything(ledger: Ledger, note: str) -> None:
    held = await claim(ledger)
    assert held
    await ledger.close([waiting(held, 0, note)])
    assert await claim(ledger) == attempt(2, note)


async def test_a_slow_process_that_closes_late_does_not_open_what_another_has_sent(
    redis: Redis, ledger: Ledger, queue: DueQueue
) -> None:
    slow = await claim(ledger)
    other = await claim(ledger, NOW + HOLD)
    assert slow
    assert other
    await ledger.close([sent(other, "42")])
    await ledger.close([waiting(slow, 25, None)])
    await ledger.close([refused(slow, LETTER)])
    assert (await ledger.records(EVENT))[7].state is DeliveryState.SENT
    assert await queue.length() == 0
    assert await redis.xlen(DEAD_STREAM) == 0


async def test_the_ledger_is_kept_longer_than_the_stream_keeps_an_event(redis: Redis, ledger: Ledger) -> None:
    held = await claim(ledger)
    assert held
    await ledger.close([sent(held, None)])
    keeps_events = NotifySettings().keep_events_days * 86_400
    another = await claim(ledger, number=8)
    assert another
    await ledger.close([refused(another, LETTER)])
    keys = [key async for key in redis.scan_iter("vestka:ledger:*")]
    assert len(keys) == 2
    for key in keys:
        assert keeps_events < await redis.ttl(key) <= Retention.LEDGER


async def test_what_is_forgotten_is_as_if_never_attempted(ledger: Ledger) -> None:
    held = await claim(ledger)
    assert held
    await ledger.close([sent(held, None)])
    assert await ledger.forget(EVENT, 7, DeliveryState.SENT)
    assert await ledger.records(EVENT) == {}
    assert await claim(ledger) == attempt(1)


async def test_only_what_is_still_in_the_expected_state_is_forgotten(ledger: Ledger) -> None:
    held = await claim(ledger)
    assert held
    assert not await ledger.forget(EVENT, 7, DeliveryState.REFUSED)
    assert not await ledger.forget(EVENT, 8, DeliveryState.REFUSED)
    await ledger.close([sent(held, None)])
    assert not await ledger.forget(EVENT, 7, DeliveryState.REFUSED)
    assert (await ledger.records(EVENT))[7].state is DeliveryState.SENT


async def test_the_oldest_is_due_first_and_no_more_than_asked_for(ledger: Ledger, queue: DueQueue) -> None:
    for number, wait in ((1, 3), (2, 1), (3, 2)):
        held = await claim(ledger, number=number)
        assert held
        await ledger.close([waiting(held, wait, None)])
    assert [one.number for one in await due(queue, NOW + 10, most=2)] == [2, 3]
    assert await due(queue, NOW + 10, most=0) == []


async def test_scripts_survive_a_server_that_forgot_them(redis: Redis, ledger: Ledger) -> None:
    await claim(ledger)
    await redis.script_flush()
    assert await claim(ledger, number=8)


async def test_a_holder_that_comes_too_late_changes_nothing_of_the_claim_granted_after_its_own(
    redis: Redis, ledger: Ledger, queue: DueQueue
) -> None:
    late = await claim(ledger)
    held = await claim(ledger, NOW + HOLD)
    assert late
    assert held
    await ledger.close([waiting(late, 1, None)])
    await ledger.close([refused(late, LETTER)])
    assert (await ledger.records(EVENT))[7].state is DeliveryState.SENDING
    assert await redis.xlen(DEAD_STREAM) == 0
    assert await claim(ledger, NOW + HOLD + 1) is None, "the claim still holds"
    await ledger.close([sent(late, None)])
    assert (await ledger.records(EVENT))[7].state is DeliveryState.SENT, "but a message that was taken was taken"


async def test_a_claim_that_is_extended_holds_on_and_is_nobody_elses(ledger: Ledger, queue: DueQueue) -> None:
    held = await claim(ledger)
    assert held
    CLOCK.forward(HOLD - 1)
    assert await ledger.extend([held.holder], HOLD)
    assert await claim(ledger, NOW + 2 * HOLD - 1.1) is None
    assert await queue.due(most=10) == []
    await ledger.close([waiting(held, 5, None)])
    assert (await ledger.records(EVENT))[7].state is DeliveryState.WAITING


async def test_what_went_to_another_lease_is_not_held_any_more_by_extending_the_first(ledger: Ledger) -> None:
    late = await claim(ledger)
    held = await claim(ledger, NOW + HOLD)
    assert late
    assert held
    assert held.taken_over, "and whoever has it knows that it may be a repeat"
    await ledger.drop_lease(late.holder)
    assert await ledger.extend([late.holder], 10 * HOLD) == 0


async def test_a_claim_whose_answer_was_lost_is_granted_again_to_the_same_holder(redis: Redis) -> None:
    ledger = Ledger(redis, "email", retries_key("email"), CLOCK, new_holder=lambda: "one")
    assert await claim(ledger) == await claim(ledger) == attempt(1)


async def test_closing_twice_is_closing_once(redis: Redis, ledger: Ledger, queue: DueQueue) -> None:
    held = await claim(ledger)
    assert held
    for _ in range(2):
        await ledger.close([refused(held, LETTER)])
    assert await redis.xlen(DEAD_STREAM) == 1
    again = await claim(ledger, number=8)
    assert again
    for _ in range(2):
        await ledger.close([waiting(again, 5, None)])
    assert (await ledger.records(EVENT))[8].attempt == 1


async def test_what_waits_can_be_claimed_early_and_is_then_due_when_it_was_anyway(
    ledger: Ledger, queue: DueQueue
) -> None:
    held = await claim(ledger)
    assert held
    await ledger.close([waiting(held, 300, None)])
    before = await ledger.records(EVENT)
    (early,) = await ledger.claim(PUBLISHED, [7], HOLD, early=True)
    await ledger.close([waiting(early, 0, None, attempted=False)])
    assert await ledger.records(EVENT) == before
    assert await due(queue, NOW + 299.9) == []
    assert await due(queue, NOW + 300) == [DUE]


async def test_records_of_before_claims_had_holders_are_read_and_go_on(redis: Redis, ledger: Ledger) -> None:
    ends = int(NOW * 1000)
    old = {7: f"sending|2|{ends}|1/2:5", 8: f"waiting|2|{ends}|", 9: "sent|1|0|42", 10: f"sending|1|{ends + 60_000}|"}
    await redis.hset(f"vestka:ledger:email:{EVENT}", mapping={str(number): record for number, record in old.items()})
    claims = await ledger.claim(PUBLISHED, old, HOLD)
    assert claims == [attempt(2, "1/2:5"), attempt(3, number=8)]
