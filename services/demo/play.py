"""`vestka demo` itself: the stage is set, the article goes in, and what arrives is shown."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

from redis.asyncio import Redis

from services.demo.exercise import Exercise
from services.demo.reader_walk import WentWrong, walk
from services.demo.sample_article import pardon
from services.demo.stage import (
    PAGE_PORT,
    DemoStage,
    free_port,
    hand_in,
    open_stage,
    send_again,
    until_ready,
    was_there_before,
)
from services.ingest.store import ReadResult
from services.notify.settings import NotifySettings
from services.runtime.redis_server import Server
from services.runtime.settings import load_settings
from services.runtime.streams import open_redis
from services.runtime.supervisor import keep_running, service_program

_PATIENCE: Final = 60.0
"""Seconds for one step of the road."""


_PORTS: Final = {"ingest": 8701, "notify": 8702, "portal": 8703, "portal, private": 8704}
"""Where each is that is free."""


class Interrupted(Exception):
    """Before everything had arrived."""


async def play(server: Server, state_dir: Path, once: bool, log: int) -> list[str]:
    """What did not arrive: channels, and with `once` what a reader who joins waits for. `log`: a file for what the
    services log. Raises Interrupted."""
    interrupted = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, interrupted.set)
    ports = {name: free_port(port) for name, port in _PORTS.items()}
    keys = _keys(server, state_dir)
    exercise = Exercise(server.url, keys, f"http://127.0.0.1:{ports['portal']}/join")
    async with open_stage(free_port(PAGE_PORT), exercise) as stage:
        _say(f"1/5  {_redis_name(server)}, an inbox, a Telegram stand-in and a webhook receiver are up")
        environment = {**stage.environment(state_dir, ports), "REDIS_URL": server.url, "VESTKA_KEYS_DIR": str(keys)}
        async with _services(environment, log):
            road = asyncio.create_task(_road(server, stage, ports, exercise, once))
            stop = asyncio.create_task(interrupted.wait())
            await asyncio.wait({road, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not road.done():
                road.cancel()
                raise Interrupted
            missing = road.result()
            if not once and not missing:
                _say(f"\nJoin as a reader would, with any address: {exercise.join_url}")
                _say(f"Talk to the Telegram bot, in writing or by its buttons: {stage.page_url}/telegram")
                _say(f"Look at {stage.page_url}: its letters come there too, and a button sends a sample again")
                _say("(Ctrl-C ends the demo)")
                await stop
            stop.cancel()
            return missing


def _keys(server: Server, state_dir: Path) -> Path:
    """On a Redis of somebody's own, what stays there must still open when this demo's folder is gone."""
    return state_dir / "keys" if server.embedded is not None else load_settings(NotifySettings).keys_folder


async def _road(
    server: Server, stage: DemoStage, ports: Mapping[str, int], exercise: Exercise, once: bool
) -> list[str]:
    redis = open_redis(server.url)
    try:
        await until_ready({name: port for name, port in ports.items() if name != "portal"}, _PATIENCE)
        _say("2/5  ingest, notify and the portal are ready")
        again = await was_there_before(redis, pardon())
        result = await hand_in(redis, pardon(), _PATIENCE)
        await _tell_what_was_read(redis, result, again)
        await _until_arrived(stage)
        exercise.is_ready = True
    except TimeoutError:
        _say("      waited in vain")
    finally:
        await redis.aclose()
    _show(stage)
    missing = [channel for channel, there in stage.arrived().items() if not there]
    return missing if missing or not once else await _join(stage, exercise)


async def _join(stage: DemoStage, exercise: Exercise) -> list[str]:
    """Walks a reader's way; what did not come of it."""
    print("\nA reader joins:")
    try:
        async for step in walk(exercise.join_url, stage.page_url, stage.inbox):
            print(f"  {step}")
    except WentWrong as wrong:
        print(f"  in vain: {wrong}")
        return [f"a reader who joins: {wrong}"]
    return []


async def _tell_what_was_read(redis: Redis, result: ReadResult, again: bool) -> None:
    _say(f"3/5  the sample article was read: {result.outcome}, story {result.story}")
    if again and result.story is not None:
        await send_again(redis, result.story)
        _say("4/5  this Redis had it before, so its event is replayed to the demo's subscribers")
    else:
        _say(f"4/5  published on the stream vestka:events: {result.event}")


async def _until_arrived(stage: DemoStage) -> None:
    async with asyncio.timeout(_PATIENCE):
        for receiver in (stage.inbox, stage.chat, stage.webhooks):
            await receiver.wait_for(1)
    _say("5/5  all three alerts arrived")


def _show(stage: DemoStage) -> None:
    for letter in stage.inbox.messages:
        _heading("email", f"{stage.page_url}/inbox/{letter.number}")
        print(f"Subject: {letter.subject}\n\n{letter.text.strip()}")
    for message in stage.chat.messages:
        _heading("telegram", f"{stage.page_url}/telegram")
        print(message.text.strip())
    for call in stage.webhooks.calls:
        _heading(
            f"webhook ({'signature verified' if call.verified else call.why})",
            f"{stage.page_url}/webhooks/{call.number}",
        )
        print(json.dumps(call.event, ensure_ascii=False, indent=2))
    print()
    for channel, there in stage.arrived().items():
        print(f"{channel:<9} {'arrived' if there else 'did not arrive'}")


def _heading(name: str, where: str) -> None:
    print(f"\n── {name} ── {where}")


def _redis_name(server: Server) -> str:
    return "the Redis of REDIS_URL" if server.embedded is None else "an embedded Redis"


@contextlib.asynccontextmanager
async def _services(environment: Mapping[str, str], log: int) -> AsyncIterator[None]:
    tasks = [
        asyncio.create_task(keep_running(service_program(name), environment, log))
        for name in ("ingest", "notify", "portal")
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _say(text: str) -> None:
    print(text, file=sys.stderr)
