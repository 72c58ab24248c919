"""Conditions that need a person: told once for as long as they last."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from services.ingest.desk.overdue import KINDS as OVERDUE_KINDS
from services.ingest.desk.overdue import Patience, overdue
from services.ingest.stories import hold
from services.operations.alarms import Alarms
from services.operations.audit import Audit
from services.runtime.metrics import Metrics
from tests.redis.test_publishing import a_story

NOON = datetime(2024, 12, 28, 12, tzinfo=UTC)
MARIA = "maria"
KIND, ABOUT = "source", "viasna-en"
SAYS = "it answered with a page instead of a feed: look whether it moved"
NOW_SAYS = "there is nothing at its address: correct it"


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def alarms(redis: Redis, metrics: Metrics) -> Alarms:
    return Alarms(redis, metrics, lambda: 1_735_377_243.0)


async def test_an_alarm_sounds_once_however_often_its_condition_is_seen_and_says_what_is_wrong_by_now(
    alarms: Alarms, metrics: Metrics
) -> None:
    with capture_logs() as lines:
        assert await alarms.sound(KIND, ABOUT, SAYS)
        assert not await alarms.sound(KIND, ABOUT, NOW_SAYS)
    assert [(line["log_level"], line["about"]) for line in lines] == [("warning", ABOUT)]
    assert [(alarm.about, alarm.says, alarm.since) for alarm in await alarms.list()] == [
        (ABOUT, NOW_SAYS, "2024-12-28T09:14:03.000Z")
    ]
    assert metrics.registry.get_sample_value("vestka_alarms_sounded_total", {"kind": KIND}) == 1


async def test_an_alarm_that_was_cleared_sounds_anew_when_its_condition_is_back(alarms: Alarms) -> None:
    assert not await alarms.clear(KIND, ABOUT)
    await alarms.sound(KIND, ABOUT, SAYS)
    assert await alarms.clear(KIND, ABOUT)
    assert await alarms.list() == ()
    assert await alarms.sound(KIND, ABOUT, SAYS)


async def test_an_acknowledged_alarm_is_silent_until_its_condition_has_ended(redis: Redis, alarms: Alarms) -> None:
    await alarms.sound(KIND, ABOUT, SAYS)
    assert await alarms.acknowledge(KIND, ABOUT, MARIA)
    assert await alarms.list() == ()
    assert not await alarms.acknowledge(KIND, ABOUT, MARIA)
    assert not await alarms.sound(KIND, ABOUT, SAYS)
    await alarms.clear(KIND, ABOUT)
    assert await alarms.sound(KIND, ABOUT, SAYS)
    (entry,) = await Audit(redis).entries()
    assert (entry.who, entry.what, entry.story, entry.detail) == (MARIA, "acknowledge", ABOUT, KIND)


async def test_the_gauge_counts_what_sounds_now(alarms: Alarms, metrics: Metrics) -> None:
    await alarms.sound(KIND, ABOUT, SAYS)
    await alarms.sound(KIND, "charter97", SAYS)
    await alarms.measure()
    assert metrics.registry.get_sample_value("vestka_alarms", {"kind": KIND}) == 2
    await alarms.clear(KIND, ABOUT)
    await alarms.acknowledge(KIND, "charter97", MARIA)
    await alarms.measure()
    assert metrics.registry.get_sample_value("vestka_alarms", {"kind": KIND}) is None


async def test_a_station_that_looks_sounds_what_lasts_and_clears_what_has_ended(alarms: Alarms) -> None:
    held = hold(a_story(), "undated", NOON)
    found = partial(overdue, [held], Patience(for_operators=3600, for_officials=1e9))
    await alarms.sound(KIND, ABOUT, SAYS)
    await alarms.settle(OVERDUE_KINDS, found(NOON.timestamp() + 60))
    assert [alarm.kind for alarm in await alarms.list()] == [KIND]
    await alarms.settle(OVERDUE_KINDS, found(NOON.timestamp() + 3700))
    assert {alarm.kind for alarm in await alarms.list()} == {KIND, "waits_too_long"}
    await alarms.settle(OVERDUE_KINDS, ())
    assert [alarm.kind for alarm in await alarms.list()] == [KIND], "alarms of others are theirs to clear"
