"""News that is read while a clock is wrong is judged by the right one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from redis.asyncio import Redis

from services.contract import PartyClass
from services.ingest.app import build_ingest
from services.ingest.intake import Intake
from services.ingest.received import not_later_than
from services.ingest.settings import IngestSettings
from services.ingest.sources.base import Item
from services.ingest.store import Results
from services.runtime.steady_clock import SteadyClock, server_time
from tests.redis.running import running
from tests.redis.waiting import eventually

TEXT = "Alexander Lukashenko has pardoned 20 people, the presidential press service said today."


def item(**fields: Any) -> Item:
    return replace(Item("sample", "Sample Wire", PartyClass.MEDIA, TEXT, language="en"), **fields)


async def test_a_report_that_was_stamped_by_a_clock_ahead_is_no_old_news(redis: Redis, redis_url: str) -> None:
    now = datetime.now(UTC)
    ahead = item(published=now, received=now + timedelta(days=400))
    accepted = await Intake(redis).accept(ahead)
    ingest = await build_ingest(
        IngestSettings(ingest_port=0, watch_sources=False, reading_warm=False, reading_deadline=60), redis_url
    )
    results = Results(redis)

    async def is_read() -> bool:
        found = await results.get(accepted.id)
        return found is not None and found.state == "read"

    async with running(ingest):
        await eventually(is_read, within=60)
    found = await results.get(accepted.id)
    assert found is not None
    assert found.outcome == "new"
    assert found.reason not in ("old_text", "old_happening", "date_in_future")


async def test_the_steady_clock_goes_by_the_servers_time(redis: Redis) -> None:
    clock = SteadyClock(wall=lambda: 4e9)
    await clock.look(redis)
    assert abs(clock() - await server_time(redis)) < 5
    assert clock.wrong is not None


def test_what_came_in_before_now_keeps_its_time() -> None:
    now = datetime(2024, 12, 28, 10, tzinfo=UTC)
    early = item(received=now - timedelta(days=3))
    assert not_later_than(early, now.timestamp()) == early
    assert not_later_than(item(), now.timestamp()) == item()
    late = item(received=now + timedelta(minutes=2))
    assert not_later_than(late, now.timestamp()).received == now
