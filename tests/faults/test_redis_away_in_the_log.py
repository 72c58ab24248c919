"""Redis is away for ten seconds: each process says so once, without a traceback, and goes on."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx

from services.demo.sample_article import pardon
from services.demo.stage import until_ready
from services.runtime.embedded_redis import EmbeddedRedis
from services.runtime.supervisor import keep_running, service_program
from tests.road import PATIENCE, Road, eventually

_AWAY = 10
"""Seconds; every loop of ours, and every reader of FastStream's, meets it many times meanwhile."""


async def _ask(road: Road) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        for port in road.ports.values():
            for path in ("/readyz", "/metrics"):
                await client.get(f"http://127.0.0.1:{port}{path}")


def _new_lines(road: Road, since: int) -> list[dict[str, Any]]:
    return [json.loads(line) for line in road.log.read_text().splitlines()[since:]]


async def test_ten_seconds_without_redis_are_one_line_a_process(road: Road) -> None:
    await road.subscribe("email", "reader@demo.example")
    await road.start("ingest", "notify")
    before = len(road.log.read_text().splitlines())
    await asyncio.to_thread(road.embedded.stop)
    for _ in range(_AWAY):
        await _ask(road)
        await asyncio.sleep(1)
    road.embedded = EmbeddedRedis(road.embedded.folder)
    await asyncio.to_thread(road.embedded.start)
    try:
        await road.hand_in(pardon())
        await eventually(lambda: len(road.stage.inbox.messages) == 1, "the alert")
        lines = _new_lines(road, before)
        away = [line["service"] for line in lines if line["event"].startswith("redis_away")]
        assert sorted(away) == ["ingest", "notify"]
        assert [line["event"] for line in lines if "exception" in line or line["level"] == "error"] == []
    finally:
        await road.stop()
        road.processes.clear()
        await asyncio.to_thread(road.embedded.stop)


async def test_services_started_while_redis_is_away_say_so_once_and_begin_when_it_comes(
    road: Road, tmp_path: Path
) -> None:
    await asyncio.to_thread(road.embedded.stop)
    log, loop = tmp_path / "supervised.log", asyncio.get_running_loop()
    with log.open("ab") as written:
        keeping = loop.create_task(keep_running(service_program("notify"), road.environment, stderr=written.fileno()))
        try:
            await eventually(lambda: b"redis_away" in log.read_bytes(), "it says that Redis is away")
            await asyncio.sleep(_AWAY)
            assert len(log.read_text().splitlines()) == 1
            road.embedded = EmbeddedRedis(road.embedded.folder)
            await asyncio.to_thread(road.embedded.start)
            await until_ready({"notify": road.ports["notify"]}, PATIENCE)
        finally:
            keeping.cancel()
            await asyncio.wait([keeping])
            await asyncio.to_thread(road.embedded.stop)
    assert "Traceback" not in log.read_text()
