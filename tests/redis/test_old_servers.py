"""Redis 7.0 is enough: no command and no option of ours is newer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, NOTIFY_GROUP, PartyClass
from services.ingest.intake import Intake
from services.ingest.sources.base import Item
from services.ingest.store import Results, Stories
from services.ingest.watching.poll_memory import SourceStates
from services.notify.app import build_notify
from services.notify.repair.replay import Selection
from services.runtime.streams import open_redis, trim
from tests.redis.house import House
from tests.redis.readers import take_and_die
from tests.redis.running import a_partner, running
from tests.redis.samples import pardon, retraction
from tests.redis.waiting import eventually

SERVICES = Path(__file__).parents[2] / "services"
OLDEST = (7, 0, 0)
_THE_CLIENTS_OWN = {"hello", "client"}
"""Sent by redis-py itself, which takes a no for an answer."""


@pytest.mark.parametrize("newer", ["XACKDEL", "XDELEX", "IDMP", "claim_min_idle_time", "XREADGROUP CLAIM", "HEXPIRE"])
def test_no_file_asks_for_what_came_later(newer: str) -> None:
    word = re.compile(rf"\b{newer}\b", re.IGNORECASE)
    assert [path.name for path in SERVICES.rglob("*.py") if word.search(path.read_text())] == []


async def test_the_whole_road_uses_only_what_the_oldest_server_knows(
    redis: Redis, redis_url: str, house: House, tmp_path: Path
) -> None:
    async with _overheard(redis_url) as spoken:
        await _walk(redis, house)
        async with a_partner(tmp_path) as partner, running(await build_notify(partner.settings(), redis_url)):
            await eventually(lambda: any(words[0] == "xautoclaim" for words in spoken))
    names = {words[0] for words in spoken} - _THE_CLIENTS_OWN
    assert {"xreadgroup", "xautoclaim", "xadd", "evalsha", "xack", "xtrim"} <= names
    known = await _options(redis, names)
    used = {(name, word.upper()) for name, *words in spoken for word in words if name in names}
    newer = {one for one in used if known.get(one, OLDEST) > OLDEST}
    assert newer == set()
    assert {name for name in names if known[name, ""] > OLDEST} == set()


async def _walk(redis: Redis, house: House) -> None:
    """Everything that is written and read between an item's door and an operator's replay."""
    item = Item("sample", "Sample Wire", PartyClass.MEDIA, "A text.")
    accepted = await Intake(redis).accept(item)
    await Intake(redis).bind_key("partner:newsroom", "key", accepted.id)
    await Results(redis).get(accepted.id)
    await Stories(redis).close_old(0.0)
    await SourceStates(redis).pause("sample")
    someone = await house.subscribe(channels=("email", "telegram"))
    await house.deliver(pardon(), retraction())
    await house.senders["email"].channel_hold.hold(0.001)
    await house.replay(Selection(force=True))
    await house.deliver()
    await house.vault.erase(someone.number)
    await take_and_die(redis)
    await redis.xgroup_create(EVENTS_STREAM, NOTIFY_GROUP, id="0")
    await trim(redis, EVENTS_STREAM, 0.0, house.clock())


@asynccontextmanager
async def _overheard(url: str) -> AsyncIterator[list[list[str]]]:
    """Every command the server is given meanwhile: its name in lower case, and its words."""
    spoken: list[list[str]] = []
    client = open_redis(url)

    async def listen(monitor: Any) -> None:
        async for heard in monitor.listen():
            name, _, words = heard["command"].partition(" ")
            spoken.append([name.lower(), *words.split(" ")])

    async with client.monitor() as monitor:
        task = asyncio.create_task(listen(monitor))
        yield spoken
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await client.aclose()


async def _options(redis: Redis, names: set[str]) -> dict[tuple[str, str], tuple[int, ...]]:
    """Since when the server knows a command (with the option "") and each of its options."""
    redis.set_response_callback("COMMAND", lambda response, **_: response)  # redis-py has no reader for this answer
    documents: Any = await redis.execute_command("COMMAND", "DOCS", *names)  # type: ignore[no-untyped-call]
    known: dict[tuple[str, str], tuple[int, ...]] = {}
    for name, document in documents.items():
        known[name, ""] = _version(document["since"])
        for option in _flat(document.get("arguments", [])):
            if "token" in option and "since" in option:
                known[name, option["token"]] = _version(option["since"])
    return known


def _flat(options: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for option in options:
        yield option
        yield from _flat(option.get("arguments", []))


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))
