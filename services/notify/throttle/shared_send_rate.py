"""One pace for all notifiers: a bot has its limits once, however many processes speak for it.

    vestka:pace:telegram            when the next message may leave, by the server's clock (ms)
    vestka:pace:telegram:held       there while Telegram asked us all for silence
    vestka:pace:telegram:N          when reader N's chat may be written to again
    vestka:pace:telegram:N:times    when a group's last messages left, the newest first

All of it is gone by itself a little after it stopped to matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from redis.asyncio import Redis

from services.notify.throttle.send_rate import Later, Rates

_KEY: Final = "vestka:pace:telegram"

_PACE: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local at = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local free = math.max(now + redis.call('PTTL', KEYS[2]), tonumber(redis.call('GET', KEYS[3]) or '0'))
local most = tonumber(ARGV[3])
if most > 0 then
  local oldest = redis.call('LINDEX', KEYS[4], most - 1)
  if oldest then free = math.max(free, tonumber(oldest) + ARGV[4]) end
end
local patience = tonumber(ARGV[5])
if patience < 0 then return {0, math.ceil(math.max(0, free - now))} end
if free > at or at - now > patience then return {0, math.ceil(math.max(free, at) - now)} end
local function keep(key, value)
  redis.call('SET', key, string.format('%.3f', value), 'PX', math.ceil(value - now) + 1000)
end
keep(KEYS[1], at + ARGV[1])
keep(KEYS[3], at + ARGV[2])
if most > 0 then
  redis.call('LPUSH', KEYS[4], string.format('%.3f', at))
  redis.call('LTRIM', KEYS[4], 0, most - 1)
  redis.call('PEXPIRE', KEYS[4], math.ceil(at - now + ARGV[4]) + 1000)
end
return {1, math.ceil(at - now)}
"""
"""Asks (a patience below 0) or takes. All in milliseconds."""

_PAUSE: Final = """
local time = redis.call('TIME')
local until_ms = time[1] * 1000 + time[2] / 1000 + ARGV[1]
if until_ms > tonumber(redis.call('GET', KEYS[1]) or '0') then
  redis.call('SET', KEYS[1], string.format('%.3f', until_ms), 'PX', ARGV[1] + 1000)
end
"""

_HOLD: Final = """
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) end
"""


class SharedSendRateLimit:
    """`SendRateLimit`, in Redis. Raises RedisError."""

    def __init__(self, rates: Rates, redis: Redis) -> None:
        self._rates = rates
        self._redis = redis
        self._rate_limit = redis.register_script(_PACE)
        self._pause = redis.register_script(_PAUSE)
        self._hold = redis.register_script(_HOLD)

    async def wait_for(self, number: int, *, group: bool) -> float:
        _, wait = await self._ask(number, group, -1)
        return wait

    async def take(self, number: int, *, group: bool, patience: float) -> float:
        taken, wait = await self._ask(number, group, max(0, int(patience * 1000)))
        if not taken:
            raise Later(wait)
        return wait

    async def pause(self, number: int, seconds: float) -> None:
        await self._pause(keys=[f"{_KEY}:{number}"], args=[_milliseconds(seconds)])

    async def held_for(self) -> float:
        return max(0, int(await self._redis.pttl(f"{_KEY}:held"))) / 1000

    async def hold(self, seconds: float) -> None:
        await self._hold(keys=[f"{_KEY}:held"], args=[_milliseconds(seconds)])

    async def _ask(self, number: int, group: bool, patience: int) -> tuple[bool, float]:
        rates, chat = self._rates, f"{_KEY}:{number}"
        answer: Any = await self._rate_limit(
            keys=[_KEY, f"{_KEY}:held", chat, f"{chat}:times"],
            args=[
                rates.spacing * 1000,
                rates.chat_spacing * 1000,
                rates.group_per_minute if group else 0,
                int(rates.group_period * 1000),
                patience,
            ],
        )
        taken, wait = answer
        return bool(taken), int(wait) / 1000


async def told_to_wait(redis: Redis, longer_than: float = 60.0) -> int:
    """How many chats Telegram asked us to leave alone for more seconds than that; for whoever looks after us."""
    count = 0
    async for key in redis.scan_iter(f"{_KEY}:*", count=1000):
        if not key.endswith((":held", ":times")) and await redis.pttl(key) > longer_than * 1000:
            count += 1
    return count


async def forget_chats(redis: Redis, numbers: Iterable[int]) -> None:
    """Of readers who are gone."""
    await redis.delete(*(f"{_KEY}:{number}{of}" for number in numbers for of in ("", ":times")))


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))
