"""Subscribers as versions before the sealed store kept them: plain, in Redis."""

from __future__ import annotations

import hashlib

import msgspec
from redis.asyncio import Redis

from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import topics_of_interest


async def keep_plain(redis: Redis, *subscribers: Subscriber, indexed: bool = True) -> None:
    """Under the numbers that they have. `indexed`: not before there was an index of addresses."""
    for one in subscribers:
        addresses = tuple(msgspec.structs.replace(each, digest="abc" if indexed else None) for each in one.addresses)
        shard = one.number % 16
        kept = msgspec.structs.replace(one, addresses=addresses)
        await redis.set(f"vestka:subscriber:{one.number}", msgspec.json.encode(kept))
        await redis.sadd(f"vestka:subscribers:shard:{shard}", one.number)
        await redis.set("vestka:subscribers:last", one.number)
        if one.label is not None:
            await redis.hset("vestka:subscribers:labels", one.label, str(one.number))
        if one.stop_seed is not None:
            await redis.hset("vestka:subscribers:stop-seeds", one.stop_seed, str(one.number))
        for address in one.addresses:
            if indexed:
                await redis.set(f"vestka:address:{hashlib.sha1(address.target.encode()).hexdigest()}", one.number)
            for interest in one.interests:
                for topic in topics_of_interest(interest):
                    await redis.hincrby(f"vestka:asking:{address.channel}:{topic}", str(shard), 1)


async def keep_plain_erasure(redis: Redis, label: str) -> None:
    await redis.sadd("vestka:subscribers:erased", hashlib.sha256(label.encode()).hexdigest())
