"""What becomes of an item, were it the first to tell of its happening: it goes out by itself, waits, or nobody sees it.

The items walk the road of the service (reading, report, story, release rules), as from the source whose pages stand at
their address, and are read on the day they came out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

from benchmarks.felt import Fate
from services.contract import PartyClass
from services.ingest.article_reading import report_of
from services.ingest.articles import UnreadableItem, to_article
from services.ingest.news_time import MINSK
from services.ingest.release.rules import Rules, load_rules, rule
from services.ingest.reports import Report
from services.ingest.sources.base import Item
from services.ingest.stories import place

INFRA: Final = Path(__file__).parents[1] / "infra"
_FATES: Final = {"publish": Fate.OUT, "publish_unconfirmed": Fate.OUT, "hold": Fate.WAITS, "nothing": Fate.DROPPED}
_READ_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Origin:
    """The source an item is taken to come from."""

    id: str
    name: str
    party_class: PartyClass
    speaks_for: str | None = None
    outlet: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Origins:
    """The sources of a file, by host (without `www.`) and language."""

    by_host: Mapping[tuple[str, str | None], Origin]

    def of(self, url: str | None, language: str) -> Origin:
        """Whose page that is; of an address that we do not watch: an outlet of its own."""
        host = _host(url or "")
        known = self.by_host.get((host, language)) or self.by_host.get((host, None))
        return known or Origin(id="unwatched", name=host or "unwatched", party_class=PartyClass.MEDIA)

    def first(self, party_class: PartyClass) -> Origin:
        """Raises StopIteration where the file has no source of that class."""
        return next(origin for origin in self.by_host.values() if origin.party_class is party_class)


def read_origins(entries: Iterable[Mapping[str, Any]]) -> Origins:
    """From the `sources` of a sources file."""
    found: dict[tuple[str, str | None], Origin] = {}
    for entry in entries:
        origin = _origin(entry)
        for host in _hosts(entry):
            found.setdefault((host, entry.get("language")), origin)
            found.setdefault((host, None), origin)
    return Origins(found)


def _origin(entry: Mapping[str, Any]) -> Origin:
    party_class = PartyClass(entry["class"])
    voice = entry.get("speaks_for") or entry["id"]
    speaks = None if party_class is PartyClass.MEDIA else voice
    return Origin(entry["id"], entry["name"], party_class, speaks, entry.get("outlet") or voice, entry.get("owner"))


def _hosts(entry: Mapping[str, Any]) -> Iterator[str]:
    yield from filter(None, (_host(entry.get("url", "")), *map(_host_name, entry.get("hosts", ()))))


def _host(url: str) -> str:
    return _host_name(urlsplit(url).hostname or "")


def _host_name(host: str) -> str:
    return host.lower().rstrip(".").removeprefix("www.")


@cache
def watched() -> Origins:
    return read_origins(yaml.safe_load((INFRA / "sources.yaml").read_text())["sources"])


@cache
def _rules() -> Rules:
    return load_rules((INFRA / "release_rules.yaml").read_text())


def fate_of(item: Mapping[str, Any], found: Mapping[str, Any], origin: Origin | None = None) -> Fate:
    """`found`: what `vestka extract` answers of it; a near miss waits. `origin`: None for the source at its address."""
    got = _ruled(item, origin or watched().of(item.get("url"), item["language"]))
    return Fate.WAITS if got is Fate.DROPPED and found.get("near_miss") else got


def _ruled(item: Mapping[str, Any], origin: Origin) -> Fate:
    try:
        article = to_article(_item(item, origin))
    except UnreadableItem:
        return Fate.DROPPED
    report = report_of(article)
    if report is None:
        return Fate.DROPPED
    if not isinstance(report, Report):
        return Fate.WAITS  # what is neither news nor nothing is an operator's
    return _FATES[rule(place(report, (), report.received), report, _rules()).action]


def _item(item: Mapping[str, Any], origin: Origin) -> Item:
    published = datetime.fromisoformat(item["published"]) if item.get("published") else None
    published = published.replace(tzinfo=MINSK) if published and published.tzinfo is None else published
    return Item(
        source_id=origin.id,
        source_name=origin.name,
        source_class=origin.party_class,
        body=item["text"],
        url=item.get("url"),
        published=published,
        language=item["language"],
        received=published + _READ_AFTER if published else datetime.now(UTC),
        speaks_for=origin.speaks_for,
        outlet=origin.outlet,
        owner=origin.owner,
    )
