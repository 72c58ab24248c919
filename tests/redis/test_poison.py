"""What cannot be handled, however often, is buried and blocks nothing."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from services.contract import EVENTS_STREAM, ITEMS_STREAM, NOTIFY_GROUP, deliveries_stream
from services.ingest.app import build_ingest
from services.ingest.settings import IngestSettings
from services.ingest.store import Results
from services.notify.channels.base import Reason, Retry
from services.notify.fanout.shard_work import ShardWork
from services.notify.references import References
from services.notify.topology import consumers, ensure_groups
from services.runtime.streams import Entry, open_redis
from services.subscribers.keyring import Keyring
from tests.redis.house import House
from tests.redis.readers import Hands, pending, put, reading
from tests.redis.running import running
from tests.redis.samples import pardon
from tests.redis.waiting import eventually


async def test_poison_is_buried_after_so_many_deliveries_and_acknowledged(redis: Redis, redis_url: str) -> None:
    async def fails(entry: Entry) -> None:
        if entry.fields["n"] == "poison":
            raise RuntimeError("we fail")

    hands = Hands(fails)
    async with reading(redis_url, hands.consumer(most_deliveries=3, idle=0.2)):
        await put(redis, "poison", "good")
        await eventually(lambda: hands.buried)
        await eventually(lambda: _nothing_pending(redis))
    assert hands.buried == [("poison", 4)]
    assert hands.begun.count("poison") == 3
    assert hands.done == ["good"]


async def _nothing_pending(redis: Redis) -> bool:
    return await pending(redis) == 0


async def test_refreshing_a_claim_is_no_delivery(redis: Redis, redis_url: str) -> None:
    """A handler that is slow and then fails once is not taken for poison."""

    async def slow_and_fails(entry: Entry) -> None:
        asked: Any = await redis.info("commandstats")
        start = asked.get("cmdstat_xclaim", {}).get("calls", 0)
        await eventually(lambda: _refreshed(redis, start + 5))
        if len(hands.begun) == 1:
            raise RuntimeError("we failed")

    hands = Hands(slow_and_fails)
    async with reading(redis_url, hands.consumer(most_deliveries=2, idle=0.3)):
        await put(redis, 1)
        await eventually(lambda: hands.done == ["1"])
    assert hands.buried == []


async def _refreshed(redis: Redis, times: int) -> bool:
    counted: Any = await redis.info("commandstats")
    return bool(counted.get("cmdstat_xclaim", {}).get("calls", 0) >= times)


GARBAGE = {
    "bytes that are no text": {"event": b"\xff\xfe\x00"},
    "a field's name that is no text": {b"\xff": b"x"},
    "no JSON": {"event": "{not json"},
    "JSON of another shape": {"event": '{"id": 5}'},
    "a list": {"event": "[]"},
    "an event without its data": {"event": '{"id": "x", "source": "s", "type": "pardon.announced"}'},
    "nothing we know": {"anything": "else"},
    "an envelope of FastStream": {"__data__": b"\x89BIN\r\n\xff\xff\xff\xff"},
    "a broken envelope": {"__data__": b"\xff\xfe"},
    "an envelope that lies about its length": {"__data__": b"\x89BIN\r\n\x1a\n\x00\x01\x00\x00\xff\xff\xff\xff"},
}


@pytest.mark.parametrize("fields", GARBAGE.values(), ids=GARBAGE.keys())
async def test_an_entry_that_is_no_event_is_buried_and_blocks_nothing(
    redis: Redis, redis_url: str, house: House, fields: dict[Any, Any]
) -> None:
    await house.subscribe()
    bad = await redis.xadd(EVENTS_STREAM, fields)
    await house.publish(pardon())
    await ensure_groups(redis, list(house.senders))
    events = consumers(house.notifier, "one", idle=0.2, workers=1)[0]
    async with reading(redis_url, events):
        await eventually(lambda: _length(redis, deliveries_stream("email"), 1))
        await eventually(lambda: _length(redis, "vestka:dead", 1))
        await eventually(lambda: _all_done(redis))
    (buried,) = await house.dead.all()
    assert (buried.letter.kind, buried.letter.stream, buried.letter.entry) == ("poison", EVENTS_STREAM, bad)


async def _length(redis: Redis, stream: str, wanted: int) -> bool:
    return int(await redis.xlen(stream)) == wanted


async def _all_done(redis: Redis) -> bool:
    return await pending(redis, EVENTS_STREAM, NOTIFY_GROUP) == 0


@pytest.mark.parametrize(
    "fields", [{"shard": "1"}, {"entry": "1-1"}, {"entry": "no id", "shard": "1"}, {"entry": "1-1", "shard": "x"}]
)
async def test_work_of_another_shape_is_buried(
    redis: Redis, redis_url: str, house: House, fields: dict[Any, Any]
) -> None:
    await redis.xadd(EVENTS_STREAM, {"event": "[]"}, id="1-1")
    stream = deliveries_stream("email")
    await redis.xadd(stream, fields)
    consumer = next(one for one in consumers(house.notifier, "one", idle=0.1, workers=1) if one.stream == stream)
    async with reading(redis_url, consumer):
        await eventually(lambda: _length(redis, "vestka:dead", 1))
    (buried,) = await house.dead.all()
    assert (buried.letter.kind, buried.letter.stream, buried.letter.attempts) == ("poison", stream, 6)


async def test_a_letter_about_poison_repeats_nothing_of_it(redis: Redis, house: House) -> None:
    await redis.xadd(EVENTS_STREAM, {"event": "somebody@example.org"})
    await house.deliver()
    raw: Any = await redis.xrange("vestka:dead")
    assert set(json.loads(raw[0][1]["letter"])) == {"kind", "reason", "at", "stream", "entry", "attempts"}


@pytest.mark.parametrize("numbers", [{}, {"numbers": "4815162342,4815162358"}])
async def test_work_of_before_it_was_sealed_is_sealed_when_it_is_buried(
    redis: Redis, house: House, numbers: dict[str, str]
) -> None:
    fields = {"entry": "1-1", "shard": "6"} | numbers
    await house.notifier.bury(Entry(deliveries_stream("email"), "5-1", fields), 6)
    (buried,) = await house.dead.all()
    assert "4815162342" not in buried.letter.encode()
    assert "shard" not in buried.letter.encode()
    work = ShardWork.decode(buried.letter.work, "email", house.references)
    assert work == ShardWork.decode(fields, "email", house.references)
    await house.redrive(buried)
    raw: Any = await redis.xrange(deliveries_stream("email"))
    assert [ShardWork.decode(entry, "email", house.references) for _, entry in raw] == [work]
    assert "4815162342" not in str(raw)


async def test_work_sealed_with_a_key_we_lack_is_buried_whole(redis: Redis, redis_url: str, house: House) -> None:
    someone = await house.subscribe()
    entry = await house.publish(pardon())
    others = References(Keyring(b"another key"))
    theirs = ShardWork(entry, (house.vault.shard_of(someone.number),), house.vault.shards)
    stream, sealed = deliveries_stream("email"), theirs.encode("email", others)
    await redis.xadd(stream, sealed)  # type: ignore[arg-type]
    consumer = next(one for one in consumers(house.notifier, "one", idle=0.1, workers=1) if one.stream == stream)
    async with reading(redis_url, consumer):
        await eventually(lambda: _length(redis, "vestka:dead", 1))
    (buried,) = await house.dead.all()
    assert buried.letter.work == sealed
    assert house.mail.taken == []


async def test_what_was_buried_can_be_read_again_once_the_code_can_read_it(redis: Redis, house: House) -> None:
    """Redriving writes the entry anew: here it still cannot be read, so it is buried anew and nothing is lost."""
    await redis.xadd(EVENTS_STREAM, {"event": "[]"})
    await house.deliver()
    (buried,) = await house.dead.all()
    await house.redrive(buried)
    assert await house.dead.all() == []
    await house.deliver()
    assert [one.letter.entry for one in await house.dead.all()] != [buried.letter.entry]


async def test_a_due_delivery_that_cannot_even_be_begun_is_buried_and_not_tried_for_ever(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR))
    await house.deliver(pardon())
    await house.redis.hset(f"vestka:shard:{{{someone.number}}}:records", str(someone.number), "no subscriber")
    await asyncio.sleep(2.1)  # readers are kept for two seconds, by a clock of their own
    for _ in range(20):
        house.clock.forward(3600)
        await house.deliver_due()
    assert await house.queues["email"].length() == 0
    assert [one.letter.kind for one in await house.dead.all()] == ["poison"]


async def test_an_item_that_cannot_be_read_is_buried_and_its_sender_can_learn_of_it(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    sources = tmp_path / "sources.yaml"
    sources.write_text("sources: []")
    settings = IngestSettings(
        reclaim_after=0.1, ingest_port=0, sources_file=sources, reading_warm=False, reading_deadline=60
    )
    await redis.xadd(ITEMS_STREAM, {"id": "it-broken", "item": "{}"})
    async with running(await build_ingest(settings, redis_url)):
        await eventually(lambda: _was_read(redis, "it-broken"))
        await eventually(lambda: _items_done(redis))


async def _was_read(redis: Redis, item_id: str) -> bool:
    result = await Results(redis).get(item_id)
    return result is not None and result.outcome == "unreadable"


async def _items_done(redis: Redis) -> bool:
    return await pending(redis, ITEMS_STREAM, "ingest") == 0


async def test_our_own_shortage_is_no_fault_of_the_entry_however_long_it_lasts(redis: Redis, redis_url: str) -> None:
    shortages = [OSError(24, "too many open files"), MemoryError(), RedisConnectionError("no connection available")]

    async def short_of_something(entry: Entry) -> None:
        if len(hands.begun) <= 8:
            raise shortages[len(hands.begun) % 3]

    hands = Hands(short_of_something)
    async with reading(redis_url, hands.consumer(most_deliveries=2, idle=0.1)):
        await put(redis, 1)
        await eventually(lambda: hands.done == ["1"])
        await eventually(lambda: _nothing_pending(redis))
    assert hands.buried == []


async def test_more_who_ask_at_once_than_there_are_connections_wait_their_turn(redis: Redis, redis_url: str) -> None:
    client = open_redis(redis_url, connections=4)
    try:
        await asyncio.gather(*(client.incr("asked") for _ in range(500)))
        opened: Any = await redis.client_list()
    finally:
        await client.aclose()
    assert await redis.get("asked") == "500"
    assert len(opened) <= 4 + 1
