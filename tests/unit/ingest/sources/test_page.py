from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from services.ingest.news_time import MINSK
from services.ingest.sources.base import Cursor, SourceTrouble
from services.ingest.sources.cursors import pages_of
from services.ingest.sources.page import PageSource
from services.ingest.sources.page_reading import Selectors, read_page
from services.ingest.sources.page_settings import PageSettings
from tests.unit.ingest.sources.shelf import ROOT, Shelf

BODY = "<p>" + "A sentence that is long enough to be the text of an article. " * 3 + "</p>"


def listing(*paths: str) -> str:
    return "".join(f"<a href='{path}'>x</a>" for path in paths)


def article(title: str, body: str = BODY) -> str:
    return f"<html lang=ru><h1>{title}</h1><article>{body}</article></html>"


def source(shelf: Shelf, **more: Any) -> PageSource:
    about = {"id": "sample", "kind": "page", "name": "Sample", "class": "official", "url": f"{ROOT}/news"}
    return PageSource(PageSettings.model_validate({**about, "links": {"pattern": r"/news/\d+$"}, **more}), shelf)


async def test_links_are_read_once_and_one_known_page_again() -> None:
    shelf = Shelf({"/news": listing("/news/1", "/news/2"), "/news/1": article("one"), "/news/2": article("two")})
    watched = source(shelf)
    first = await watched.ask(Cursor())
    shelf.asked.clear()
    await watched.ask(first.cursor)
    assert shelf.asked == ["/news", "/news/1"]


async def test_pages_read_again_take_turns() -> None:
    shelf = Shelf({"/news": listing("/news/1", "/news/2"), "/news/1": article("one"), "/news/2": article("two")})
    watched, cursor = source(shelf), Cursor()
    again = []
    for _ in range(4):
        cursor = (await watched.ask(cursor)).cursor
        again.append(shelf.asked[-1])
    assert again[1:] == ["/news/1", "/news/2", "/news/1"]


async def test_many_new_links_are_read_in_portions_and_none_is_forgotten() -> None:
    paths = [f"/news/{number}" for number in range(7)]
    shelf = Shelf({"/news": listing(*paths), **{path: article(path) for path in paths}})
    watched = source(shelf, links={"pattern": r"/news/\d+$", "limit": 3})
    cursor, seen = Cursor(), set[str | None]()
    for _ in range(3):
        given = await watched.ask(cursor)
        cursor, seen = given.cursor, seen | {item.title for item in given.items}
    assert seen == set(paths)


async def test_a_page_is_gone_when_it_is_missed_twice_in_a_row() -> None:
    shelf = Shelf({"/news": listing("/news/1", "/news/2"), "/news/1": article("one"), "/news/2": article("two")})
    watched = source(shelf)
    cursor = (await watched.ask(Cursor())).cursor
    del shelf.pages["/news/1"]
    gone = []
    for _ in range(2):
        cursor = (await watched.ask(cursor)).cursor
        gone.append(pages_of(cursor)[f"{ROOT}/news/1"].gone)
    assert gone == [False, True]


async def test_a_page_that_was_missed_once_and_is_there_again_was_not_taken_away() -> None:
    shelf = Shelf({"/news": listing("/news/1"), "/news/1": article("one")})
    watched = source(shelf)
    cursor = (await watched.ask(Cursor())).cursor
    for page in (404, article("one"), 404):
        shelf.pages["/news/1"] = page
        cursor = (await watched.ask(cursor)).cursor
    assert not pages_of(cursor)[f"{ROOT}/news/1"].gone


async def test_a_listing_of_nothing_but_missing_pages_is_trouble() -> None:
    with pytest.raises(SourceTrouble) as caught:
        await source(Shelf({"/news": listing(*(f"/news/{number}" for number in range(3)))})).ask(Cursor())
    assert caught.value.what == "gone"


async def test_a_listing_without_links_is_trouble() -> None:
    with pytest.raises(SourceTrouble) as caught:
        await source(Shelf({"/news": listing("/about")})).ask(Cursor())
    assert caught.value.what == "shape"
    assert "`links` of source 'sample'" in str(caught.value)


async def test_articles_without_text_are_trouble() -> None:
    shelf = Shelf({"/news": listing("/news/1"), "/news/1": article("one", "<p>Photo</p>")})
    with pytest.raises(SourceTrouble) as caught:
        await source(shelf).ask(Cursor())
    assert caught.value.what == "shape"


