"""`vestka demo --once`, as a newcomer runs it."""

from __future__ import annotations

import asyncio
import os
import sys


async def test_the_demo_ends_with_zero_when_all_three_arrived_and_shows_each_message() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli", "demo", "--once"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    shown = out.decode()
    for sign in ("20 people pardoned", "20 человек", "signature verified", "/inbox/1", "/telegram", "/webhooks/1"):
        assert sign in shown
