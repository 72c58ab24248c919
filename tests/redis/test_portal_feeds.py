"""The feeds: to the letter of RFC 4287 and JSON Feed 1.1, and the same news as on the pages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as Tree

import feedparser
import httpx
import pytest
from redis.asyncio import Redis

from services.contract import Status
from services.ingest.stories import retract
from tests.redis.ingest_desk import PARDON, Desk, now
from tests.redis.public_pages import PUBLIC_URL, open_portal
from tests.redis.samples import arrest, pardon
from tests.redis.test_portal_news import tell

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
FEEDS = ("/feed.atom", "/feed.json")


@pytest.fixture
def desk(redis: Redis) -> Desk:
    return Desk(redis)


@pytest.fixture
async def reader(redis: Redis, redis_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with open_portal(redis_url, tmp_path) as portal:
        yield portal.public


async def test_a_reader_of_feeds_finds_the_story_in_both(desk: Desk, reader: httpx.AsyncClient) -> None:
    story = await desk.told(PARDON)
    atom = feedparser.parse((await reader.get("/feed.atom")).content)
    (item,) = (await reader.get("/feed.json")).json()["items"]
    (entry,) = atom.entries
    assert not atom.bozo
    assert entry.id == item["id"]
    assert entry.link == item["url"] == f"{PUBLIC_URL}/s/{story}"
    assert entry.title == item["title"] == "20 people pardoned in Belarus, 28 December 2024"
    assert ">Sample Wire</a>, English, 28 December 2024" in item["content_html"]
    assert "How many are women" in entry.content[0].value


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_element_that_atom_asks_for_is_there_once(
    redis: Redis, reader: httpx.AsyncClient, language: str
) -> None:
    await tell(redis, pardon(of=("Hostile <b>&amp; \u202e name",)), arrest())
    answer = await reader.get("/feed.atom", params={"lang": language})
    root = Tree.fromstring(answer.content)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert (root.tag, root.attrib[LANGUAGE]) == (f"{ATOM}feed", language)
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (only,) = element.findall(f"{ATOM}{name}")
            assert (only.text or "").strip()
        (alternate,) = [one for one in element.findall(f"{ATOM}link") if one.attrib["rel"] == "alternate"]
        assert alternate.attrib["href"].startswith(f"{PUBLIC_URL}/")
        assert alternate.attrib["href"].endswith(f"lang={language}")
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", str(element.findtext(f"{ATOM}id")))
        assert datetime.fromisoformat(str(element.findtext(f"{ATOM}updated"))).tzinfo is not None
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    assert len({one.text for one in root.iter(f"{ATOM}id")}) == 3


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_key_that_json_feed_asks_for_is_there(
    redis: Redis, reader: httpx.AsyncClient, language: str
) -> None:
    await tell(redis, pardon(), arrest())
    answer = await reader.get("/feed.json", params={"lang": language})
    feed = answer.json()
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["language"], feed["feed_url"]) == (language, f"{PUBLIC_URL}/feed.json?lang={language}")
    assert [set(item) for item in feed["items"]] == 2 * [
        {"id", "url", "title", "summary", "content_html", "date_modified", "tags"}
    ]
    assert {item["tags"][0] for item in feed["items"]} == {"pardon", "arrest"}


async def test_a_story_keeps_its_id_in_every_language_and_revision(redis: Redis, reader: httpx.AsyncClient) -> None:
    ids = set()
    for revision in (1, 2):
        await tell(redis, pardon(revision=revision))
        for language in ("en", "ru"):
            (item,) = (await reader.get("/feed.json", params={"lang": language})).json()["items"]
            ids.add(item["id"])
    assert len(ids) == 1


async def test_what_is_withdrawn_says_so_in_its_title_and_tells_no_fact_again(
    desk: Desk, reader: httpx.AsyncClient
) -> None:
    story = await desk.told(PARDON)
    desk.at += 60
    await desk.decide(story, lambda known: retract(known, "It was wrong.", now()))
    (item,) = (await reader.get("/feed.json")).json()["items"]
    assert item["title"].startswith("Withdrawn: ")
    assert "It was wrong." in item["content_html"]
    assert "How many are women" not in item["content_html"]


async def test_an_exercise_is_in_no_feed(redis: Redis, reader: httpx.AsyncClient) -> None:
    await tell(redis, pardon(status=Status.EXERCISE), arrest("arrest-20241228-t", time="2024-12-28T10:00:00.000Z"))
    assert len((await reader.get("/feed.json")).json()["items"]) == 1


async def test_a_feed_goes_on_page_by_page(redis: Redis, reader: httpx.AsyncClient) -> None:
    numbers = [f"{number:02}" for number in range(60)]
    await tell(redis, *(arrest(f"arrest-20241228-n{one}", time=f"2024-12-28T10:{one}:00.000Z") for one in numbers))
    found: list[str] = []
    address: str | None = "/feed.json?lang=ru"
    while address is not None:
        feed = (await reader.get(address)).json()
        found += [item["url"] for item in feed["items"]]
        address = feed["next_url"].removeprefix(PUBLIC_URL) if "next_url" in feed else None
    assert len(found) == len(set(found)) == 60
    atom = Tree.fromstring((await reader.get("/feed.atom")).content)
    assert len([one for one in atom.findall(f"{ATOM}link") if one.attrib["rel"] == "next"]) == 1


@pytest.mark.parametrize("path", FEEDS)
async def test_a_feed_is_asked_for_again_at_no_cost(desk: Desk, reader: httpx.AsyncClient, path: str) -> None:
    await desk.told(PARDON)
    first = await reader.get(path)
    again = await reader.get(path, headers={"if-none-match": f"W/{first.headers['etag']}"})
    assert (again.status_code, again.content) == (304, b"")
    assert (await reader.head(path)).headers["etag"] == first.headers["etag"]
    assert "set-cookie" not in first.headers


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("query", ["lang=xx", "before=x", "before=%00", "before=1-"])
async def test_a_feed_that_cannot_be_answered_is_an_error_page(
    reader: httpx.AsyncClient, path: str, query: str
) -> None:
    assert (await reader.get(f"{path}?{query}")).status_code == 400


@pytest.mark.parametrize("path", FEEDS)
async def test_an_empty_feed_is_a_feed(reader: httpx.AsyncClient, path: str) -> None:
    parsed = feedparser.parse((await reader.get("/feed.atom")).content)
    assert not parsed.bozo
    assert (await reader.get(path)).status_code == 200
