"""A stop that is acknowledged is heard by everybody who could still send: the two halves of that promise.

Whoever sends says that it is there, for a few seconds at a time, and hears of every change (`ChangesHeard`). Whoever
changes a subscriber tells the numbers to all who are there and waits until each has said that it heard, or its time has
run out (`announce`). Who has not been able to say that it is there sends nothing until it has, and begins anew with
what it had read before. So nobody has to ask the store before each message, and a notifier that stood still for a
minute comes back to nothing that it may send.

    vestka:senders            who is there, and until when by the server's clock (ms)
    vestka:changes            the pub/sub channel on which numbers are told; nothing of it is kept
    vestka:changes:heard:…    who has heard one announcement
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final
from weakref import WeakKeyDictionary

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

THERE_FOR: Final = 4.0
"""Seconds for which a sender is there once it has said so: a stop waits so long for one that died."""
_SAY_EVERY: Final = 1.0
_MARGIN: Final = 0.5
"""Seconds by which we stop sending before others take us for gone."""
_TELL_AGAIN: Final = 0.25
"""Seconds after which whoever has not answered is told once more: it may not have listened just then."""
_LOOK_AFTER: Final = 0.002
"""Seconds; twice as long each time."""
_KEPT: Final = 4096
_LONG_AGO: Final = 900.0
"""Seconds after which nothing is under way any more that was read before a change."""

SENDERS: Final = "vestka:senders"
CHANGES: Final = "vestka:changes"

_THERE: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
if ARGV[1] ~= '' then redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), ARGV[1]) end
return redis.call('ZRANGE', KEYS[1], 0, -1)
"""
"""ARGV: who is there and for how long (ms), or nothing. Gives everybody who is."""


async def announce(redis: Redis, numbers: Iterable[int]) -> None:
    """To be awaited after the change stands in the store; when it returns nobody sends by what was before. Raises
    RedisError.

    What comes while others are being told is told together after them: of hundreds who stop at once, each telling for
    itself would keep those who listen from answering.
    """
    told = set(numbers)
    if told:
        await _ANNOUNCERS.setdefault(redis, _Announcer()).tell(redis, told)


class _Announcer:
    """Tells, one round after another. It keeps no client, by which it is found."""

    def __init__(self) -> None:
        self._next: set[int] = set()
        self._heard: asyncio.Future[None] | None = None
        self._rounds: asyncio.Task[None] | None = None

    async def tell(self, redis: Redis, numbers: set[int]) -> None:
        self._next |= numbers
        if self._heard is None:
            self._heard = asyncio.get_running_loop().create_future()
        heard = self._heard
        if self._rounds is None:
            self._rounds = asyncio.get_running_loop().create_task(self._tell_all(redis))
        await asyncio.shield(heard)

    async def _tell_all(self, redis: Redis) -> None:
        try:
            while self._heard is not None:
                numbers, heard = self._next, self._heard
                self._next, self._heard = set(), None
                try:
                    await _round(redis, numbers)
                except Exception as error:
                    heard.set_exception(error)
                    heard.exception()  # whoever asked may be gone
                else:
                    heard.set_result(None)
        finally:
            self._rounds = None


async def _round(redis: Redis, numbers: Iterable[int]) -> None:
    nonce = secrets.token_hex(8)
    waiting = await _who_is_there(redis)
    while waiting:
        await redis.publish(CHANGES, f"{nonce} {','.join(map(str, numbers))}")
        waiting -= await _answers(redis, nonce, waiting)
        if waiting:
            waiting &= await _who_is_there(redis)


async def _answers(redis: Redis, nonce: str, waiting: set[str]) -> set[str]:
    """Of those who are waited for, whoever answered within a while."""
    end, pause = time.monotonic() + _TELL_AGAIN, _LOOK_AFTER
    while True:
        await asyncio.sleep(pause)
        answered = {str(name) for name in await redis.lrange(f"{CHANGES}:heard:{nonce}", 0, -1)}
        if waiting <= answered or time.monotonic() >= end:
            return answered
        pause *= 2


