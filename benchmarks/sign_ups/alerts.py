"""Alerts to one reader who was there before, one by one: how long each takes from the stream to the mailbox."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from typing import Final

from benchmarks.sign_ups.ground import Ground
from services.demo.exercise import as_exercise
from services.ingest.publishing import Publisher
from services.notify.content.example_events import example_events
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
        before, began = _letters(ground), time.perf_counter()
        await publisher.practise(lambda sequence, now: as_exercise(example, sequence, now))
        async with asyncio.timeout(_PATIENCE):
            while _letters(ground) == before:  # noqa: ASYNC110  (a letter to somebody else wakes nobody here)
                await asyncio.sleep(0.002)
        taken.append(time.perf_counter() - began)
        await asyncio.sleep(seconds_between)
    return taken


def _letters(ground: Ground) -> int:
    return sum(letter.recipient == WATCHER for letter in ground.inbox.messages)


def told(taken: Sequence[float]) -> str:
    ranked = sorted(taken)
    return f"median {statistics.median(ranked):.3f} s, 9 of 10 within {ranked[int(len(ranked) * 0.9) - 1]:.3f} s"
