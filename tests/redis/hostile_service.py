"""A whole ingest that reads as `hostile_readings` does, in a process of its own.

python -m tests.redis.hostile_service redis://… sources.yaml port
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from services.ingest.app import build_ingest
from services.ingest.settings import IngestSettings
from services.runtime.process import run_service
from tests.redis.hostile_readings import HOSTILE


async def _run(redis_url: str, sources: Path, port: int) -> None:
    settings = IngestSettings(ingest_port=port, sources_file=sources, reading_warm=False, reading_deadline=3600)
    await run_service(await build_ingest(settings, redis_url, report_of=HOSTILE))


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
