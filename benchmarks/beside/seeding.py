"""A million subscribers in a minute: what `subscriber import` would write of such lines, written at once and unasked.

    python -m benchmarks.beside.seeding LINES FIRST LAST

The lines from FIRST to LAST, as subscribers of these numbers, into the store that the lines before them have founded by
the import; several of these may run side by side. Each has its sealed record and its place in every index; what the
import does beyond that is to look for who was there before, and here nobody was.
"""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec
from redis.asyncio import Redis

from services.notify.settings import NotifySettings
from services.runtime.connections import open_redis
from services.subscribers.asked_entries import InterestEntry, to_interest
from services.subscribers.key_files import KeyFolder
from services.subscribers.redis_keys import LAST, topic_of
from services.subscribers.sealed_store import SealedStore
from services.subscribers.stop_links import new_seed
from services.subscribers.store_opening import open_store
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.topics import Interest

_AT_ONCE: Final = 20_000
_RAISE: Final = """
if tonumber(redis.call('GET', KEYS[1]) or '0') < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
"""
"""The last number that was given, which others may have raised further."""


def main() -> int:
    file, first, last = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    with file.open() as lines:
        asyncio.run(seed(islice(lines, first - 1, last), first))
    return 0


async def seed(lines: Iterable[str], first: int) -> None:
    settings = NotifySettings()
    assert settings.redis_url is not None  # the bench's own server, see `House`
    async with open_redis(settings.redis_url.get_secret_value()) as redis:
        store = await open_store(redis, KeyFolder(settings.keys_folder), settings.shards, found=False)
        assert store is not None
        subscribers = _subscribers(lines, first, store)
        while batch := list(islice(subscribers, _AT_ONCE)):
            await _write(redis, store, batch)
            await redis.eval(_RAISE, 1, LAST, batch[-1].number)


def _subscribers(lines: Iterable[str], first: int, store: SealedStore) -> Iterator[Subscriber]:
    for number, line in enumerate(lines, first):
        written: dict[str, Any] = msgspec.json.decode(line)
        [there] = written["channels"]
        digest = store.lookups.address(there["channel"], there["target"])
        yield Subscriber(
            number=number,
            since=written["since"],
            addresses=(StoredAddress(**(there | {"secrets": tuple(there.get("secrets", ()))}), digest=digest),),
            interests=tuple(_interest(tuple(asked["kinds"])) for asked in written["interests"]),
            stop_seed=new_seed(),
        )


@lru_cache
def _interest(kinds: tuple[str, ...]) -> Interest:
    return to_interest(InterestEntry.model_validate({"kinds": kinds}))


async def _write(redis: Redis, store: SealedStore, batch: Iterable[Subscriber]) -> None:
    """As `Records.write` does it, a command for each key."""
    fields: defaultdict[str, list[Any]] = defaultdict(list)
    members: defaultdict[str, list[int]] = defaultdict(list)
    for one in batch:
        fields[store.keys.record_of(one.number)] += (str(one.number), store.encode(one))
        for digest in store.hashes(one):
            fields[store.keys.found(digest)] += (digest, str(one.number))
        for key in store.asks(one):
            members[key].append(one.number)
    async with redis.pipeline(transaction=False) as pipe:
        for key, standing in fields.items():
            pipe.hset(key, items=standing)
        for key, asking in members.items():
            pipe.sadd(key, *asking)
            pipe.sadd(store.keys.asking(topic_of(key)), store.keys.shard_of(asking[0]))
        await pipe.execute()


if __name__ == "__main__":
    raise SystemExit(main())
