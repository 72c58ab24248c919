"""Letters that are tried again later, by when: put back on their stream once their time has come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.letters.letter_request import LETTERS_STREAM

log = structlog.get_logger(__name__)

LATER: Final = "vestka:letters:later"
_LOOK_EVERY: Final = 1.0  # seconds
_AT_ONCE: Final = 100
_PUT_BACK: Final = """
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, waiting in ipairs(due) do
  local fields = cjson.decode(waiting)
  redis.call('XADD', KEYS[2], '*', 'letter', fields.letter, 'attempt', fields.attempt, 'asked', fields.asked)
  redis.call('ZREM', KEYS[1], waiting)
end
return #due
"""


class WaitingLetters:
    """`now`: Unix seconds."""

    def __init__(self, redis: Redis, now: Callable[[], float]) -> None:
        self._redis = redis
        self._now = now
        self._script = redis.register_script(_PUT_BACK)

    async def wait(self, fields: Mapping[str, str], seconds: float) -> None:
        """`fields`: letter, attempt and asked, as the entry of the stream will have them."""
        await self._redis.zadd(LATER, {msgspec.json.encode(dict(fields)).decode(): self._now() + seconds})

    async def put_back(self) -> int:
        """How many were due."""
        return int(await self._script(keys=[LATER, LETTERS_STREAM], args=[self._now(), _AT_ONCE]))


async def put_back_forever(waiting: WaitingLetters) -> None:
    """Until cancelled."""
    while True:
        try:
            while await waiting.put_back() == _AT_ONCE:
                pass
        except RedisError as error:
            log.warning("letters_not_put_back", error=type(error).__name__)
        await asyncio.sleep(_LOOK_EVERY)
