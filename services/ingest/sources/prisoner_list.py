"""A list of prisoners as CSV: each difference from the last list is an item."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from pydantic import Field

from services.ingest.sources.asking import Fetch, Page, decode_page
from services.ingest.sources.base import Cursor, FetchResult, Item, Listed, Original
from services.ingest.sources.links import host_of, web_link
from services.ingest.sources.prisoner_changes import RowChange, changes, distrust, pack, unpack
from services.ingest.sources.prisoner_rows import PrisonerRow, read_rows
from services.ingest.sources.settings import SourceSettings
from services.ingest.sources.site import Site, utc_now

_ACCEPT: Final = "text/csv, text/plain;q=0.5"
_LISTS: Final = {True: "list of political prisoners", False: "list of people persecuted for political reasons"}


class PrisonerListSettings(SourceSettings):
    kind: Literal["prisoner_list"]
    most_gone: float = Field(default=10, gt=0, le=100)
    most_new: float = Field(default=20, gt=0, le=100)


class PrisonerListSource(Site):
    Settings = PrisonerListSettings

    def __init__(self, settings: PrisonerListSettings, fetch: Fetch, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(settings, fetch, now)
        self._shares = (settings.most_gone / 100, settings.most_new / 100)

    async def ask(self, cursor: Cursor) -> FetchResult:
        """The first list gives no item: it is what later ones are compared with. Raises SourceTrouble, and then the
        last good list stays the one to compare with."""
        page = await self._get(self._about.url, cursor, _ACCEPT)
        if page.unchanged:
            return FetchResult(cursor=cursor, unchanged=True, wait=page.wait)
        return await asyncio.to_thread(self._compare, page, cursor)

    def _compare(self, page: Page, cursor: Cursor) -> FetchResult:
        rows = read_rows(decode_page(page))
        before = unpack(cursor.kept)
        distrust(before, rows, *self._shares)
        original = page.original(self._now())
        items = tuple(self._change(original, change) for change in changes(before, rows))
        return FetchResult(items, replace(page.cursor, kept=pack(rows)), read=len(rows), wait=page.wait)

    def _change(self, original: Original, change: RowChange) -> Item:
        item = self._item(
            original,
            sentence(change.listed, self.name),
            media_type="text/plain",
            url=self._person_page(change.row) or original.url,
            published=original.fetched,
        )
        return replace(item, language="en", listed=change.listed)

    def _person_page(self, row: PrisonerRow) -> str | None:
        """Only on the list's own hosts: a cell is no place to send readers elsewhere from."""
        link = web_link(self._about.url, row.url or "")
        return link if row.url and link and host_of(link) in self._about.fetch_limits.hosts else None


def sentence(listed: Listed, keeper: str) -> str:
    """The change in words of ours, for those who look at the evidence; `listed` is what the claims are taken from."""
    of_list = f"{keeper}'s {_LISTS[listed.recognised]}"
    if listed.change == "released":
        return f"{of_list} no longer shows {listed.name} as held."
    if listed.change == "died":
        return f"{of_list} now says that {listed.name} has died."
    since = f"was detained on {listed.since.day} {listed.since:%B %Y}" if listed.since else "is held"
    under = f" under Article {', '.join(listed.articles)} of the Criminal Code" if listed.articles else ""
    return f"{of_list} now names {listed.name}, who {since}{under}."
