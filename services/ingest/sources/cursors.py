"""What a source that reads single pages remembers of each of them between two askings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.ingest.sources.base import Cursor


@dataclass(frozen=True, slots=True)
class PageMark:
    """One page that was looked at: the validators of its last answer."""

    etag: str | None = None
    last_modified: str | None = None
    unread: bool = False
    """It shows no article (a gallery, a live broadcast)."""
    gone: bool = False
    """It answered 404 or 410: it vanished, or its link was dead from the start."""

    missed: bool = False
    """It answered so once: a second time, and it is gone."""

    @property
    def is_worth_another_look(self) -> bool:
        return not (self.unread or self.gone)


@dataclass(frozen=True, slots=True)
class PagesCursor(Cursor):
    """`pages`: marks by address, the one looked at longest ago first."""

    pages: Mapping[str, PageMark] = field(default_factory=dict)


def pages_of(cursor: Cursor) -> dict[str, PageMark]:
    return dict(cursor.pages) if isinstance(cursor, PagesCursor) else {}
