"""`vestka demo --once`, as a newcomer runs it."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from services.runtime.embedded_redis import EmbeddedRedis


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


async def test_the_demo_ends_with_zero_when_all_three_arrived_and_shows_each_message() -> None:
    code, shown, err = await demo_once()
    assert code == 0, err
    for sign in ("20 people pardoned", "20 человек", "signature verified", "/inbox/1", "/telegram", "/webhooks/1"):
        assert sign in shown


async def test_a_second_demo_on_the_same_redis_replays_what_the_first_published(tmp_path: Path) -> None:
    embedded = EmbeddedRedis(tmp_path / "redis")
    await asyncio.to_thread(embedded.start)
    try:
        for _ in range(2):
            code, _, err = await demo_once(REDIS_URL=embedded.url)
            assert code == 0, err
        assert "replayed" in err
    finally:
        await asyncio.to_thread(embedded.stop)
