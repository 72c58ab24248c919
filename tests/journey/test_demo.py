"""`vestka demo --once` on a Redis that is there already; as a newcomer runs it, it stands in `test_wheel.py`."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from services.runtime.embedded_redis import EmbeddedRedis

COLD = {"VESTKA_READING_WARM": "false", "VESTKA_READING_DEADLINE": "60"}
"""The one article that is read compiles what it needs. Warm, as it comes, the demo stands in `test_readme.py`."""
READER_STEPS = ("what to know before", "a letter was asked for", "joined", "marked as an exercise", "no more alerts")


async def demo_once(**environment: str) -> tuple[int | None, str, str]:
    """Its exit code, stdout and stderr."""
    inherited = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli", "demo", "--once"),
        env={**inherited, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_a_reader_joins_in_it_and_a_second_one_on_the_same_redis_replays_what_the_first_published(
    tmp_path: Path,
) -> None:
    embedded = EmbeddedRedis(tmp_path / "redis")
    await asyncio.to_thread(embedded.start)
    try:
        for _ in range(2):
            code, out, err = await demo_once(REDIS_URL=embedded.url, **COLD)
            assert code == 0, err
            assert all(step in out.partition("A reader joins")[2] for step in READER_STEPS)
        assert "replayed" in err
    finally:
        await asyncio.to_thread(embedded.stop)
