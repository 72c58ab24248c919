"""Alerts to one reader who was there before, one by one: how long each takes from the stream to the mailbox."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from typing import Any, Final

from benchmarks.sign_ups.ground import Ground
from services.contract import EVENTS_STREAM
from services.demo.exercise import as_exercise
from services.ingest.publishing import Publisher
from services.notify.content.example_events import example_events
from services.runtime.streams import milliseconds_of
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.topics import Interest

WATCHER: Final = "watcher@before.example"
_PATIENCE: Final = 60.0


async def add_watcher(ground: Ground) -> None:
    """Who wants exercises; nobody else of the crowd does, so each alert is one letter."""
    address = StoredAddress(channel="email", target=WATCHER)
    watcher = Subscriber(
        number=0, since="2000-01-01T00:00:00.000Z", language="en", tests=True, addresses=(address,),
        interests=(Interest(),),
    )  # fmt: skip
    await ground.vault.add(watcher)


async def lags(ground: Ground, count: int, seconds_between: float) -> list[float]:
    """Seconds, one an alert."""
    example, publisher, taken = example_events()["pardon"], Publisher(ground.redis, time.time), []
    for _ in range(count):
        number = ground.mailbox.count(WATCHER) + 1
        await publisher.practise(lambda sequence, now: as_exercise(example, sequence, now))
        async with asyncio.timeout(_PATIENCE):
            letter = await ground.mailbox.letter(WATCHER, number)
        taken.append(letter.at - await _published_at(ground))
        await asyncio.sleep(seconds_between)
    return taken


async def _published_at(ground: Ground) -> float:
    """Of the newest event, by the clock of the server, which is this machine's: whoever publishes has more to do."""
    found: Any = await ground.redis.xrevrange(EVENTS_STREAM, count=1)
    return milliseconds_of(str(found[0][0])) / 1_000


def told(taken: Sequence[float]) -> str:
    ranked = sorted(taken)
    return f"median {statistics.median(ranked):.3f} s, 9 of 10 within {ranked[int(len(ranked) * 0.9) - 1]:.3f} s"
