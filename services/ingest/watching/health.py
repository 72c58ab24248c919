"""What is remembered of a source, and how it is doing: an answer with status 200 is not health yet.

A source is judged by the items that could be read and by the age of the newest one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

import msgspec

from services.ingest.sources.base import Cursor, FetchResult, SourceTrouble, WatchedSource
from services.ingest.sources.cursors import PageMark, PagesCursor, pages_of

QUIET_AFTER: Final = timedelta(days=3)
"""A source that watches Belarus and has nothing new for this long has probably moved or broken."""
_WHOLE_EVERY: Final = timedelta(days=1)


class SourceState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What must outlive a restart. All times are aware."""

    etag: str | None = None
    last_modified: str | None = None
    pages: dict[str, PageMark] = {}
    kept: bytes = b""
    """See `sources.base.Cursor`."""
    seen: dict[str, str] = {}
    """What was offered: a digest of the address → the article's `seen_key`, the one met longest ago first."""
    items: int = 0
    """How many entries the last readable answer held."""
    newest_item: datetime | None = None
    last_success: datetime | None = None
    failures: int = 0
    """Askings in a row that ended in trouble."""
    failing_since: datetime | None = None
    trouble: str | None = None
    trouble_text: str | None = None
    unconditional: datetime | None = None
    """When the source was last asked without conditions."""
    alone_until: datetime | None = None
    """Until then a failing source is not asked, unless somebody requests it."""

    @property
    def cursor(self) -> Cursor:
        return PagesCursor(self.etag, self.last_modified, self.pages, kept=self.kept)

    def asked_whole_once_a_day(self, now: datetime) -> SourceState:
        """Once a day without validators: a site whose clock or tags are wrong would answer "not modified" for ever."""
        if self.unconditional and timedelta() <= now - self.unconditional < _WHOLE_EVERY:
            return self
        pages = {url: replace(mark, etag=None, last_modified=None) for url, mark in self.pages.items()}
        return msgspec.structs.replace(self, etag=None, last_modified=None, pages=pages, unconditional=now)

    def after_trouble(self, trouble: SourceTrouble, now: datetime) -> SourceState:
        return msgspec.structs.replace(
            self,
            failures=self.failures + 1,
            failing_since=self.failing_since or now,
            trouble=trouble.what,
            trouble_text=str(trouble),
        )

    def with_flaw(self, flaw: SourceTrouble, before: SourceState, now: datetime) -> SourceState:
        """After an answer of which some items could be read: what was read counts, and so does the trouble."""
        counted = msgspec.structs.replace(self, failures=before.failures, failing_since=before.failing_since)
        return counted.after_trouble(flaw, now)

    def left_alone_until(self, moment: datetime) -> SourceState:
        return msgspec.structs.replace(self, alone_until=moment)

    def after_success(
        self, fetched: FetchResult, now: datetime, seen: dict[str, str], newest_item: datetime | None
    ) -> SourceState:
        return msgspec.structs.replace(
            self,
            etag=fetched.cursor.etag,
            last_modified=fetched.cursor.last_modified,
            pages=pages_of(fetched.cursor),
            kept=fetched.cursor.kept,
            seen=seen,
            items=(len(fetched.items) if fetched.read is None else fetched.read) or self.items,
            newest_item=newest_item,
            last_success=now,
            failures=0,
            failing_since=None,
            trouble=None,
            trouble_text=None,
            alone_until=None,
        )


class SourceMemory(Protocol):
    """Where states are kept. Pausing is a flag of its own, so that an operator and the scheduler never overwrite
    each other."""

    async def load(self, source_id: str) -> SourceState:
        """An empty state for a source never asked."""
        ...

    async def save(self, source_id: str, state: SourceState) -> None: ...

    async def is_paused(self, source_id: str) -> bool: ...

    async def hold(self, source_id: str) -> bool:
        """True where this process is the one that asks the source, for a minute from now on: with several processes
        one asks, and another takes over when it is gone."""
        ...

    async def let_go(self, source_ids: Iterable[str]) -> None: ...

    async def take_look_request(self, source_id: str) -> bool:
        """True once after somebody requested a look before its time."""
        ...


class SourceCondition(StrEnum):
    UNASKED = "unasked"
    OK = "ok"
    SILENT = "silent"  # it answers, and its newest item is old
    FAILING = "failing"
    PAUSED = "paused"  # by an operator


@dataclass(frozen=True, slots=True)
class SourceHealth:
    condition: SourceCondition
    since: datetime | None = None
    reason: str | None = None
    needs_a_person: bool = False
    """It does not pass by itself: the site changed, refuses us, is in trouble for several askings, or is silent."""


_PASSES: Final = frozenset(
    ("timeout", "unreachable", "server_error", "rate_limited", "bad_answer", "tls", "cut_off", "robots_unreadable")
)
"""Troubles that most often end by themselves."""
_PATIENCE: Final = 3
"""Askings in a row after which they did not."""


def judge(state: SourceState, now: datetime, quiet_after: timedelta = QUIET_AFTER) -> SourceHealth:
    if state.failures:
        lasting = state.trouble not in _PASSES or state.failures >= _PATIENCE
        reason = f"{state.trouble}: {state.trouble_text}"
        return SourceHealth(SourceCondition.FAILING, state.failing_since, reason, lasting)
    if state.last_success is None:
        return SourceHealth(SourceCondition.UNASKED)
    if state.newest_item is not None and now - state.newest_item > quiet_after:
        silence = "nothing new for long; look whether the site moved its news"
        return SourceHealth(SourceCondition.SILENT, state.newest_item, silence, needs_a_person=True)
    return SourceHealth(SourceCondition.OK, state.last_success)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What one asking brought, for `vestka source check`. `trouble`: what and what to do; None when all is well."""

    source_id: str
    items: int = 0
    newest: datetime | None = None
    trouble: SourceTrouble | None = None


async def check(source: WatchedSource) -> CheckReport:
    """Asks once, as if for the first time; nothing is remembered and nothing is passed on."""
    try:
        fetched = await source.ask(Cursor())
    except SourceTrouble as trouble:
        return CheckReport(source.id, trouble=trouble)
    dates = [item.published for item in fetched.items if item.published]
    read = len(fetched.items) if fetched.read is None else fetched.read
    return CheckReport(source.id, items=read, newest=max(dates, default=None))
