"""A notifier that dies between any two words with Redis: another goes on, loses nothing, repeats only what was out."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from redis.asyncio import Redis

from services.contract import EVENTS_STREAM
from services.notify.delivery.record import DeliveryState
from services.runtime.streams import entries_between, open_redis
from tests.redis.house import House
from tests.redis.samples import pardon

EVENT = pardon()
READERS = 12
STEPS = 40
"""More than a batch takes: the last of them meet nobody any more."""


class Dead(BaseException):
    """No handler of errors catches it: a process that was killed handles nothing."""


class Mortal:
    """Counts what is said to Redis over one client; from the chosen word on nothing is said any more."""

    def __init__(self, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left: int | None = None
        self.dead = asyncio.Event()
        self.spared: set[asyncio.Task[Any]] = set()
        """Of the test and of whoever lives on."""
        say: Any = redis.execute_command
        pipeline: Any = redis.pipeline

        async def execute_command(*words: Any, **options: Any) -> Any:
            self._says()
            answer = await say(*words, **options)
            self._says()  # or it dies before it hears the answer
            return answer

        def mortal(*words: Any, **options: Any) -> Any:
            pipe: Any = pipeline(*words, **options)
            execute = pipe.execute

            async def all_of_it(*also: Any, **more: Any) -> Any:
                self._says()
                answer = await execute(*also, **more)
                self._says()
                return answer

            monkeypatch.setattr(pipe, "execute", all_of_it)
            return pipe

        monkeypatch.setattr(redis, "execute_command", execute_command)
        monkeypatch.setattr(redis, "pipeline", mortal)

    def _says(self) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.dead.set()
            raise Dead


async def until_dead(house: House, mortal: Mortal, work: asyncio.Task[None]) -> None:
    """Or until the work is done; then nothing of it goes on."""
    death = asyncio.create_task(mortal.dead.wait())
    await asyncio.wait({work, death}, return_when=asyncio.FIRST_COMPLETED)
    mortal.left = 0
    this = asyncio.current_task()
    rest = [one for one in asyncio.all_tasks() if one is not this and one not in mortal.spared]
    for one in rest:
        one.cancel()
    for one in rest:
        with suppress(Dead, asyncio.CancelledError, Exception):
            await one


@pytest.mark.parametrize("step", range(STEPS))
async def test_a_notifier_killed_at_any_step_of_a_batch_loses_nothing_and_repeats_what_was_out(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    heir = House(redis)
    await heir.changes.open()
    numbers = [(await heir.subscribe()).number for _ in range(READERS)]
    client = open_redis(redis_url)
    mortal = Mortal(client, monkeypatch)
    first = House(client)
    first.clock = heir.clock
    await first.changes.open()
    first.senders["email"].in_flight._free = 5  # so that it takes several claims
    await heir.publish(EVENT)
    mortal.spared = asyncio.all_tasks()
    mortal.left = step
    await until_dead(first, mortal, asyncio.create_task(first.deliver()))
    out = Counter(first.mail.takers())
    mortal.left = None
    await first.changes.close()
    await client.aclose()

    heir.clock.forward(60)
    for _ in range(3):
        (entry,) = await entries_between(redis, EVENTS_STREAM)
        await heir.notifier.on_event(entry)  # nobody acknowledged it, so it comes again
        await heir.deliver()
        await heir.deliver_due()
        heir.clock.forward(60)
    after = Counter(heir.mail.takers())
    assert set(out) | set(after) == set(numbers), "nobody is lost"
    assert max((out + after).values()) <= 2
    assert {number for number, copies in (out + after).items() if copies > 1} <= set(out)
    assert max(after.values(), default=0) <= 1, "the heir sends to each once"
    ids = {(one.number, one.message_id) for one in (*first.mail.taken, *heir.mail.taken)}
    assert len(ids) == READERS, "a repeat carries the same id"
    records = await heir.senders["email"].ledger.records(EVENT.id)
    assert {number: record.state for number, record in records.items()} == dict.fromkeys(numbers, DeliveryState.SENT)
    assert await heir.senders["email"].ledger.under_way() == 0
    await heir.changes.close()
