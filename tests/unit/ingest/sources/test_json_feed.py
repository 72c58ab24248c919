"""A JSON Feed is a feed like any other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.ingest.sources.base import Cursor, Item, SourceTrouble
from services.ingest.sources.feed import FeedSettings, FeedSource
from tests.unit.ingest.sources.shelf import ROOT, Shelf

ABOUT = {"id": "a", "kind": "feed", "name": "A", "class": "media", "url": f"{ROOT}/feed"}


def feed(*items: Any, **more: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": items, **more})


async def ask(text: str) -> tuple[Item, ...]:
    return (await FeedSource(FeedSettings.model_validate(ABOUT), Shelf({"/feed": text})).ask(Cursor())).items


async def test_each_item_is_read_with_its_address_its_day_and_its_longest_text() -> None:
    told = {
        "id": "4712",
        "url": "/news/1",
        "title": "News &amp; more",
        "summary": "Short",
        "content_html": "<p>A whole text of it</p>",
        "date_published": "2024-12-28T15:00:00+03:00",
    }
    for text in (feed(told, language="be"), "\ufeff " + feed(told, language="be") + "\n"):
        [item] = await ask(text)
        assert (item.url, item.title, item.body) == (f"{ROOT}/news/1", "News & more", "<p>A whole text of it</p>")
        assert (item.media_type, item.language) == ("text/html", "be")
        assert item.published is not None


@pytest.mark.parametrize("odd", [None, 4, "x", [], {}, {"id": 4712, "title": None}, {"url": "", "content_text": []}])
async def test_an_item_that_is_none_costs_no_other(odd: Any) -> None:
    assert [item.title for item in await ask(feed(odd, {"id": "1", "title": "News \ud83d"}))] == ["News \ufffd"]


@pytest.mark.parametrize("tail", ["\n<!-- cached -->", "\0", "}"])
async def test_what_a_cache_writes_behind_the_end_and_bare_line_ends_in_a_text_are_forgiven(tail: str) -> None:
    assert [item.title for item in await ask(feed({"id": "1", "title": "a b"}).replace("a b", "a\nb") + tail)] == [
        "a b"
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (feed({"title": "x"})[:-9], "broken"),
        ('{"version": "1", "items": []}', "not_a_feed"),
        ('{"version": "https://jsonfeed.org/version/1", "items": {}}', "not_a_feed"),
        (feed(), "empty"),
        (feed(*[{"title": "x"}] * 2001), "too_large"),
        ("{" * 99_999, "broken"),
    ],
)
async def test_what_is_no_json_feed_is_trouble_by_its_name(text: str, what: str) -> None:
    with pytest.raises(SourceTrouble) as trouble:
        await ask(text)
    assert trouble.value.what == what
