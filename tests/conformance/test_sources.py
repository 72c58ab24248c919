"""Every kind of source sits the same exam, over real HTTP, against pages written in the manner of recorded ones.

A source gives items or says what is wrong; it never takes a page of another kind for an empty success.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.egress import Egress, EgressPolicy
from services.ingest.articles import to_article
from services.ingest.sources.base import Cursor, FetchResult, SourceTrouble, WatchedSource
from services.ingest.sources.kinds import KINDS
from services.ingest.sources.prisoner_changes import pack
from services.ingest.sources.prisoner_rows import read_rows
from tests.conformance.site import FIXTURES, Reply, Site, running_site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with running_site() as one:
        yield one


@pytest.fixture
async def egress() -> AsyncIterator[Egress]:
    one = Egress(EgressPolicy(allow_http=True, allowed_networks=("127.0.0.0/8",)))
    yield one
    await one.close()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source as it would stand in the configuration, and a site on which it finds three items. `before`: what it
    remembers when it comes there."""

    kind: str
    path: str
    settings: dict[str, Any]
    furnish: Callable[[Site], None]
    before: Cursor = field(default_factory=Cursor)

    def on(self, site: Site, egress: Egress, **more: Any) -> WatchedSource:
        kind = KINDS[self.kind]
        about = {"id": "sample", "kind": self.kind, "name": "Sample", "class": "media", "url": site.root + self.path}
        return kind(kind.Settings.model_validate({**about, **self.settings, **more}), egress)


def feed(fixture: str) -> Candidate:
    return Candidate("feed", "/feed", {}, lambda site: site.shows("/feed", fixture))


def furnish_listing(site: Site) -> None:
    site.shows("/ru/events", "listing.html")
    site.shows("/ru/events/pomilovanie-1735398000", "article_json_ld.html")
    site.shows("/ru/events/soveshchanie", "article_words.html")
    site.shows("/ru/events/obrashchenie", "article_time.html")


TELEGRAM = Candidate(
    "telegram_preview", "/s/sample", {"channel": "sample"}, lambda site: site.shows("/s/sample", "telegram.html")
)
LISTING = Candidate("page", "/ru/events", {"links": {"pattern": r"/ru/events/[^/?#]+$"}}, furnish_listing)
PRISONERS = Candidate(
    "prisoner_list",
    "/en/list.csv",
    {},
    lambda site: site.shows("/en/list.csv", "prisoners.csv"),
    Cursor(kept=pack(read_rows((FIXTURES / "prisoners_before.csv").read_text("utf-8")))),
)
CANDIDATES = {
    "rss20": feed("rss20.xml"),
    "atom": feed("atom.xml"),
    "rss10": feed("rss10.xml"),
    "rss091": feed("rss091.xml"),
    "listing": LISTING,
    "telegram": TELEGRAM,
    "prisoners": PRISONERS,
}


@pytest.fixture(params=sorted(CANDIDATES))
def candidate(request: pytest.FixtureRequest) -> Candidate:
    return CANDIDATES[request.param]


@contextmanager
def trouble(what: str) -> Iterator[None]:
    with pytest.raises(SourceTrouble) as caught:
        yield
    assert caught.value.what == what
    assert "://" not in str(caught.value), "the text names the host at most, never an address"


def tagged(site: Site) -> None:
    for path, reply in site.replies.items():
        site.replies[path] = replace(reply, headers={**reply.headers, "etag": f'"{abs(hash(path))}"'})


async def test_every_kind_gives_three_items_that_make_articles(
    candidate: Candidate, site: Site, egress: Egress
) -> None:
    candidate.furnish(site)
    result = await candidate.on(site, egress).ask(candidate.before)
    assert len(result.items) == 3
    for item in result.items:
        article = to_article(replace(item, received=datetime(2024, 12, 29, tzinfo=UTC)))
        assert article.title
        assert "track()" not in article.text
        assert article.url
        assert article.url.startswith((site.root, "https://t.me/sample/"))
        assert item.published is None or item.published.tzinfo is not None


