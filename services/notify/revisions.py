"""Which revision of a story is the newest: what a newer one replaced is not sent any more.

So nobody hears an older number last, or of a story after it was taken back.
"""

from __future__ import annotations

from typing import Any, Final

from redis.asyncio import Redis

from services.contract import EventData
from services.notify.ledger import KEPT_FOR

_NOTE: Final = """
if tonumber(ARGV[1]) > tonumber(redis.call('GET', KEYS[1]) or '0') then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
end
"""


class Revisions:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._note = redis.register_script(_NOTE)

    async def note(self, data: EventData) -> None:
        """An event of this revision is on the stream. The order in which revisions are noted does not matter."""
        await self._note(keys=[_key(data.story_id)], args=[data.revision, KEPT_FOR])

    async def is_replaced(self, data: EventData) -> bool:
        newest: Any = await self._redis.get(_key(data.story_id))
        return newest is not None and int(newest) > data.revision


def _key(story_id: str) -> str:
    return f"vestka:newest-revision:{story_id}"
