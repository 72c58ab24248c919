"""What an operator sees of a near miss, as plain JSON values: strangers' words only as text."""

from __future__ import annotations

from typing import Any

import msgspec

from services.ingest.desk.as_text import as_line, as_texts
from services.ingest.extraction.near_miss import MEANINGS
from services.ingest.near_misses.kept_near_miss import KeptNearMiss
from services.runtime.clock import rfc3339


def near_miss_row(one: KeptNearMiss, now: float) -> dict[str, Any]:
    """One line of a list."""
    return {
        "id": one.id,
        "state": one.state,
        "since": rfc3339(one.since),
        "waiting_seconds": max(0, int(now - one.since)) if one.answer is None else None,
        "source": as_line(one.article.source_id),
        "language": one.seen.language,
        "seen": list(one.seen.acts),
        "vetoed_by": list(one.seen.vetoes),
        "sentence": as_line(one.seen.sentence),
    }


def near_miss_whole(one: KeptNearMiss, now: float) -> dict[str, Any]:
    """With the article, what each veto means, and the answer once there is one."""
    article = one.article
    shown = {
        **near_miss_row(one, now),
        "means": {slug: MEANINGS[slug] for slug in one.seen.vetoes if slug in MEANINGS},
        "span": list(one.seen.span),
        "in_title": one.seen.in_title,
        "source_name": article.source_name,
        "also_from": list(one.also_from),
        "url": article.url,
        "published": rfc3339(article.published.timestamp()) if article.published else None,
        "evidence": article.evidence,
        "title": article.title,
        "text": article.text,
        "answer": msgspec.to_builtins(one.answer) if one.answer else None,
    }
    found: dict[str, Any] = as_texts(shown)
    return found
