"""Placing a report compares it with all that is open, beside the event loop: the service answers meanwhile."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import httpx
from redis.asyncio import Redis

from services.demo.stage import free_port
from services.ingest.app import build_ingest
from services.ingest.intake import Intake
from services.ingest.settings import IngestSettings
from services.ingest.store import Results
from services.ingest.stories import Placement, place
from tests.redis.hostile_readings import HOSTILE
from tests.redis.ingest_desk import PARDON
from tests.redis.running import running
from tests.redis.waiting import eventually

_AT_MOST = 60.0
"""Seconds after which a placing that holds up everything lets go, so that the test ends and says so."""


class Slow:
    """Places as ever, but keeps the CPU busy before, until it is let go: as thousands of open stories would."""

    def __init__(self) -> None:
        self.works = threading.Event()
        self.let_go = threading.Event()
        self.was_let_go = False

    def __call__(self, report: Any, stories: Any, now: Any, window_days: Any, go_on: Any) -> Placement:
        self.works.set()
        until = time.monotonic() + _AT_MOST
        while not self.let_go.is_set() and time.monotonic() < until:
            go_on()
        self.was_let_go = self.let_go.is_set()
        return place(report, stories, now, window_days, go_on)


async def test_the_service_answers_while_a_placing_works(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    sources, port, slow = tmp_path / "sources.yaml", free_port(0), Slow()
    sources.write_text("sources: []")
    settings = IngestSettings(ingest_port=port, sources_file=sources, reading_warm=False, reading_deadline=60)
    service = await build_ingest(settings, redis_url, report_of=HOSTILE, place_report=slow)
    async with running(service), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        accepted = await Intake(redis).accept(PARDON)

        async def is_read() -> bool:
            result = await Results(redis).get(accepted.id)
            return result is not None and result.state == "read"

        async def works() -> bool:
            return slow.works.is_set()

        await eventually(works, within=60)
        for path in ("/healthz", "/readyz", "/metrics", "/v1/stories"):
            assert (await client.get(path)).status_code == 200
        assert not await is_read(), "it still works"
        slow.let_go.set()
        await eventually(is_read, within=60)
    result = await Results(redis).get(accepted.id)
    assert result is not None
    assert (result.outcome, slow.was_let_go) == ("new", True)
