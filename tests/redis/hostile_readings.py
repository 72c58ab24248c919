"""A reading that can be held up, for the worker to call: the real one, but for four words of ours in a text.

python -m tests.redis.hostile_readings redis://… sources.yaml port     a whole ingest that reads like that
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

from services.ingest import article_reading
from services.ingest.app import build_ingest
from services.ingest.articles import Article
from services.ingest.extraction.near_miss import NearMiss
from services.ingest.reports import Report
from services.ingest.settings import IngestSettings
from services.runtime.process import run_service

HOSTILE = "tests.redis.hostile_readings:reading_of"
HOLDS_UP, ENDS_THE_WORKER, EATS_MEMORY, RAISES = "zznever", "zzcrash", "zzmemory", "zzraises"


def reading_of(article: Article) -> tuple[Report, ...] | NearMiss:
    if HOLDS_UP in article.text:
        re.match(r"(?:a|a)*b", "a" * 80)  # doubles with every letter, and keeps the interpreter's lock meanwhile
    if ENDS_THE_WORKER in article.text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if EATS_MEMORY in article.text:
        bytearray(64 * 1024**3)
    if RAISES in article.text:
        raise ValueError(article.text)
    return article_reading.reading_of(article)


async def _run(redis_url: str, sources: Path, port: int) -> None:
    settings = IngestSettings(ingest_port=port, sources_file=sources, reading_deadline=3600)
    await run_service(await build_ingest(settings, redis_url, report_of=HOSTILE))


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
