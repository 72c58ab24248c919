"""Whose code is it? The codes of all stories that were ever told of, by each key that we hold."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis

from services.contract import Event
from services.ingest.announced import ANNOUNCED_STORIES, AnnouncedStories
from services.notify.content.story_code import code_key, read_story_code, story_code


class CodeBook:
    def __init__(self, redis: Redis, secrets: Sequence[bytes]) -> None:
        """`secrets`: that in use and those before it, since letters of then bear their codes."""
        self._redis = redis
        self._announced = AnnouncedStories(redis)
        self._keys = [code_key(secret) for secret in secrets]
        self._codes: dict[str, tuple[str, ...]] = {}

    async def stories_of(self, typed: str) -> tuple[Event, ...] | None:
        """What was told last of the stories that the code stands for, nearly always one; () where it is none of ours,
        and None where it is no code at all.

        Every code is compared, in constant time, whichever is right: how long it takes tells nobody how near they are.
        """
        code = read_story_code(typed)
        if code is None:
            return None
        await self._look()
        matching = [story for story, codes in self._codes.items() if _is_among(code, codes)]
        events = await self._announced.several(matching)
        return tuple(events[story] for story in matching if story in events)

    async def _look(self) -> None:
        told: Any = await self._redis.zrange(ANNOUNCED_STORIES, 0, -1)
        for gone in self._codes.keys() - set(told):
            del self._codes[gone]
        for story in told:
            if story not in self._codes:
                self._codes[story] = tuple(story_code(story, key) for key in self._keys)


def _is_among(code: str, codes: Sequence[str]) -> bool:
    compared = [hmac.compare_digest(code, one) for one in codes]
    return any(compared)
