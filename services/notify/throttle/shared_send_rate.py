"""One pace for all notifiers: a bot has its limits once, however many processes speak for it.

    vestka:pace:telegram            when the next message may leave, by the server's clock (ms)
    vestka:pace:telegram:places     when what left at the last places arrived, by turn modulo thirty; turn, last
    vestka:pace:telegram:held       there while Telegram asked us all for silence
    vestka:pace:telegram:N          when reader N's chat may be written to again
    vestka:pace:telegram:N:times    when a group's last messages left, the newest first
    vestka:pace:telegram-discreet…  the same of the second bot

All of it is gone by itself a little after it stopped to matter. Whoever asks at the same moment is answered by one
call: a block of places, one after the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.throttle.send_rate import MOST_LATE, Later, PlaceInLine, Rates
from services.subscribers.address import Bot

_KEY: Final = "vestka:pace:telegram"
_KEYS: Final[dict[Bot | None, str]] = {None: _KEY, "discreet": "vestka:pace:telegram-discreet"}
"""Telegram counts what each bot sends by itself."""

_PACE: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local spacing, chat_spacing, group_period = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local ring, period, closest = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local held_until = now + redis.call('PTTL', KEYS[2])
local next_at = tonumber(redis.call('GET', KEYS[1]) or '0')
local turn = tonumber(redis.call('HGET', KEYS[3], 'turn') or '0')
local answers, first_turn, last = {}, turn, 0
if next_at + 1000 > now then last = tonumber(redis.call('HGET', KEYS[3], 'last') or '0') end
local function keep(key, value)
  redis.call('SET', key, string.format('%.3f', value), 'PX', math.ceil(value - now) + 1000)
end
for asked = 1, (#KEYS - 3) / 2 do
  local chat, times = KEYS[2 + 2 * asked], KEYS[3 + 2 * asked]
  local most, patience = tonumber(ARGV[5 + 2 * asked]), tonumber(ARGV[6 + 2 * asked])
  local before = tonumber(redis.call('HGET', KEYS[3], turn % ring) or '0')
  local even = math.max(now, next_at)
  local at = math.max(even, last + closest, before + period)
  local free = math.max(held_until, tonumber(redis.call('GET', chat) or '0'))
  local oldest = most > 0 and redis.call('LINDEX', times, most - 1)
  if oldest then free = math.max(free, tonumber(oldest) + group_period) end
  if patience < 0 then
    answers[asked] = {-1, math.ceil(math.max(0, free - now))}
  elseif free > at or at - now > patience then
    answers[asked] = {-1, math.ceil(math.max(free, at) - now)}
  else
    redis.call('HSET', KEYS[3], turn % ring, string.format('%.3f', at))
    keep(chat, at + chat_spacing)
    if most > 0 then
      redis.call('LPUSH', times, string.format('%.3f', at))
      redis.call('LTRIM', times, 0, most - 1)
      redis.call('PEXPIRE', times, math.ceil(at - now + group_period) + 1000)
    end
    answers[asked] = {turn, math.ceil(at - now)}
    next_at, last, turn = even + spacing, at, turn + 1
  end
end
if turn > first_turn then
  keep(KEYS[1], next_at)
  redis.call('HSET', KEYS[3], 'turn', turn, 'last', string.format('%.3f', last))
  redis.call('PEXPIRE', KEYS[3], math.ceil(last - now) + 5000)
end
return answers
"""
"""For each chat: asks (a patience below 0) or takes. All in milliseconds; the turn of a place, or -1 without one."""

_LATE: Final = """
local turn, ring = tonumber(ARGV[1]), tonumber(ARGV[2])
local now = tonumber(redis.call('HGET', KEYS[1], 'turn') or '-1')
if turn < now and now - turn <= ring then redis.call('HINCRBYFLOAT', KEYS[1], turn % ring, ARGV[3]) end
"""

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


