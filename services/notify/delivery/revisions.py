"""Which revision of a story is the newest: what a newer one replaced is not sent any more.

So nobody hears an older number last, or of a story after it was taken back. Which revisions there were is kept as well:
whoever follows a story looks at those, and never counts up to a number that an event gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from redis.asyncio import Redis

from services.contract import Event, EventData, event_id
from services.contract_bounds import MOST_REVISIONS
from services.notify.delivery.ledger import Ledger
from services.runtime.retention import Retention

_NOTE: Final = """
local newest = tonumber(redis.call('GET', KEYS[1]) or '0')
if redis.call('EXISTS', KEYS[2]) == 0 then
  for revision = 1, math.min(newest, tonumber(ARGV[3])) do redis.call('SADD', KEYS[2], revision) end
end
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[2])
if tonumber(ARGV[1]) > newest then redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) end
return redis.call('SMEMBERS', KEYS[2])
"""
"""A store of before there was the set of revisions knows only the newest: then it is taken that all were told."""


class Revisions:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._note = redis.register_script(_NOTE)

    async def note(self, data: EventData) -> list[str]:
        """An event of this revision is on the stream. The order in which revisions are noted does not matter. Gives
        the ids of those before it, as `earlier` does."""
        keys = [_key(data.story_id), _told_key(data.story_id)]
        told: Any = await self._note(keys=keys, args=[data.revision, Retention.LEDGER, MOST_REVISIONS])
        if data.merged_from is not None:
            await self._note_end(data.merged_from)
        return await self._ids(data, sorted(revision for revision in map(int, told) if revision < data.revision))

    async def _note_end(self, story_id: str) -> None:
        """The story goes on in another one, whose event is on the stream: nothing of it is sent any more."""
        newest = int(await self._redis.get(_key(story_id)) or 0)
        if newest:
            await self._redis.set(_key(story_id), newest + 1, ex=Retention.LEDGER)

    async def earlier(self, data: EventData) -> list[str]:
        """The ids of the events that this one corrects or goes on from, of a story that it took over as well."""
        return await self._ids(data, await self.before(data))

    async def _ids(self, data: EventData, before: Iterable[int]) -> list[str]:
        own = [event_id(data.story_id, revision) for revision in before]
        if data.merged_from is None:
            return own
        found = await self._redis.smembers(_told_key(data.merged_from))
        return own + [event_id(data.merged_from, revision) for revision in sorted(map(int, found))]

    async def before(self, data: EventData) -> list[int]:
        """The revisions of the story that came by before this one, the first first."""
        return (await self.look(data))[0]

    async def is_replaced(self, data: EventData) -> bool:
        return (await self.look(data))[1]

    async def look(self, data: EventData) -> tuple[list[int], bool]:
        """The revisions that came by before this one, the first first; and whether a newer one has replaced it."""
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.smembers(_told_key(data.story_id))
            pipe.get(_key(data.story_id))
            found, kept = await pipe.execute()
        newest = int(kept or 0)  # 0: none came by yet
        known = map(int, found) if found else range(1, min(newest, MOST_REVISIONS) + 1)
        return sorted(revision for revision in known if revision < data.revision), newest > data.revision


async def had_earlier(
    ledger: Ledger, revisions: Revisions, event: Event, numbers: Iterable[int] | None = None
) -> dict[int, str]:
    """Who may have an earlier revision of this story, with the far side's reference of the first that surely came."""
    wanted = None if numbers is None else list(numbers)
    got: dict[int, str] = {}
    for earlier in await revisions.earlier(event.data):
        records = await ledger.records(earlier, wanted)
        for number, record in records.items():
            if record.may_have_arrived:
                got[number] = got.get(number) or record.reference
    return got


def _key(story_id: str) -> str:
    return f"vestka:newest-revision:{story_id}"


def _told_key(story_id: str) -> str:
    return f"vestka:story-revisions:{story_id}"
