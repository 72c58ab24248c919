"""A reading that can be held up, for the worker to call: the real one, but for four words of ours in a text.

It imports no more than the real one, so that a worker starts with it as soon.
"""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

from services.ingest import article_reading
from services.ingest.articles import Article
from services.ingest.extraction.near_miss import NearMiss
from services.ingest.reports import Report

HOSTILE = "tests.redis.hostile_readings:reading_of"
HOLDS_UP, ENDS_THE_WORKER, EATS_MEMORY, RAISES = "zznever", "zzcrash", "zzmemory", "zzraises"


def reading_of(article: Article) -> tuple[Report, ...] | NearMiss:
    if HOLDS_UP in article.text:
        Path("/proc/self/comm").write_text(HOLDS_UP)  # so that whoever waits for it sees that it is deep in the text
        re.match(r"(?:a|a)*b", "a" * 80)  # doubles with every letter, and keeps the interpreter's lock meanwhile
    if ENDS_THE_WORKER in article.text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if EATS_MEMORY in article.text:
        bytearray(64 * 1024**3)
    if RAISES in article.text:
        raise ValueError(article.text)
    return article_reading.reading_of(article)
