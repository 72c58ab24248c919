"""What we watch: one file for each kind of source, and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from services.ingest.sources.asking import Fetch
from services.ingest.sources.base import WatchedSource
from services.ingest.sources.configuration import (
    SourceKind,
    SourcesError,
    read_mirrors,
    read_names,
    read_outlets,
    read_sources,
)
from services.ingest.sources.feed import FeedSource
from services.ingest.sources.host_throttle import HostThrottle
from services.ingest.sources.page import PageSource
from services.ingest.sources.prisoner_list import PrisonerListSource
from services.ingest.sources.robots import PoliteFetch
from services.ingest.sources.telegram_preview import TelegramPreviewSource

__all__ = [
    "KINDS",
    "Fetch",
    "HostThrottle",
    "PoliteFetch",
    "SourcesError",
    "WatchedSource",
    "kind_of",
    "load_mirrors",
    "load_names",
    "load_outlets",
    "load_sources",
]

KINDS: Final[Mapping[str, SourceKind]] = {
    "feed": FeedSource,
    "page": PageSource,
    "prisoner_list": PrisonerListSource,
    "telegram_preview": TelegramPreviewSource,
}


def kind_of(source: WatchedSource) -> str:
    """As its entry in the file calls it."""
    names: Mapping[object, str] = {kind: name for name, kind in KINDS.items()}
    return names[type(source)]


def load_sources(path: Path, fetch: Fetch, *, include_disabled: bool = False) -> tuple[WatchedSource, ...]:
    """The sources of a file such as `infra/sources.yaml`, in its order. Raises SourcesError."""
    return read_sources(path, fetch, KINDS, include_disabled=include_disabled)


def load_outlets(path: Path) -> Mapping[str, str]:
    """Which outlet a host is of, from the same file. Raises SourcesError."""
    return read_outlets(path)


def load_mirrors(path: Path) -> Mapping[str, str]:
    """Which hosts stand for which, from the same file; `articles.to_article` wants it. Raises SourcesError."""
    return read_mirrors(path)


def load_names(path: Path) -> Mapping[str, str]:
    """What the sources and their outlets are called, each name with the id of its source. Raises SourcesError."""
    return read_names(path)
