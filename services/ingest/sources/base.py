"""The promise every kind of source keeps: ask it, and it gives items or says what is wrong.

A source kind is one file and a line of configuration. It neither stores nor schedules: `watching` does both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from services.contract import PartyClass
from services.ingest.news_time import known_date


@dataclass(frozen=True, slots=True)
class Original:
    """The answer that an item was read from, as it came: what an event can be shown to rest on.

    Several items of one feed share one original. `headers`: names in lower case, none that tells of us (no cookies).
    """

    body: bytes = field(repr=False)
    headers: tuple[tuple[str, str], ...]
    url: str
    fetched: datetime
    """Aware."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list of prisoners newly says of one person, as data. `recognised`: as a political prisoner."""

    change: Literal["detained", "released", "died"]
    name: str
    recognised: bool
    since: date | None = None
    """The day of the detention."""
    articles: tuple[str, ...] = ()
    """Of the Criminal Code, like "361-4"."""


@dataclass(frozen=True, slots=True)
class Item:
    """What a source gave, as it gave it: not yet cleaned, and of no known language.

    A date that no news can have (year 1, 9999) counts as not given, whichever door it came through.
    """

    source_id: str
    source_name: str
    source_class: PartyClass
    body: str
    media_type: str = "text/plain"
    """text/plain or text/html."""
    title: str | None = None
    url: str | None = None
    published: datetime | None = None
    """Aware; None where the source does not say. Naive times of Belarusian sources are Europe/Minsk."""
    language: str | None = None
    received: datetime | None = None
    """Aware; when it came in, or the day an operator asks us to pretend it is."""
    as_of: date | None = None
    """The day the text is to be read on ("on Saturday", "yesterday"), where a person says so; never our own clock's."""
    solicited: bool = False
    """A person handed it in, so its age is that person's judgement and not ours."""
    original: Original | None = None
    """None where nothing was fetched: a text handed in is its own original."""
    evidence: str | None = None
    """SHA-256 of the original, once that is kept."""
    speaks_for: str | None = None
    """The party (its slug in the gazetteer) whose own source this is, by our configuration and nothing else. None for
    whatever somebody handed in: what a text says of itself proves nothing."""
    outlet: str | None = None
    """Who carried it: a slug of our configuration, the same for a site and its Telegram channel. None: `source_id`."""
    owner: str | None = None
    """Whose outlet it is; two outlets of one owner are not independent. None: its own."""
    claims_to_be: str | None = None
    """The name of a source that came in with the text, as whoever handed it in wrote it."""
    listed: Listed | None = None
    """The change of a list, where the body only puts it into words."""
    doubts: tuple[str, ...] = ()
    """Why it may not be what a reader of the source sees: slugs, see `sources.main_article` and `articles.article`."""

    watched: bool = False
    """Its source is watched for this news alone, so that what it gives in a language nobody reads waits at the desk."""
    at_home: bool = False
    """Its source writes of Belarus alone: a text that names no country is about this one."""

    def __post_init__(self) -> None:
        for name in ("published", "received", "as_of"):
            object.__setattr__(self, name, known_date(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Cursor:
    """What a source remembers between two askings: validators of conditional requests (RFC 9110, section 13), and
    whatever else its kind wants to find again (`kept`, written as the kind likes)."""

    etag: str | None = None
    last_modified: str | None = None
    kept: bytes = field(default=b"", kw_only=True, repr=False)


class SourceTrouble(Exception):
    """The source answered with something it should not. `what` is a slug for the metric; the text tells an operator
    what was found, where, and what to do."""

    def __init__(self, what: str, text: str, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.what = what
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What one asking brought. `unchanged`: the source says nothing is new (304).

    `read`: how many entries could be read, where not each of them is an item. `wait`: seconds for which the site asks
    not to be asked again, by its feed or its headers. `flaw`: what is wrong, though items could be read.
    """

    items: tuple[Item, ...] = ()
    cursor: Cursor = field(default_factory=Cursor)
    unchanged: bool = False
    read: int | None = None
    wait: float | None = None
    flaw: SourceTrouble | None = None


class WatchedSource(Protocol):
    id: str
    name: str
    source_class: PartyClass
    every: float
    """Seconds between two askings, before jitter."""
    slowest: float
    """Seconds: how rarely the site's own hints may make us ask."""
    quiet_after: float
    """Seconds without a new item after which the source has probably moved or broken."""

    async def ask(self, cursor: Cursor) -> FetchResult:
        """Raises SourceTrouble; never returns an empty success for an answer it could not read."""
        ...
