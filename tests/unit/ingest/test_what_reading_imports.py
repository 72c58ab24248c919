"""The process that reads is begun anew whenever an article ends it, so it starts with no more than reading needs."""

from __future__ import annotations

import subprocess
import sys

from services.ingest.reading.worker import REPORT_OF

_HEAVY = ("asyncio", "feedparser", "httpx", "jinja2", "pydantic", "redis", "starlette", "structlog")


def test_the_process_that_reads_imports_nothing_that_talks() -> None:
    reads = REPORT_OF.partition(":")[0]
    script = f"import sys, services.ingest.reading.child, {reads}; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    imported = set(ended.stdout.split())
    assert reads in imported
    assert not imported & set(_HEAVY)
