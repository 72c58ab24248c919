"""Nothing goes out twice and nothing is buried because we ourselves were short of something."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter

import pytest

from services.demo.stage import free_port, until_ready
from services.runtime.dead_letters import DeadLetters
from tests.conformance.receivers import HttpReceiver, listening
from tests.faults.long.shortages import a_proxy, no_more_descriptors
from tests.faults.test_crash_while_sending import Freeze, eventually_quiet
from tests.redis.samples import pardon, put_event
from tests.road import PATIENCE, Road, eventually

ENDPOINTS = 2_000
EVENTS = 15
READERS = int(os.environ.get("VESTKA_FAULTS_READERS", "60"))
"""260 is the case that was found; fewer show it as well, by a reclaim that is shorter."""
MUCH_PATIENCE = 240.0
"""Seconds that bound a wait for thousands of messages on a busy machine."""


def with_usual_deadlines(road: Road) -> None:
    for channel, seconds in (("EMAIL", "30"), ("WEBHOOK", "15"), ("TELEGRAM", "20")):
        road.environment[f"VESTKA_CHANNELS__{channel}__DEADLINE"] = seconds


def letters(road: Road) -> Counter[str]:
    return Counter(letter.recipient for letter in road.stage.inbox.messages)


def calls(receiver: HttpReceiver) -> Counter[tuple[str, str]]:
    return Counter((request.headers["webhook-id"], request.path) for request in receiver.requests)


async def test_the_first_event_after_a_start_reaches_two_thousand_endpoints_once_each(road: Road) -> None:
    receiver = HttpReceiver()
    with_usual_deadlines(road)
    async with listening(receiver.serve) as port:
        await asyncio.gather(
            *(road.subscribe("webhook", f"http://127.0.0.1:{port}/{n}") for n in range(ENDPOINTS)),
        )
        await road.start("notify")
        await put_event(road.redis, pardon())
        await eventually(lambda: len(calls(receiver)) == ENDPOINTS, "every endpoint was called", MUCH_PATIENCE)
        await eventually_quiet(road)
    assert set(calls(receiver).values()) == {1}
    assert await DeadLetters(road.redis).all() == []


async def test_many_events_at_once_for_many_readers_repeat_nothing_and_bury_nothing(road: Road) -> None:
    receiver = HttpReceiver()
    with_usual_deadlines(road)
    taken: list[None] = []  # the inbox keeps the last letters only

    async def count() -> None:
        taken.append(None)

    road.stage.inbox.before_answer = count
    road.environment["VESTKA_RECLAIM_AFTER"] = "0.5"  # much shorter than all of it takes
    events = [pardon(f"pardon-20241228-{n:06d}") for n in range(EVENTS)]
    async with listening(receiver.serve) as port:
        for n in range(0, READERS, 2):
            await road.subscribe("webhook", f"http://127.0.0.1:{port}/{n}")
            await road.subscribe("email", f"reader{n}@demo.example")
        await road.start("notify")
        for event in events:
            await put_event(road.redis, event)
        due = READERS * EVENTS // 2
        await eventually(lambda: len(calls(receiver)) == due, "every call was made", MUCH_PATIENCE)
        await eventually(lambda: len(taken) >= due, "every letter came", MUCH_PATIENCE)
        await eventually_quiet(road)
    assert set(calls(receiver).values()) == {1}
    assert len(taken) == due, "nothing is due any more, so with this many nobody had two"
    assert await DeadLetters(road.redis).all() == []


async def test_what_was_sent_while_redis_was_reset_is_written_down_when_it_is_back(road: Road) -> None:
    readers = {f"reader{n}@demo.example" for n in range(60)}
    for reader in readers:
        await road.subscribe("email", reader)
    with_usual_deadlines(road)
    freeze = Freeze(10)
    road.stage.inbox.before_answer = freeze
    async with a_proxy(road.embedded.url) as (proxy, url):
        road.environment["REDIS_URL"] = url
        await road.start("notify")
        await put_event(road.redis, pardon())
        await eventually(lambda: freeze.held >= 20, "letters are in flight")
        proxy.reset()
        freeze.thawed.set()
        await eventually(lambda: len(road.stage.inbox.messages) >= 30, "letters were taken while Redis was away")
        await asyncio.sleep(2)
        proxy.pass_through()
        await eventually(lambda: set(letters(road)) == readers, "everybody got the alert")
        await eventually_quiet(road)
        assert set(letters(road).values()) == {1}
        assert await DeadLetters(road.redis).all() == []
        await road.stop()
        road.processes.clear()


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit(2) is Linux'")
async def test_a_notifier_that_may_open_nothing_more_buries_nothing_and_goes_on_when_it_may(road: Road) -> None:
    readers = {f"reader{n}@demo.example" for n in range(60)}
    for reader in readers:
        await road.subscribe("email", reader)
    await road.start("notify")
    with no_more_descriptors(road.processes["notify"].pid):
        await put_event(road.redis, pardon())
        await asyncio.sleep(6)
    await eventually(lambda: set(letters(road)) == readers, "everybody got the alert")
    await eventually_quiet(road)
    assert set(letters(road).values()) == {1}
    assert await DeadLetters(road.redis).all() == []


_AHEAD = """
import sys, time
real, by = time.time, float(sys.argv.pop(1))
time.time = lambda: real() + by
from services.cli import main
main()
"""


@pytest.mark.parametrize("by", [400 * 86_400.0, 7_200.0, -600.0], ids=["+400 days", "+2 hours", "-10 minutes"])
async def test_a_notifier_whose_clock_is_wrong_takes_nothing_from_one_that_lives(road: Road, by: float) -> None:
    readers = {f"reader{n}@demo.example" for n in range(40)}
    for reader in readers:
        await road.subscribe("email", reader)
    with_usual_deadlines(road)
    freeze = Freeze(10)
    road.stage.inbox.before_answer = freeze
    await road.start("notify")
    await put_event(road.redis, pardon())
    await eventually(lambda: freeze.held >= 20, "letters are in flight")
    road.processes["other"] = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _AHEAD, str(by), "run", "notify", "--unsupervised"),
        env=road.environment | {"VESTKA_NOTIFY_PORT": str(port := free_port(0))},
    )
    await until_ready({"other": port}, PATIENCE)
    await put_event(road.redis, pardon("pardon-20241229-bbbbbb"))
    await asyncio.sleep(3)
    freeze.thawed.set()
    await eventually(lambda: letters(road) == dict.fromkeys(readers, 2), "everybody got both alerts")
    await eventually_quiet(road)
    assert set(letters(road).values()) == {2}
