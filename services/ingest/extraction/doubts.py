"""Says when a reading is of low confidence, and why: what is doubtful goes to a person first."""

from __future__ import annotations

from typing import Final

from services.contract import Kind
from services.ingest.extraction.kind import News

TITLE_ALONE: Final = "title_alone"
"""Only the title states the act; titles exaggerate."""


def doubts_of(news: News) -> tuple[str, ...]:
    """The slugs of all that is doubtful, sorted. News of another kind is no reading to doubt."""
    if news.kind is Kind.OTHER:
        return ()
    return (TITLE_ALONE,) if news.by_title else ()
