"""Messages that could not be put into words as usual: sent as a plain text of the facts, or held back because their
languages do not agree.

Any process of notify may meet the first, so it writes down which event it was; the alarm lasts until the templates are
others, or somebody has seen to it.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.content.render_cache import RenderCache
from services.notify.delivery.record import DIGEST
from services.notify.pipeline import RENDERINGS_DIFFER
from services.operations.alarms import Found
from services.runtime.dead_letters import DeadLetters
from services.runtime.retention import Retention

log = structlog.get_logger(__name__)

FAILED_RENDERINGS: Final = "vestka:renderings:failed"
"""A hash: the id of an event to where rendering it failed, and which templates those were."""
RENDERING_FAILED: Final = "rendering_failed"

_NOTE_EVERY: Final = 1.0  # seconds
_FAILED: Final = (
    "a message about it went out as a plain text of the facts, since its usual form failed at {where}: mend that, see "
    "'vestka template render {event}', and start notify again"
)
_DIFFER: Final = (
    "its message does not say the same numbers, names and dates in every language, so nothing of it went out: see "
    "'vestka template lint' and the log of notify, mend templates/, start notify again, then 'vestka dead redrive'"
)
_DIGEST_DIFFERS: Final = (
    "a digest of that day does not say the same numbers, names and dates in every language, so it did not go out: see "
    "the log of notify, mend templates/ and start notify again; the next digest tells what it should have told"
)


class _Failure(msgspec.Struct, frozen=True):
    where: str
    version: str


async def note_failures(redis: Redis, render_cache: RenderCache) -> None:
    """Writes down what failed since it was asked last. Raises RedisError, and then nothing is forgotten."""
    failures = render_cache.take_failures()
    if not failures:
        return
    version = render_cache.version
    rows = {event: msgspec.json.encode(_Failure(where, version)).decode() for event, where in failures.items()}
    try:
        async with redis.pipeline() as pipe:
            for event, row in rows.items():
                pipe.hset(FAILED_RENDERINGS, event, row)
            pipe.expire(FAILED_RENDERINGS, Retention.FAILED_RENDERINGS)
            await pipe.execute()
    except RedisError:
        render_cache.put_back(failures)
        raise
    for event, where in failures.items():
        log.error("rendering_failed", event_id=event, where=where)


async def note_failures_forever(redis: Redis, render_cache: RenderCache) -> None:
    """Until cancelled."""
    while True:
        try:
            await note_failures(redis, render_cache)
        except RedisError as error:
            log.warning("failed_renderings_not_noted", error=type(error).__name__)
        await asyncio.sleep(_NOTE_EVERY)


class RenderingsWatch:
    kinds: Final = frozenset({RENDERING_FAILED, RENDERINGS_DIFFER})

    def __init__(self, redis: Redis, letters: DeadLetters, version: str) -> None:
        """`version`: of the templates in use."""
        self._redis = redis
        self._letters = letters
        self._version = version

    async def look(self, _now: float) -> list[Found]:
        return [*await self._failed(), *await self._differing()]

    async def _failed(self) -> list[Found]:
        rows: Any = await self._redis.hgetall(FAILED_RENDERINGS)
        failures = {event: msgspec.json.decode(row, type=_Failure) for event, row in sorted(rows.items())}
        return [
            Found(RENDERING_FAILED, event, _FAILED.format(where=failure.where, event=event))
            for event, failure in failures.items()
            if failure.version == self._version
        ]

    async def _differing(self) -> list[Found]:
        if not (await self._letters.counts())["poison"]:
            return []
        letters = [buried.letter for buried in await self._letters.all()]
        held = {one.event_id or "?" for one in letters if one.kind == "poison" and one.reason == RENDERINGS_DIFFER}
        says = {True: _DIGEST_DIFFERS, False: _DIFFER}
        return [Found(RENDERINGS_DIFFER, event, says[event.startswith(DIGEST)]) for event in sorted(held)]
