"""The quirks of real feeds, one by one, in feeds written for the purpose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import pytest

from services.egress import Answer
from services.ingest.articles import to_article
from services.ingest.news_time import MINSK
from services.ingest.sources.base import Cursor, Item, SourceTrouble
from services.ingest.sources.feed import FeedSettings, FeedSource

URL = "https://news.example/rss"


class Canned:
    """A way out that leads to one prepared answer."""

    def __init__(self, body: bytes, content_type: str = "application/rss+xml; charset=utf-8") -> None:
        self.body = body
        self.content_type = content_type
        self.headers: Mapping[str, str] = {}

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        deadline: float,
        max_bytes: int,
        body: Literal["whole", "glance"] = "whole",
    ) -> Answer:
        self.headers = headers or {}
        return Answer(200, {"content-type": self.content_type, "etag": '"1"'}, self.body, url)


def rss(*entries: str, end: str = "</channel></rss>", language: str = "") -> bytes:
    items = "".join(f"<item>{entry}</item>" for entry in entries)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Sample</title>{language}{items}{end}'.encode()


async def ask(body: bytes, content_type: str = "application/rss+xml; charset=utf-8") -> tuple[Item, ...]:
    about = {"id": "sample", "kind": "feed", "name": "Sample", "class": "media", "url": URL}
    given = await FeedSource(FeedSettings.model_validate(about), Canned(body, content_type)).ask(Cursor())
    return given.items


async def only(entry: str) -> Item:
    (item,) = await ask(rss(entry))
    return item


async def trouble(body: bytes) -> str:
    with pytest.raises(SourceTrouble) as caught:
        await ask(body)
    return caught.value.what


@pytest.mark.parametrize("half", ["&#xD83D;&#xDE00;", "&#55357;", "&#x110000;", "&#99999999999; &", f"&#{'9' * 5000};"])
async def test_a_reference_to_no_character_costs_neither_the_feed_nor_the_item(half: str) -> None:
    first, second = await ask(
        rss(
            f"<title>Twenty pardoned {half}</title><description>On Saturday.</description>",
            "<title>Caf&#233; &#x1F600;</title><description>Opened.</description>",
        )
    )
    assert str(first.title).startswith("Twenty pardoned \N{REPLACEMENT CHARACTER}")
    assert second.title == "Café \N{GRINNING FACE}"


async def test_a_relative_link_is_made_whole() -> None:
    assert (await only("<title>t</title><link>/a/1</link>")).url == "https://news.example/a/1"


async def test_an_identifier_that_is_an_address_serves_where_no_link_is() -> None:
    assert (await only('<title>t</title><guid isPermaLink="false">https://news.example/a/2</guid>')).url == (
        "https://news.example/a/2"
    )


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "tag:news.example,2024:1", "mailto:a@news.example", "http://["]
)
async def test_a_link_that_leads_to_no_page_is_none(link: str) -> None:
    assert (await only(f"<title>t</title><link>{link}</link>")).url is None


async def test_tracking_leaves_the_address_when_it_becomes_an_article() -> None:
    item = await only(
        "<title>t</title><link>https://news.example/361−1?utm_source=rss&amp;id=7</link>"
        "<pubDate>2024-12-28 18:00</pubDate>"
    )
    assert to_article(item).url == "https://news.example/361%E2%88%921?id=7"


async def test_a_time_without_a_zone_is_minsk_time() -> None:
    item = await only("<title>t</title><pubDate>28 декабря 2024, 18:00</pubDate>")
    assert item.published == datetime(2024, 12, 28, 18, tzinfo=MINSK)


async def test_the_beginning_of_unix_time_means_that_no_date_is_set() -> None:
    assert (await only("<title>t</title><pubDate>1970-01-01T03:00:00+0300</pubDate>")).published is None


async def test_the_full_text_is_preferred_to_the_summary() -> None:
    item = await only(
        "<title>t</title><description>Short.</description>"
        '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        "<![CDATA[<p>All of the text.</p>]]></content:encoded>"
    )
    assert (item.body, item.media_type) == ("<p>All of the text.</p>", "text/html")


async def test_a_description_without_markup_is_plain_text() -> None:
    item = await only("<title>t</title><description>a &lt; b and c > d</description>")
    assert (item.body, item.media_type) == ("a < b and c > d", "text/plain")


async def test_a_title_with_markup_escaped_twice_is_still_text() -> None:
    assert (await only("<title>&lt;b&gt;20&lt;/b&gt; &amp;amp;laquo;x&amp;amp;raquo;</title>")).title == "20 «x»"


async def test_an_old_encoding_is_read() -> None:
    body = rss("<title>Помилование</title>").decode().replace('"1.0"?', '"1.0" encoding="windows-1251"?')
    (item,) = await ask(body.encode("windows-1251"), "application/rss+xml")
    assert item.title == "Помилование"


async def test_the_feed_says_its_language() -> None:
    (item,) = await ask(rss("<title>t</title>", language="<language>ru-by</language>"))
    assert item.language == "ru-by"


async def test_an_item_that_was_cut_off_is_not_told() -> None:
    items = await ask(rss("<title>whole</title>", "<title>half</title><description>The first half of", end=""))
    assert [item.title for item in items] == ["whole"]


async def test_a_stray_ampersand_does_not_cost_the_feed() -> None:
    assert (await only("<title>Q & A</title><description>Text.</description>")).title == "Q & A"


async def test_entries_without_any_text_are_passed_over() -> None:
    items = await ask(rss("<title>t</title>", "<link>https://news.example/photo</link>"))
    assert [item.title for item in items] == ["t"]


async def test_each_thing_that_is_no_feed_has_its_name() -> None:
    assert await trouble(b"hello world") == "too_short"
    assert await trouble(b"\n<!DOCTYPE html><html><body>" + b"Checking your browser. " * 9) == "not_a_feed"
    assert await trouble(b'{"error": "' + b"x" * 90 + b'"}') == "not_a_feed"
    assert await trouble(rss()) == "empty"
    assert await trouble(rss("<title>half", end="")) == "cut_off"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_a_feed_that_declares_entities_is_not_even_parsed(encoding: str) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel/></rss>'
    assert await trouble(bomb.encode(encoding)) == "entities"


async def test_what_was_remembered_is_asked_for() -> None:
    canned = Canned(rss("<title>t</title>"))
    about = {"id": "sample", "kind": "feed", "name": "Sample", "class": "media", "url": URL}
    await FeedSource(FeedSettings.model_validate(about), canned).ask(Cursor('"7"', "Sat, 28 Dec 2024 15:00:00 GMT"))
    assert canned.headers["if-none-match"] == '"7"'
    assert canned.headers["if-modified-since"] == "Sat, 28 Dec 2024 15:00:00 GMT"