async def test_one_gallery_among_articles_is_no_trouble_and_is_not_read_again() -> None:
    shelf = Shelf({"/news": listing("/news/1", "/news/2"), "/news/1": article("one"), "/news/2": article("g", "-")})
    watched = source(shelf)
    first = await watched.ask(Cursor())
    assert [item.title for item in first.items] == ["one"]
    shelf.asked.clear()
    await watched.ask(first.cursor)
    assert shelf.asked == ["/news", "/news/1"]


async def test_one_broken_page_hides_no_other_and_is_tried_again() -> None:
    shelf = Shelf({"/news": listing("/news/1", "/news/2"), "/news/1": 500, "/news/2": article("two")})
    watched = source(shelf)
    first = await watched.ask(Cursor())
    assert [item.title for item in first.items] == ["two"]
    shelf.pages["/news/1"] = article("one")
    assert "one" in [item.title for item in (await watched.ask(first.cursor)).items]


async def test_links_to_other_hosts_are_not_followed() -> None:
    shelf = Shelf({"/news": listing("https://impostor.example/news/1", "/news/2"), "/news/2": article("two")})
    await source(shelf).ask(Cursor())
    assert shelf.asked == ["/news", "/news/2"]


async def test_a_page_can_itself_be_the_news() -> None:
    shelf = Shelf({"/news": article("only")})
    (item,) = (await source(shelf, links=None).ask(Cursor())).items
    assert (item.title, item.url, item.language) == ("only", f"{ROOT}/news", "ru")


async def test_a_configured_selector_that_finds_nothing_is_trouble_although_an_article_stands_there() -> None:
    shelf = Shelf({"/news": article("only")})
    with pytest.raises(SourceTrouble):
        await source(shelf, links=None, article={"body": "div.gone"}).ask(Cursor())


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"datePublished": "2024-12-28T18:00:00"}</script>',
        '<script type="application/ld+json">[{"@graph": [{}, {"datePublished": "2024-12-28T15:00:00Z"}]}]</script>',
        '<script type="application/ld+json">{broken</script><time datetime="2024-12-28T18:00">then</time>',
        '<meta property="article:published_time" content="2024-12-28T18:00:00+0300">',
        "<time>today</time><time datetime='2024-12-28T18:00:00+03:00'>then</time>",
        "<div class=news-date>28 снежня 2024, 18:00</div>",
    ],
)
def test_the_date_is_found_where_sites_keep_it(head: str) -> None:
    parts = read_page(f"<html>{head}<article>{BODY}</article></html>")
    assert parts is not None
    assert parts.published == datetime(2024, 12, 28, 18, tzinfo=MINSK)


def test_a_configured_date_wins_over_the_metadata() -> None:
    html = (
        '<meta property="article:published_time" content="2024-12-28T18:00:00+00:00">'
        f'<div class="date_full">28 декабря 2024, 18:00</div><article>{BODY}</article>'
    )
    parts = read_page(html, Selectors(published="div.date_full"))
    assert parts is not None
    assert parts.published == datetime(2024, 12, 28, 18, tzinfo=MINSK)


def test_the_longest_part_serves_only_a_person_who_chose_the_page() -> None:
    html = f"<div><p>menu</p></div><div id=x>{BODY}{BODY}</div>"
    assert read_page(html) is None
    parts = read_page(html, any_text=True)
    assert parts is not None
    assert "menu" not in parts.body


def test_a_state_agency_that_calls_minsk_time_utc_is_read_by_the_date_on_its_page() -> None:
    page = (
        '<meta name="mediator_published_time" content="2024-12-28T12:10:00+00:00"><h1>Указ</h1>'
        f'<div class="date_full">28 декабря 2024, 12:10</div><div class="js-mediator-article">{BODY}</div>'
    )
    parts = read_page(
        page, Selectors(body="div.js-mediator-article, [itemprop=articleBody]", published="div.date_full")
    )
    assert parts is not None
    assert parts.published == datetime(2024, 12, 28, 12, 10, tzinfo=MINSK)
    assert read_page(page, Selectors(body="div.js-mediator-article")) == parts, "the meta tag is not looked at"


async def test_ids_need_not_be_in_the_order_of_time() -> None:
    shelf = Shelf({"/news": listing("/news/9"), **{f"/news/{number}": article(str(number)) for number in (3, 9)}})
    watched = source(shelf)
    first = await watched.ask(Cursor())
    shelf.pages["/news"] = listing("/news/3", "/news/9")
    assert "3" in [item.title for item in (await watched.ask(first.cursor)).items]
