"""Keeps near misses in Redis. One text, one page and one sentence are one near miss, whoever carries them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from services.ingest.articles import Article
from services.ingest.cleaning import fold
from services.ingest.extraction.near_miss import NearMiss
from services.ingest.near_misses.kept_near_miss import KeptNearMiss, OperatorAnswer
from services.ingest.stories import WrongState
from services.runtime.retention import Retention

WAITING: Final = "vestka:near-misses:waiting"
"""Sorted by when each first came (Unix seconds)."""
ANSWERED: Final = "vestka:near-misses:answered"
"""Sorted by when each was answered."""
_TELLING: Final = 40
"""Characters from which on a sentence tells a near miss from others."""


class UnknownNearMiss(KeyError):
    """There is no near miss of this id, which is its only argument."""


class NearMisses:
    def __init__(self, redis: Redis, retention: Retention | None = None) -> None:
        self._redis = redis
        self._kept_for = retention or Retention()

    @property
    def kept(self) -> int:
        """Seconds for which one waits."""
        return self._kept_for.near_misses

    async def keep(self, article: Article, seen: NearMiss, now: float) -> str:
        """Lets it wait; its id. What is known is not doubled: another source is noted, an edited page replaces what
        stood there, and what was answered stays answered. `now`: Unix seconds."""
        same = _same_keys(article, seen)

        async def once(pipe: Pipeline) -> str:
            known = await self._known(article, seen, await self._redis.mget(same))
            pipe.multi()  # type: ignore[no-untyped-call]
            one = known or KeptNearMiss(id=_id_of(article), article=article, seen=seen, since=now)
            if one.answer is None:
                pipe.set(near_miss_key(one.id), msgspec.json.encode(one), keepttl=known is not None)
                if known is None:
                    pipe.expire(near_miss_key(one.id), self.kept)
                    pipe.zadd(WAITING, {one.id: now})
            for key in same:
                pipe.set(key, one.id, ex=self.kept)
            return one.id

        kept: str = await self._redis.transaction(once, *same, value_from_callable=True)
        return kept

    async def _known(self, article: Article, seen: NearMiss, ids: Sequence[Any]) -> KeptNearMiss | None:
        """The one that this is, as it is to be kept from now on."""
        for found in dict.fromkeys(one for one in ids if one is not None):
            one = await self.find(str(found))
            if one is not None and (one.answer is None or _is_same_text(one, article, seen)):
                return _with(one, article, seen)
        return None

    async def find(self, near_miss_id: str) -> KeptNearMiss | None:
        raw: Any = await self._redis.get(near_miss_key(near_miss_id))
        return None if raw is None else msgspec.json.decode(raw, type=KeptNearMiss)

    async def get(self, near_miss_id: str) -> KeptNearMiss:
        """Raises UnknownNearMiss."""
        one = await self.find(near_miss_id)
        if one is None:
            raise UnknownNearMiss(near_miss_id)
        return one

    async def waiting(self, now: float) -> list[KeptNearMiss]:
        """Those without an answer, the oldest first."""
        return await self._listed(WAITING, now - self.kept)

    async def answered(self, now: float) -> list[KeptNearMiss]:
        """The labelled examples, in the order in which they were answered."""
        return await self._listed(ANSWERED, now - self._kept_for.examples)

    async def _listed(self, key: str, first: float) -> list[KeptNearMiss]:
        await self._redis.zremrangebyscore(key, "-inf", f"({first}")
        ids: Any = await self._redis.zrange(key, 0, -1)
        raws: Any = await self._redis.mget([near_miss_key(one) for one in ids]) if ids else []
        gone = [one for one, raw in zip(ids, raws, strict=True) if raw is None]
        if gone:
            await self._redis.zrem(key, *gone)
        return [msgspec.json.decode(raw, type=KeptNearMiss) for raw in raws if raw is not None]

    async def answer(self, near_miss_id: str, close: Callable[[Pipeline], None]) -> None:
        """Writes what `close` queues, where it still waits. Raises UnknownNearMiss, and WrongState where it was
        answered meanwhile."""

        async def once(pipe: Pipeline) -> None:
            await self.check_waits(near_miss_id)
            pipe.multi()  # type: ignore[no-untyped-call]
            close(pipe)

        await self._redis.transaction(once, near_miss_key(near_miss_id))

    async def check_waits(self, near_miss_id: str) -> KeptNearMiss:
        """The one that waits. Raises UnknownNearMiss, and WrongState where it was answered."""
        one = await self.get(near_miss_id)
        if one.answer is not None:
            raise WrongState(f"{one.id} was answered already: {one.state}")
        return one

    def close(self, pipe: Pipeline, one: KeptNearMiss, answer: OperatorAnswer, now: float) -> None:
        """Queues the writes that belong into the transaction of the answer."""
        answered = msgspec.structs.replace(one, answer=answer)
        pipe.set(near_miss_key(one.id), msgspec.json.encode(answered), ex=self._kept_for.examples)
        pipe.zrem(WAITING, one.id)
        pipe.zadd(ANSWERED, {one.id: now})


def _is_same_text(one: KeptNearMiss, article: Article, seen: NearMiss) -> bool:
    return one.article.fingerprint == article.fingerprint or fold(one.seen.sentence) == fold(seen.sentence)


def _with(one: KeptNearMiss, article: Article, seen: NearMiss) -> KeptNearMiss:
    if one.answer is None and article.url is not None and article.url == one.article.url:
        return msgspec.structs.replace(one, article=article, seen=seen)
    others = {*one.also_from, article.source_id} - {one.article.source_id}
    return msgspec.structs.replace(one, also_from=tuple(sorted(others)))


def _id_of(article: Article) -> str:
    return f"nm-{_digest(f'{article.url or article.source_id} {article.fingerprint}')[:12]}"


def _same_keys(article: Article, seen: NearMiss) -> list[str]:
    sentence = fold(seen.sentence)
    telling = [f"sentence {sentence}"] if len(sentence) >= _TELLING else []
    page = [f"page {article.url}"] if article.url else []
    return [_same_key(_digest(one)) for one in (f"text {article.fingerprint}", *page, *telling)]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _same_key(digest: str) -> str:
    return f"vestka:near-miss-same:{digest}"


def near_miss_key(near_miss_id: str) -> str:
    return f"vestka:near-miss:{near_miss_id}"
