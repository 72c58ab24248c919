"""Gives an end to what ingest keeps and Redis would never forget by itself. `infra/what-is-kept.md` lists every key.

What waits for an operator is kept for as long as it waits, with all that it rests on. Nothing unread is ever touched.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

import msgspec
import structlog
from redis.asyncio import Redis

from services.ingest.announced import ANNOUNCED_STORIES, announced_key
from services.ingest.evidence import EvidenceStore
from services.ingest.store import Reports, decode_story, story_key
from services.ingest.stories import Story, StoryState
from services.operations.audit import AUDIT, REPORTS_AUDIT
from services.runtime.retention import Retention

log = structlog.get_logger(__name__)

_PAGE: Final = 500

_END: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
for _, key in ipairs(KEYS) do
  if ARGV[2] == '' then redis.call('PERSIST', key) else redis.call('EXPIRE', key, ARGV[2]) end
end
return 1
"""
"""Only where the story is still what we judged: whoever writes it takes its end away, and it gets a new one."""
_FORGET_ANNOUNCED: Final = """
local gone = 0
for i = 2, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 0 then gone = gone + redis.call('ZREM', KEYS[1], ARGV[i - 1]) end
end
return gone
"""


class Expiry:
    def __init__(self, redis: Redis, kept_for: Retention, evidence: EvidenceStore) -> None:
        self._redis = redis
        self._kept_for = kept_for
        self._evidence = evidence
        self._reports = Reports(redis)
        self._end = redis.register_script(_END)
        self._forget_announced = redis.register_script(_FORGET_ANNOUNCED)

    async def tidy(self, now: float) -> None:
        """`now`: Unix seconds."""
        async for endless in self._stories_without_an_end():
            for story, raw in endless:
                await self._give_an_end(story, raw)
        await self._forget_what_was_announced(now)
        await self._trim_the_audit(now)

    async def _stories_without_an_end(self) -> AsyncIterator[list[tuple[Story, str]]]:
        """Those that were written since we looked last, and those that wait."""
        page: list[str] = []
        async for key in self._redis.scan_iter(match=story_key("*"), count=4 * _PAGE):
            if not key.endswith(_ANNOUNCED):
                page.append(key)
            if len(page) == _PAGE:
                yield await self._endless(page)
                page = []
        yield await self._endless(page)

    async def _endless(self, keys: Sequence[str]) -> list[tuple[Story, str]]:
        async with self._redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.ttl(key)
            left = await pipe.execute()
        endless = [key for key, seconds in zip(keys, left, strict=True) if seconds == -1]
        raws: Any = await self._redis.mget(endless) if endless else []
        return [(story, raw) for raw in raws if raw is not None and (story := _decoded(raw)) is not None]

    async def _give_an_end(self, story: Story, raw: str) -> None:
        waits = story.state is StoryState.HELD
        await self._end(
            keys=[story_key(story.id), announced_key(story.id)],
            args=[raw, "" if waits else self._kept_for.stories],
        )
        # What a story is made of must not go before it: it could be neither split nor put together anew.
        await self._reports.keep(story.report_ids, self._kept_for.reports)
        if waits:
            await self._keep_its_evidence(story)

    async def _keep_its_evidence(self, story: Story) -> None:
        """As if it had come in now."""
        for sha256 in {source.evidence for source in story.sources if source.evidence}:
            await self._evidence.keep(sha256)

    async def _forget_what_was_announced(self, now: float) -> None:
        """Takes stories out of the public list of which nothing is kept any more."""
        highest = (now - self._kept_for.stories) * 1000
        offset = 0
        while True:
            old: Any = await self._redis.zrange(
                ANNOUNCED_STORIES,
                "-inf",
                highest,
                byscore=True,
                offset=offset,
                num=_PAGE,
            )
            if not old:
                return
            gone = await self._forget_announced(keys=[ANNOUNCED_STORIES, *map(announced_key, old)], args=old)
            offset += len(old) - int(gone)

    async def _trim_the_audit(self, now: float) -> None:
        first = f"{max(0, int((now - self._kept_for.audit) * 1000))}-0"
        for stream in (AUDIT, REPORTS_AUDIT):
            dropped = await self._redis.xtrim(stream, minid=first, approximate=False)
            dropped += await self._redis.xtrim(stream, maxlen=self._kept_for.audit_entries, approximate=False)
            if dropped:
                log.info("audit_trimmed", stream=stream, entries=dropped)


_ANNOUNCED: Final = announced_key("").removeprefix(story_key(""))


def _decoded(raw: str) -> Story | None:
    try:
        return decode_story(raw)
    except msgspec.MsgspecError:  # nobody could read it, and it stops no other
        log.error("story_undecodable")
        return None