async def test_every_item_bears_the_bytes_it_was_read_from(candidate: Candidate, site: Site, egress: Egress) -> None:
    candidate.furnish(site)
    for path, reply in site.replies.items():
        site.replies[path] = replace(reply, headers={**reply.headers, "set-cookie": "who=us"})
    for item in (await candidate.on(site, egress).ask(candidate.before)).items:
        original = item.original
        assert original is not None
        assert original.body == site.replies[original.url.removeprefix(site.root)].body
        assert original.fetched.tzinfo is not None
        assert [name for name, _ in original.headers] == ["content-type"], "a cookie proves nothing and tells of us"


async def test_nothing_new_is_said_so(candidate: Candidate, site: Site, egress: Egress) -> None:
    candidate.furnish(site)
    tagged(site)
    source = candidate.on(site, egress)
    first = await source.ask(candidate.before)
    second = await source.ask(first.cursor)
    assert second == FetchResult(cursor=second.cursor, unchanged=True)


@pytest.mark.parametrize(
    ("status", "what"),
    [
        (401, "refused"),
        (403, "refused"),
        (404, "gone"),
        (410, "gone"),
        (418, "status"),
        (429, "rate_limited"),
        (503, "server_error"),
    ],
)
async def test_a_bad_status_is_trouble_by_name(
    status: int, what: str, candidate: Candidate, site: Site, egress: Egress
) -> None:
    site.replies[candidate.path] = Reply(b"<html>no</html>", status)
    with trouble(what):
        await candidate.on(site, egress).ask(Cursor())


async def test_a_site_that_asks_for_patience_is_heard(candidate: Candidate, site: Site, egress: Egress) -> None:
    site.replies[candidate.path] = Reply(b"", 429, {"retry-after": "120"})
    with pytest.raises(SourceTrouble) as caught:
        await candidate.on(site, egress).ask(Cursor())
    assert caught.value.retry_after == 120


@pytest.mark.parametrize("body", [b"", b"hello world"])
async def test_a_good_status_with_next_to_nothing_is_trouble(
    body: bytes, candidate: Candidate, site: Site, egress: Egress
) -> None:
    site.replies[candidate.path] = Reply(body)
    with pytest.raises(SourceTrouble):
        await candidate.on(site, egress).ask(Cursor())


async def test_a_challenge_to_browsers_is_no_news(candidate: Candidate, site: Site, egress: Egress) -> None:
    site.shows(candidate.path, "challenge.html")
    with pytest.raises(SourceTrouble):
        await candidate.on(site, egress).ask(Cursor())


async def test_a_site_that_is_down_is_trouble(candidate: Candidate, egress: Egress) -> None:
    async with running_site() as gone:
        source = candidate.on(gone, egress)
    with trouble("unreachable"):
        await source.ask(Cursor())


async def test_an_endless_answer_is_cut_off(candidate: Candidate, site: Site, egress: Egress) -> None:
    site.replies[candidate.path] = Reply(b"x" * 5000)
    with trouble("too_large"):
        await candidate.on(site, egress, max_bytes=1000).ask(Cursor())


async def test_a_redirect_on_the_same_host_is_followed(candidate: Candidate, site: Site, egress: Egress) -> None:
    candidate.furnish(site)
    site.replies["/old"] = Reply(b"", 301, {"location": candidate.path})
    assert len((await candidate.on(site, egress, url=site.root + "/old").ask(candidate.before)).items) == 3


async def test_a_redirect_to_a_stranger_is_not(candidate: Candidate, site: Site, egress: Egress) -> None:
    site.replies[candidate.path] = Reply(b"", 302, {"location": "https://impostor.example/feed"})
    with trouble("redirect"):
        await candidate.on(site, egress).ask(Cursor())


async def test_a_circle_of_redirects_ends(candidate: Candidate, site: Site, egress: Egress) -> None:
    site.replies[candidate.path] = Reply(b"", 302, {"location": candidate.path})
    with trouble("redirect"):
        await candidate.on(site, egress).ask(Cursor())
    assert len(site.asked) == 4
