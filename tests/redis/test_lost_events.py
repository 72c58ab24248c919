"""An event that is lost from its stream comes back, and nobody who got it hears of it twice."""

from __future__ import annotations

import asyncio
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis as blocking
from redis.asyncio import Redis
from typer.testing import CliRunner

from services.cli import build_app
from services.contract import EVENTS_STREAM, NOTIFY_GROUP, Event, encode_event
from services.ingest.app import build_ingest
from services.ingest.settings import IngestSettings
from services.notify.app import build_notify
from services.notify.fanout.gaps import LOST, Gaps, gap_state
from services.notify.topology import ensure_groups
from services.notify.watching.forever import look_once
from services.notify.watching.store_state import StoreWatch
from services.operations.alarms import Alarms
from services.runtime.kept_events import SEQUENCE, KeptEvents, keep
from services.runtime.metrics import Metrics
from services.runtime.streams import Entry, entries_between, open_redis
from tests.redis.house import House
from tests.redis.running import a_partner, running
from tests.redis.samples import TIME, arrest, pardon
from tests.redis.waiting import eventually

NOW = 1_800_000_000.0


async def publish(redis: Redis, number: int, time: str = TIME) -> Event:
    """As ingest does."""
    whole = pardon(f"pardon-20241228-{number:06}", time=time)
    event = msgspec.structs.replace(whole, data=msgspec.structs.replace(whole.data, sequence=number))
    encoded = encode_event(event)
    async with redis.pipeline() as pipe:
        pipe.set(SEQUENCE, number)
        pipe.xadd(EVENTS_STREAM, {"id": event.id, "type": event.type.value, "event": encoded})
        keep(pipe, event, encoded)
        await pipe.execute()
    return event


async def lose(redis: Redis, event: Event) -> None:
    for entry in await entries_between(redis, EVENTS_STREAM):
        if entry.fields["id"] == event.id:
            await redis.xdel(EVENTS_STREAM, entry.id)


@pytest.fixture
async def gaps(redis: Redis) -> Gaps:
    await ensure_groups(redis, ["email", "telegram"])
    return Gaps(redis, NOTIFY_GROUP, Metrics())


async def read_on(redis: Redis, house: House) -> None:
    """The group's reader at work."""
    while True:
        found: Any = await redis.xreadgroup(NOTIFY_GROUP, "test", {EVENTS_STREAM: ">"}, count=10)
        if not found:
            return
        for entry, fields in found[0][1]:
            await house.notifier.on_event(Entry(EVENTS_STREAM, entry, fields))
            await redis.xack(EVENTS_STREAM, NOTIFY_GROUP, entry)


async def test_what_is_unread_or_unfinished_is_not_missing(redis: Redis, gaps: Gaps, house: House) -> None:
    await publish(redis, 1)
    await publish(redis, 2)
    await redis.xreadgroup(NOTIFY_GROUP, "dead", {EVENTS_STREAM: ">"}, count=1)
    found = await gaps.look(NOW)
    assert found is not None
    assert (found.settled, found.missing) == (0, ())


async def test_an_entry_that_is_gone_is_asked_for_and_published_again_with_the_same_id(
    redis: Redis, gaps: Gaps, house: House
) -> None:
    await house.subscribe()
    first, second, third = [await publish(redis, number) for number in (1, 2, 3)]
    await lose(redis, first)  # the head of the stream
    await lose(redis, third)  # and what nothing comes after
    await read_on(redis, house)
    found = await gaps.look(NOW)
    assert found is not None
    assert found.missing == (first.id, third.id)
    assert await KeptEvents(redis).put_back_wanted() == [first.id, third.id]
    found = await gaps.look(NOW + 1)
    assert found is not None
    assert found.missing == ()
    await read_on(redis, house)
    found = await gaps.look(NOW + 2)
    assert found is not None
    assert (found.settled, found.missing) == (3, ())
    state = await gap_state(redis)
    assert state is not None
    assert "2 event(s)" in state.says
    await house.deliver()
    assert sorted(one.event.id for one in house.mail.taken) == sorted([first.id, second.id, third.id])
    assert len(house.mail.taken) == 3


async def test_what_does_not_come_back_is_given_up_told_and_holds_nothing_back(
    redis: Redis, gaps: Gaps, house: House
) -> None:
    gone = await publish(redis, 1)
    await publish(redis, 2)
    await lose(redis, gone)
    await read_on(redis, house)
    for turn in range(6):  # ingest is not there
        found = await gaps.look(NOW + 60 * turn)
    assert found is not None
    assert (found.settled, found.missing) == (2, ())
    assert await redis.get(LOST) == "1"
    assert (await gap_state(redis)) is not None


