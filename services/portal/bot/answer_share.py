"""How many answers may leave in a second, of all that Telegram lets us send: the small share that is theirs.

So a flood of commands takes no more from alerts than that; and since an answer then stands in the same line as they
do, where few stand at a time, alerts do not hold it up either.

    vestka:bot:answers            when the next answer may leave, by the server's clock (ms)
    vestka:bot:answers-discreet   the same of the second bot
"""

from __future__ import annotations

from typing import Final

from redis.asyncio import Redis

from services.notify.throttle.send_rate import Later
from services.subscribers.address import Bot

_KEYS: Final[dict[Bot | None, str]] = {None: "vestka:bot:answers", "discreet": "vestka:bot:answers-discreet"}
_TAKE: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local at = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
if at - now > tonumber(ARGV[2]) then return {-1, math.ceil(at - now)} end
redis.call('SET', KEYS[1], string.format('%.3f', at + ARGV[1]), 'PX', math.ceil(at + ARGV[1] - now) + 1000)
return {0, math.ceil(at - now)}
"""


class AnswerShare:
    """One of each bot for all processes. Raises RedisError."""

    def __init__(self, redis: Redis, per_second: float, bot: Bot | None = None) -> None:
        self._key = _KEYS[bot]
        self._take = redis.register_script(_TAKE)
        self._spacing = 1000 / per_second

    async def take(self, patience: float) -> float:
        """In how many seconds its turn comes. Raises Later, and then took none."""
        taken, wait = await self._take(keys=[self._key], args=[self._spacing, int(patience * 1000)])
        if int(taken) < 0:
            raise Later(int(wait) / 1000)
        return int(wait) / 1000
