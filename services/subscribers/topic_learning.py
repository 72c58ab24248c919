"""A store of before some topic was thought of, or of when there was a zone that is no more: everybody is put where they
are looked for.

While an upgrade is under way a process of before may still write somebody without the new topics. So for a day after
they were learned everybody is looked at once more every hour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from typing import Final
from zoneinfo import available_timezones

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import WatchError

from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.records import all_raw_records
from services.subscribers.redis_keys import STORE, TOPICS_AGAIN, TOPICS_KNOWN, topic_of
from services.subscribers.sealed_store import SealedStore

log = structlog.get_logger(__name__)

_TOPICS: Final = "2"
"""Of which kinds there are topics. One more with each kind that is added: 2, names that are near. Those of before stay,
since a notifier of before finds everybody by them."""
_AGAIN_AFTER: Final = 3600.0  # seconds
_TIMES_AGAIN: Final = 24
_TRIES: Final = 5
_Standing = defaultdict[str, list[int]]


@lru_cache(maxsize=1)
def topics_mark() -> str:
    """Of the kinds of topics that this process knows, and of the zones in its time zone database."""
    zones = sha256("\n".join(sorted(available_timezones())).encode()).hexdigest()
    return f"{_TOPICS} {zones[:16]}"


async def learn_topics(redis: Redis, store: SealedStore, now: float) -> None:
    """May be broken off, and done by several at once. Whoever is written meanwhile is put there by that. `now`: Unix
    seconds, by the server's clock."""
    known = str(await redis.hget(STORE, TOPICS_KNOWN) or "")
    if known == topics_mark() or not await redis.exists(STORE):
        await learn_again(redis, store, now)
        return
    await _learn(redis, store)
    if known.partition(" ")[0] != _TOPICS:
        await redis.hset(STORE, TOPICS_AGAIN, f"{now + _AGAIN_AFTER:.0f} {_TIMES_AGAIN}")
    await redis.hset(STORE, TOPICS_KNOWN, topics_mark())


async def learn_again(redis: Redis, store: SealedStore, now: float) -> None:
    """Where it is time to."""
    due, _, left = str(await redis.hget(STORE, TOPICS_AGAIN) or "inf 0").partition(" ")
    if now < float(due):
        return
    await _learn(redis, store)
    if int(left) > 1:
        await redis.hset(STORE, TOPICS_AGAIN, f"{now + _AGAIN_AFTER:.0f} {int(left) - 1}")
    else:
        await redis.hdel(STORE, TOPICS_AGAIN)


async def _learn(redis: Redis, store: SealedStore) -> None:
    moved = 0
    for shard in range(store.keys.shards):
        moved += await _learn_shard(redis, store, shard)
    if moved:
        log.warning(
            "zones_gone",
            count=moved,
            todo="their zone is not in the time zone database any more: digests and quiet hours go by Minsk's clock",
        )


async def _learn_shard(redis: Redis, store: SealedStore, shard: int) -> int:
    """How many stood where no digest was looked for any more. In one step, so that whoever is erased or changed
    meanwhile is not put back; where the shard is written again and again, to be found at all comes first."""
    records = store.keys.records(shard)
    for tried in range(_TRIES + 1):
        async with redis.pipeline() as pipe:
            if tried < _TRIES:
                await pipe.watch(records)
            asked, left = _gathered(store, await all_raw_records(redis, records))
            pipe.multi()  # type: ignore[no-untyped-call]
            for key, numbers in asked.items():
                pipe.sadd(key, *numbers)
                pipe.sadd(store.keys.asking(topic_of(key)), shard)
            for key, numbers in left.items():
                pipe.srem(key, *numbers)
            with suppress(WatchError):
                done = await pipe.execute()
                moved = any(done[len(done) - len(left) :])
                return len({number for numbers in left.values() for number in numbers}) if moved else 0
    raise AssertionError("the last try watches nothing")


def _gathered(store: SealedStore, records: Mapping[int, bytes]) -> tuple[_Standing, _Standing]:
    """By the key of a topic: who stands there, and who does no longer."""
    asked, left = _Standing(list), _Standing(list)
    for number, record in records.items():
        try:
            subscriber, gone = store.decode(number, record), store.zone_gone(number, record)
        except UnreadableRecord:
            continue
        asks = store.asks(subscriber)
        before = set() if gone is None else store.asks(msgspec.structs.replace(subscriber, zone=gone)) - asks
        for gathered, keys in ((asked, asks), (left, before)):
            for key in keys:
                gathered[key].append(number)
    return asked, left