def test_a_loss_that_a_person_knows_of_is_silent_and_the_next_one_sounds_anew(
    monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)

    async def look(more: int) -> list[str]:
        async with open_redis(redis_url) as redis:
            await redis.incrby(LOST, more)
            alarms = Alarms(redis, Metrics(), lambda: NOW)
            await look_once(StoreWatch(redis, ()), alarms, NOW)
            return [alarm.says for alarm in await alarms.list()]

    with closing(blocking.Redis.from_url(redis_url)) as store:
        store.flushall()
    (says,) = asyncio.run(look(2))
    assert says.startswith("2 event(s)")
    cleared = CliRunner().invoke(build_app(), ["alarm", "clear", "events_missing", EVENTS_STREAM, "--as", "duty"])
    assert cleared.exit_code == 0, cleared.output
    assert asyncio.run(look(0)) == []
    (says,) = asyncio.run(look(1))
    assert says.startswith("1 event(s)")


async def test_an_event_that_was_buried_is_not_missing(redis: Redis, gaps: Gaps, house: House) -> None:
    event = await publish(redis, 1)
    await redis.xtrim(EVENTS_STREAM, maxlen=0)
    await redis.xadd(EVENTS_STREAM, {"id": event.id, "type": event.type.value, "event": "{"})
    await read_on(redis, house)
    found = await gaps.look(NOW)
    assert found is not None
    assert (found.settled, found.missing) == (1, ())


async def test_a_foreign_event_far_ahead_is_no_gap(redis: Redis, gaps: Gaps, house: House) -> None:
    await publish(redis, 1)
    whole = arrest()
    far = msgspec.structs.replace(whole, data=msgspec.structs.replace(whole.data, sequence=777_777))
    await house.publish(far)
    await read_on(redis, house)
    found = await gaps.look(NOW)
    assert found is not None
    assert (found.settled, found.missing, found.unkept) == (1, (), 0)
    assert await gap_state(redis) is None


async def test_a_sequence_that_begins_anew_is_watched_from_there(redis: Redis, gaps: Gaps, house: House) -> None:
    for number in (1, 2, 3):
        await publish(redis, number)
    await read_on(redis, house)
    await gaps.look(NOW)
    await redis.set(SEQUENCE, 1)  # a store from before
    await gaps.look(NOW)
    event = await publish(redis, 2)
    await redis.xtrim(EVENTS_STREAM, maxlen=0)
    found = await gaps.look(NOW)
    assert found is not None
    assert found.missing == (event.id,)


async def test_the_two_services_bring_back_what_was_trimmed_while_notify_was_away(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    lost = [await publish(redis, number, "2099-01-01T00:00:00.000Z") for number in (1, 2)]
    await ensure_groups(redis, ["webhook"])
    await redis.xtrim(EVENTS_STREAM, maxlen=0)
    ingest = await build_ingest(
        IngestSettings(ingest_port=0, watch_sources=False, reading_warm=False, reading_deadline=60), redis_url
    )
    async with (
        a_partner(tmp_path) as partner,
        running(ingest),
        running(await build_notify(partner.settings(), redis_url)),
    ):
        await eventually(lambda: sorted(partner.heard_of()) == sorted(event.id for event in lost), within=60)


def test_replay_puts_back_what_is_gone_from_the_stream(monkeypatch: pytest.MonkeyPatch, redis_url: str) -> None:
    async def lose_one() -> Event:
        client = open_redis(redis_url)
        await client.flushall()
        event = await publish(client, 1)
        await publish(client, 2)
        await lose(client, event)
        await client.aclose()
        return event

    event = asyncio.run(lose_one())
    monkeypatch.setenv("REDIS_URL", redis_url)
    run = partial(CliRunner().invoke, build_app())
    asked = run(["replay", event.id, "--dry-run"])
    assert event.id in asked.stderr
    with closing(blocking.Redis.from_url(redis_url, decode_responses=True)) as client:
        assert client.xlen(EVENTS_STREAM) == 1
        done = run(["replay", event.id, "--confirm"])
        assert "on the stream again" in done.stderr
        there: Any = client.xrange(EVENTS_STREAM)
        assert [fields["id"] for _, fields in there][1:] == [event.id]
