"""Done once, however often it is asked under one Idempotency-Key: whoever asks again gets the first answer."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

import msgspec
from redis.asyncio import Redis

from services.runtime.http.web import Problem
from services.runtime.retention import Retention

_AT_WORK_FOR: Final = 60
"""Seconds. Whoever died over it leaves the key free again; what was done then is told by the story's state."""


class _Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    digest: str
    answer: dict[str, Any] | None = None


class Idempotency:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def once(self, key: str, said: bytes, work: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        """The answer of `work`, or of its first run. `said` is all that was asked. Raises Problem where the key came
        with something else before, or is being worked on; and what `work` raises, after which the key is free."""
        name = f"vestka:idempotency:desk:{hashlib.sha256(key.encode()).hexdigest()}"
        asked = _Asked(hashlib.sha256(said).hexdigest())
        if not await self._redis.set(name, msgspec.json.encode(asked), nx=True, ex=_AT_WORK_FOR):
            return await self._first_answer(name, asked)
        try:
            answer = await work()
        except BaseException:
            await self._redis.delete(name)
            raise
        await self._redis.set(name, msgspec.json.encode(_Asked(asked.digest, answer)), ex=Retention.OPERATORS_KEYS)
        return answer

    async def _first_answer(self, name: str, asked: _Asked) -> dict[str, Any]:
        raw: Any = await self._redis.get(name)
        first = asked if raw is None else msgspec.json.decode(raw, type=_Asked)
        if first.digest != asked.digest:
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                "This Idempotency-Key came with another request before. Use a new key for a new decision.",
            )
        if first.answer is None:
            raise Problem(HTTPStatus.CONFLICT, "at-work", "This very decision is being carried out; ask again shortly.")
        return first.answer
