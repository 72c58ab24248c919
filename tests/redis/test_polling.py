"""Sources watched without a person: a site that works, breaks, takes a page away and is mended."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from services.contract import ITEMS_STREAM
from services.egress import Egress, EgressPolicy
from services.ingest.intake import Intake
from services.ingest.settings import IngestSettings
from services.ingest.sources.base import Item, WatchedSource
from services.ingest.sources.kinds import load_sources
from services.ingest.watching.build import build_scheduler
from services.ingest.watching.poll_memory import SourceStates
from services.ingest.watching.removals import Removals
from services.ingest.watching.scheduler import Scheduler
from services.operations.alarms import Alarms
from services.runtime.clock import rfc3339, unix_of
from services.runtime.metrics import Metrics
from services.runtime.streams import entries_between
from tests.conformance.site import Reply, Site, running_site

NOW = unix_of("2024-12-28T13:00:00Z")
BODY = "<p>Alexander Lukashenko pardoned {} people on 28 December 2024, his press service said on the same day.</p>"


class Polling:
    """One page source on a small site of its own."""

    def __init__(self, redis: Redis, site: Site, egress: Egress, folder: Path) -> None:
        path = folder / "sources.yaml"
        about = f"id: sample, kind: page, name: Sample, class: official, url: '{site.root}/news', enabled: true"
        path.write_text(f"sources:\n  - {{{about}, links: {{pattern: '/news/[0-9]$', recheck: 5}}}}\n")
        self.site = site
        self.redis = redis
        self.alarms = Alarms(redis, Metrics(), lambda: NOW)
        settings = IngestSettings(sources_file=path)
        self.scheduler: Scheduler = build_scheduler(
            settings, redis, egress, {}, Metrics(), self.alarms, lambda: NOW, "one"
        )
        self.source: WatchedSource = load_sources(path, egress)[0]

    def shows(self, **articles: str) -> None:
        """Articles by name; the listing links to all of them."""
        self.site.replies = {f"/news/{name[1:]}": html(f"<article>{body}</article>") for name, body in articles.items()}
        self.site.replies["/news"] = html("".join(f"<a href='{path}'>x</a>" for path in self.site.replies))

    async def poll(self) -> list[str]:
        """The bodies that were accepted by then."""
        with capture_logs():
            await self.scheduler.poll(self.source)
        return [item.body for item in await self.items()]

    async def items(self) -> list[Item]:
        entries = await entries_between(self.redis, ITEMS_STREAM, "-", "+", 100)
        return [msgspec.json.decode(entry.fields["item"], type=Item) for entry in entries]


def html(body: str) -> Reply:
    return Reply(f"<html><body>{body}</body></html>".encode(), headers={"content-type": "text/html; charset=utf-8"})


@pytest.fixture
async def polling(redis: Redis, tmp_path: Path) -> AsyncIterator[Polling]:
    egress = Egress(EgressPolicy(allow_http=True, allowed_networks=("127.0.0.0/8",)))
    async with running_site() as site:
        yield Polling(redis, site, egress, tmp_path)
    await egress.close()


async def test_an_edit_is_looked_at_again(polling: Polling) -> None:
    polling.shows(n1=BODY.format(20))
    assert len(await polling.poll()) == 1
    assert len(await polling.poll()) == 1
    polling.shows(n1=BODY.format(22))
    assert ["20 people" in body for body in await polling.poll()] == [True, False]


async def test_whoever_copied_a_page_before_we_asked_does_not_hide_it(polling: Polling) -> None:
    """The same text under the same address and title, from a partner and from another source of ours."""
    polling.shows(n1=BODY.format(20))
    (body,) = await polling.poll()
    (own,) = await polling.items()
    await polling.redis.flushall()
    for carrier in ("partner:newsroom", "copyist"):
        copied = replace(own, source_id=carrier, source_name=carrier, outlet=carrier, speaks_for=None, evidence=None)
        assert not (await Intake(polling.redis).accept(copied)).duplicate
    assert await polling.poll() == [body] * 3
    item = (await polling.items())[-1]
    assert (item.source_id, item.speaks_for, item.body) == (own.source_id, own.speaks_for, own.body)


async def test_a_site_that_shows_something_else_is_one_alarm_and_no_item_until_it_is_mended(polling: Polling) -> None:
    polling.shows(n1=BODY.format(20))
    await polling.poll()
    polling.site.replies = {"/news": html("Checking your browser before you go on.")}
    for _ in range(3):
        assert len(await polling.poll()) == 1
    (alarm,) = await polling.alarms.list()
    assert (alarm.kind, alarm.about) == ("source", "sample")
    assert "://" not in alarm.says
    polling.shows(n1=BODY.format(20))
    await polling.poll()
    assert await polling.alarms.list() == ()


async def test_a_page_taken_away_is_recorded_and_no_item(polling: Polling) -> None:
    polling.shows(n1=BODY.format(20), n2=BODY.format(7))
    assert len(await polling.poll()) == 2
    polling.shows(n2=BODY.format(7))
    for _ in range(2):
        assert len(await polling.poll()) == 2
    url = f"{polling.site.root}/news/1"
    assert await Removals(polling.redis).dates([url]) == {url: rfc3339(NOW)}


async def test_what_a_source_is_left_alone_for_is_kept(polling: Polling) -> None:
    polling.site.replies["/news"] = Reply(b"", 503, {"retry-after": "900"})
    await polling.poll()
    state: Any = await SourceStates(polling.redis).load("sample")
    assert state.alone_until.timestamp() >= NOW + 900
