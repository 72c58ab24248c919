"""A process that sends a digest is killed before each of its words to Redis, and once the far side has the letter: in
the end the reader has it, whatever came twice came with the same id and says the same, and nothing is told again."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from typing import Any, Final

import msgspec
from redis.asyncio import Redis

from services.notify.channels.base import Composed, Delivery, Outcome, Sent
from services.notify.content.render_cache import RenderCache
from services.runtime.clock import unix_of
from services.runtime.embedded_redis import EmbeddedRedis
from services.runtime.streams import open_redis
from services.subscribers.change_notices import SENDERS
from services.subscribers.topics import Interest
from tests.letters import renderer_at
from tests.redis.digest_house import DAILY, DigestHouse, WholeMail
from tests.redis.samples import arrest, pardon, retraction

SUNDAY_AT_EIGHT: Final = "2024-12-29T05:00:00Z"
TAKEN: Final = "test:taken"
_READS: Final = frozenset({"GET", "HMGET", "HGETALL", "XRANGE", "ZRANGE", "SMEMBERS", "EXISTS", "HGET", "PING", "TIME"})
_MOST_STEPS: Final = 80


class Killer:
    """Ends this very process before the n-th step."""

    def __init__(self, step: int) -> None:
        self.left = step

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def watched(redis: Redis, killer: Killer) -> Redis:
    """The client, whose writes and scripts are steps."""
    execute, pipeline = redis.execute_command, redis.pipeline

    async def counted(*args: Any, **options: Any) -> Any:
        if str(args[0]).upper() not in _READS:
            killer.step()
        return await execute(*args, **options)  # type: ignore[no-untyped-call]

    def counted_pipeline(*args: Any, **options: Any) -> Any:
        pipe = pipeline(*args, **options)
        sent = pipe.execute

        async def execute_all(*given: Any, **more: Any) -> Any:
            killer.step()
            return await sent(*given, **more)

        pipe.execute = execute_all  # type: ignore[method-assign]
        return pipe

    redis.execute_command, redis.pipeline = counted, counted_pipeline  # type: ignore[method-assign]
    return redis


class NotedMail(WholeMail):
    """What it takes outlives the process that sent it."""

    def __init__(self, noted: Redis, killer: Killer) -> None:
        super().__init__()
        self._noted, self._killer = noted, killer

    async def send(self, delivery: Delivery, composed: Composed) -> Outcome:
        delivery.leave()
        (rendered,) = composed.values()
        told = f"{delivery.event.id} {delivery.message_id}\n{rendered.parts['text']}"
        await self._noted.rpush(TAKEN, told)
        self._killer.step()
        return Sent()


Work = Callable[[DigestHouse], Coroutine[Any, Any, None]]


RENDERED: Final = RenderCache(renderer_at())
"""Each of some two hundred houses would render the same four messages in every language."""


async def in_house(url: str, work: Work, step: int = 0) -> None:
    """`step`: before which the process is killed; 0: it lives."""
    plain, killer = open_redis(url), Killer(step)
    redis = watched(open_redis(url), killer) if step else open_redis(url)
    house = DigestHouse(redis, NotedMail(plain, killer), RENDERED)
    await house.changes.open()
    try:
        await work(house)
    finally:
        await house.changes.close()
        await redis.aclose()
        await plain.aclose()


def survives(url: str, work: Work, step: int) -> bool:
    """In a process of its own, killed before the step; whether it came to its end before that."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            asyncio.run(in_house(url, work, step))
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    asyncio.run(_let_its_place_run_out(url))
    return not os.WIFSIGNALED(status)


async def _let_its_place_run_out(url: str) -> None:
    """A killed one stands among the senders for some seconds more, and whoever changes a reader waits for it."""
    redis = open_redis(url)
    try:
        await redis.delete(SENDERS)
    finally:
        await redis.aclose()


async def prepared(house: DigestHouse) -> None:
    await house.redis.flushall()
    await house.desk.begin_due()
    await house.subscribe(DAILY)
    await house.deliver(pardon(), arrest())


async def told_what_was_owed(house: DigestHouse) -> None:
    """As above, for somebody who wants everything at once since then."""
    await prepared(house)
    (reader,) = await house.vault.everybody()
    await house.vault.amend(reader.number, lambda one: msgspec.structs.replace(one, interests=(Interest(),)))
    await sending(house)


async def sending(house: DigestHouse) -> None:
    await house.digests_at(SUNDAY_AT_EIGHT)


async def taken_up(house: DigestHouse) -> None:
    """By the next process: looks at the hours, at what is due, and at leases that ran out."""
    await house.digests_at(SUNDAY_AT_EIGHT)
    house.clock.at = unix_of(SUNDAY_AT_EIGHT) + 60
    await house.desk.begin_due()
    await house.digests_due()


async def next_day(house: DigestHouse) -> None:
    await house.digests_at("2024-12-30T05:00:00Z")
    await house.deliver(retraction(time="2024-12-30T06:00:00.000Z"))


async def settled(house: DigestHouse) -> None:
    await house.digests_at("2024-12-30T05:00:00Z")


async def nothing_is_owed(house: DigestHouse) -> None:
    await next_day(house)
    house.clock.at += 3600
    await house.digests_due()
    await house.digests_at("2024-12-31T05:00:00Z")
    (reader,) = await house.vault.everybody()
    assert (reader.owed, reader.owed_on) == ((), ())


async def taken(url: str) -> list[str]:
    redis = open_redis(url)
    try:
        return [str(one) for one in await redis.lrange(TAKEN, 0, -1)]
    finally:
        await redis.aclose()


def test_killed_at_any_step_a_digest_is_neither_lost_nor_told_anew(redis_server: EmbeddedRedis) -> None:
    url, repeats = redis_server.url, 0
    for step in range(1, _MOST_STEPS):
        asyncio.run(in_house(url, prepared))
        survived = survives(url, sending, step)
        asyncio.run(in_house(url, taken_up))
        digests = asyncio.run(taken(url))
        assert 1 <= len(digests) <= 2, f"killed before step {step}"
        assert len(set(digests)) == 1, f"killed before step {step}: a repeat is the same letter"
        assert "pardoned" in digests[0]
        assert "detained" in digests[0]
        asyncio.run(in_house(url, next_day))
        (later,) = asyncio.run(taken(url))[len(digests) :]
        assert later.startswith("pardon-20241228-aaaaaa-r2 "), f"killed before step {step}: the retraction follows"
        repeats += len(digests) - 1
        if survived:
            break
    assert survived, "all steps were met"
    assert step > 8
    assert repeats, "between the far side's answer and the ledger it cannot be known"


def test_killed_at_any_step_what_was_owed_is_settled_and_not_told_anew(redis_server: EmbeddedRedis) -> None:
    url = redis_server.url
    for step in range(1, _MOST_STEPS):
        asyncio.run(in_house(url, told_what_was_owed))
        survived = survives(url, settled, step)
        asyncio.run(in_house(url, nothing_is_owed))
        digest, later = asyncio.run(taken(url))
        assert "pardoned" in digest, f"killed before step {step}"
        assert "detained" in digest, f"killed before step {step}"
        assert later.startswith("pardon-20241228-aaaaaa-r2 "), f"killed before step {step}: the retraction follows"
        if survived:
            break
    assert survived, "all steps were met"
