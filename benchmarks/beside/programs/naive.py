"""What one writes first: a FastStream subscriber that posts to every receiver by one shared httpx client.

python naive.py REDIS_URL STREAM RECEIVERS_FILE
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import httpx
from faststream import FastStream
from faststream.redis import RedisBroker, StreamSub


async def main(redis_url: str, stream: str, receivers: list[str]) -> None:
    broker = RedisBroker(redis_url)
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    async with httpx.AsyncClient(limits=limits, timeout=60) as client:

        @broker.subscriber(stream=StreamSub(stream, group="naive", consumer="one", max_records=50), max_workers=8)
        async def on_event(event: dict[str, str]) -> None:
            await asyncio.gather(*(client.post(url, json=event) for url in receivers))

        await FastStream(broker, logger=None).run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]).read_text().split()))