@dataclass(frozen=True, slots=True)
class _Question:
    """`patience` in milliseconds, below 0 for who takes nothing."""

    number: int
    group: bool
    patience: int
    answer: asyncio.Future[tuple[int, int]]


class SharedSendRateLimit:
    """`SendRateLimit`, in Redis. Raises RedisError."""

    def __init__(self, rates: Rates, redis: Redis, bot: Bot | None = None) -> None:
        self.rates = rates
        self._key = _KEYS[bot]
        self._redis = redis
        self._pace = redis.register_script(_PACE)
        self._late = redis.register_script(_LATE)
        self._pause = redis.register_script(_PAUSE)
        self._hold = redis.register_script(_HOLD)
        self._questions: list[_Question] = []
        self._asking: asyncio.Task[None] | None = None

    async def wait_for(self, number: int, *, group: bool) -> float:
        _, wait = await self._ask(number, group, -1)
        return wait / 1000

    async def take(self, number: int, *, group: bool, patience: float) -> PlaceInLine:
        turn, wait = await self._ask(number, group, max(0, int(patience * 1000)))
        if turn < 0:
            raise Later(wait / 1000)
        return PlaceInLine(wait / 1000, turn)

    async def was_late(self, place: PlaceInLine, seconds: float) -> None:
        late = f"{min(seconds, MOST_LATE) * 1000:.3f}"
        with suppress(RedisError):  # said after the message has left: it must not look unsent
            await self._late(keys=[f"{self._key}:places"], args=[place.turn, self.rates.overall_per_second, late])

    async def pause(self, number: int, seconds: float) -> None:
        await self._pause(keys=[f"{self._key}:{number}"], args=[_milliseconds(seconds)])

    async def held_for(self) -> float:
        return max(0, int(await self._redis.pttl(f"{self._key}:held"))) / 1000

    async def hold(self, seconds: float) -> None:
        await self._hold(keys=[f"{self._key}:held"], args=[_milliseconds(seconds)])

    async def _ask(self, number: int, group: bool, patience: int) -> tuple[int, int]:
        loop = asyncio.get_running_loop()
        question = _Question(number, group, patience, loop.create_future())
        self._questions.append(question)
        if self._asking is None or self._asking.done():
            self._asking = loop.create_task(self._ask_all())
        return await question.answer

    async def _ask_all(self) -> None:
        while self._questions:
            questions, self._questions = self._questions, []
            try:
                answers = await self._script(questions)
            except Exception as error:
                for question in questions:
                    if not question.answer.done():
                        question.answer.set_exception(error)
                continue
            for question, (turn, wait) in zip(questions, answers, strict=True):
                if not question.answer.done():
                    question.answer.set_result((int(turn), int(wait)))

    async def _script(self, questions: list[_Question]) -> Any:
        rates, keys, args = self.rates, [self._key, f"{self._key}:held", f"{self._key}:places"], list[float]()
        for question in questions:
            chat = f"{self._key}:{question.number}"
            keys += [chat, f"{chat}:times"]
            args += [rates.group_per_minute if question.group else 0, question.patience]
        of_all = (rates.spacing, rates.chat_spacing, rates.group_period)
        in_all = [*(seconds * 1000 for seconds in of_all), rates.overall_per_second]
        return await self._pace(keys=keys, args=[*in_all, rates.period * 1000, rates.closest * 1000, *args])


async def told_to_wait(redis: Redis, longer_than: float = 60.0) -> int:
    """How many chats Telegram asked us to leave alone for more seconds than that; for whoever looks after us."""
    count = 0
    async for key in redis.scan_iter(f"{_KEY}*:*", count=1000):
        if not key.endswith((":held", ":places", ":times")) and await redis.pttl(key) > longer_than * 1000:
            count += 1
    return count


async def forget_chats(redis: Redis, numbers: Iterable[int]) -> None:
    """Of readers who are gone."""
    gone = [f"{key}:{number}" for number in numbers for key in _KEYS.values()]
    await redis.delete(*gone, *(f"{key}:times" for key in gone))


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))
