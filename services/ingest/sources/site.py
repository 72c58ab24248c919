"""What every kind of source on the web has in common: who it is, how it asks, how it signs its items."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from services.contract import PartyClass
from services.ingest.sources.asking import Fetch, Page, ask_site
from services.ingest.sources.base import Cursor, Item, Original
from services.ingest.sources.settings import SourceSettings


def utc_now() -> datetime:
    return datetime.now(UTC)


class Site:
    """The ground a kind of source stands on. `now` gives aware times."""

    def __init__(self, settings: SourceSettings, fetch: Fetch, now: Callable[[], datetime]) -> None:
        self.id = settings.id
        self.name = settings.name
        self.source_class: PartyClass = settings.source_class
        self.every = settings.every
        self.slowest = settings.slowest
        self.quiet_after = settings.quiet_after
        self._about = settings
        self._fetch = fetch
        self._now = now

    async def _get(self, url: str, cursor: Cursor, accept: str) -> Page:
        """Raises SourceTrouble."""
        return await ask_site(self._fetch, url, cursor, self._about.fetch_limits, accept=accept)

    def _item(
        self,
        original: Original,
        body: str,
        *,
        media_type: str,
        title: str | None = None,
        url: str | None = None,
        published: datetime | None = None,
        language: str | None = None,
    ) -> Item:
        """An item of ours that rests on `original`; the language that the settings name is the one."""
        return Item(
            source_id=self.id,
            source_name=self.name,
            source_class=self.source_class,
            body=body,
            media_type=media_type,
            title=title,
            url=url,
            published=published,
            language=self._about.language or language,
            original=original,
            speaks_for=self._about.speaks_for or self._about.id,
            outlet=self._about.outlet or self._about.speaks_for or self._about.id,
            owner=self._about.owner,
            watched=self._about.only_this_news,
            at_home=self._about.only_belarus,
        )