async def _who_is_there(redis: Redis) -> set[str]:
    return set(await redis.register_script(_THERE)(keys=[SENDERS], args=["", 0]))


_ANNOUNCERS: Final[WeakKeyDictionary[Redis, _Announcer]] = WeakKeyDictionary()
"""One for each client."""


class ChangesHeard:
    """What one process that sends has heard. `clock` counts seconds and never goes back."""

    def __init__(self, redis: Redis, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._clock = clock
        self._name = secrets.token_hex(8)
        self._there = redis.register_script(_THERE)
        self._there_until = float("-inf")
        self._void_before = float("-inf")
        self._changed: dict[int, float] = {}
        self._closed = False
        self._listening: asyncio.Task[None] | None = None
        self._saying: asyncio.Task[None] | None = None

    def now(self) -> float:
        """To be noted before subscribers are read, for `still_stands`."""
        return self._clock()

    def still_stands(self, number: int, read_at: float) -> bool | None:
        """Whether what was read of a subscriber, at `read_at` by `now`, is still so; None: we cannot know."""
        if self._clock() >= self._there_until or read_at < self._void_before:
            return None
        return self._changed.get(number, float("-inf")) < read_at

    async def open(self) -> None:
        """From here on we hear. Raises RedisError."""
        ready = asyncio.Event()
        self._listening = asyncio.create_task(self._listen_forever(ready))
        await ready.wait()
        await self.say()
        self._saying = asyncio.create_task(self._say_forever())

    async def close(self) -> None:
        """Nothing may be sent any more, and nobody waits for us."""
        self._closed, self._there_until = True, float("-inf")
        tasks = [task for task in (self._saying, self._listening) if task is not None]
        for task in tasks:
            task.cancel()
        if tasks:  # a client that reconnects may swallow the cancellation; then they end by what they see
            await asyncio.wait(tasks, timeout=2 * _SAY_EVERY)
        with suppress(RedisError, OSError):
            await self._redis.zrem(SENDERS, self._name)

    async def say(self) -> None:
        """That we are there. Raises RedisError."""
        if self._closed:
            return
        asked = self._clock()
        await self._there(keys=[SENDERS], args=[self._name, int(THERE_FOR * 1000)])
        if self._clock() >= self._there_until:
            # We were not there for a while, and whoever changed something did not wait for us.
            self._void_before = self._clock()
        self._there_until = float("-inf") if self._closed else asked + THERE_FOR - _MARGIN

    async def _say_forever(self) -> None:
        while not self._closed:
            await asyncio.sleep(_SAY_EVERY)
            try:
                await self.say()
            except (RedisError, OSError) as error:
                log.warning("senders_not_told", error=type(error).__name__)

    async def _listen_forever(self, ready: asyncio.Event) -> None:
        while not self._closed:
            try:
                async with self._redis.pubsub() as heard:
                    await heard.subscribe(CHANGES)
                    ready.set()
                    async for message in heard.listen():
                        if message["type"] == "message":
                            await self._hear(str(message["data"]))
            except (RedisError, OSError) as error:
                log.warning("changes_not_heard", error=type(error).__name__)
            await asyncio.sleep(_TELL_AGAIN)

    async def _hear(self, text: str) -> None:
        nonce, _, numbers = text.partition(" ")
        now = self._clock()
        self._changed |= {int(number): now for number in numbers.split(",") if number.isdecimal()}
        if len(self._changed) > _KEPT:
            self._changed = {number: at for number, at in self._changed.items() if now - at < _LONG_AGO}
        answer = f"{CHANGES}:heard:{nonce}"
        async with self._redis.pipeline() as pipe:
            pipe.rpush(answer, self._name)
            pipe.expire(answer, 60)
            await pipe.execute()
