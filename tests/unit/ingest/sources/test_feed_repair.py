"""What every reader of feeds forgives is forgiven, and nothing else is taken for it."""

from __future__ import annotations

import pytest

from services.ingest.sources.base import Cursor, SourceTrouble
from services.ingest.sources.feed import FeedSettings, FeedSource, parse_feed
from services.ingest.sources.feed_repair import declares_entities, is_whole, with_whole_ampersands, without_tail
from services.ingest.sources.page import PageSource
from services.ingest.sources.page_settings import PageSettings
from tests.unit.ingest.sources.shelf import ROOT, Shelf

ITEM = "<item><title>News</title><link>https://news.example/1</link><description>{}</description></item>"
FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>{}</channel></rss>'


@pytest.mark.parametrize(
    "tail", ["\n<!-- cached -->\n", "<script src='//a.example/b.js'></script>", " \0\r\n", "<br>Warning: mysql", "-->"]
)
def test_what_stands_after_the_end_of_a_feed_is_no_part_of_it(tail: str) -> None:
    feed = FEED.format(ITEM.format("Text") * 2)
    assert without_tail(feed + tail) == feed
    assert len(parse_feed(feed + tail).entries) == 2


def test_a_feed_that_ends_in_an_entry_that_speaks_of_feeds_is_cut_off_all_the_same() -> None:
    cut = FEED.partition("{}")[0] + ITEM.format("Text") + "<item><title>How to write &lt;/rss&gt;</title><description>x"
    assert len(parse_feed(cut).entries) == 1
    assert without_tail(f"{cut}<![CDATA[</rss>]]></item>").endswith("</item>")


@pytest.mark.parametrize("query", ["id=5&lang=be", "a=1&copy=2&region=3&section=4", "a=1&amp;lang=be", "q=&not=x&para"])
@pytest.mark.parametrize("shape", ["{}", "<![CDATA[{}]]>"])
async def test_an_address_is_the_one_that_the_site_wrote(query: str, shape: str) -> None:
    if "&amp;" in query and "CDATA" in shape:
        return
    item = ITEM.format("Text").replace("https://news.example/1", shape.format(f"https://news.example/?{query}"))
    about = {"id": "a", "kind": "feed", "name": "A", "class": "media", "url": f"{ROOT}/rss"}
    source = FeedSource(FeedSettings.model_validate(about), Shelf({"/rss": FEED.format(item)}))
    (given,) = (await source.ask(Cursor())).items
    assert given.url == f"https://news.example/?{query.replace('&amp;', '&')}"


def test_references_and_cdata_stay_as_they_are() -> None:
    text = "&amp; &#169; &lt;&nbsp; <![CDATA[a & b]]>"
    assert with_whole_ampersands(text) == text
    assert with_whole_ampersands("AT&T <![CDATA[& not closed") == "AT&amp;T <![CDATA[&amp; not closed"


def test_an_article_that_speaks_of_entities_declares_none() -> None:
    feed = FEED.format(ITEM.format("<![CDATA[<!ENTITY x SYSTEM 'file:///etc/passwd'>]]>"))
    assert not declares_entities(feed)
    assert len(parse_feed(feed).entries) == 1


@pytest.mark.parametrize("declared", ["nbsp '&#160;'", "mdash '—'", "laquo '&#xAB;'"])
def test_a_character_of_html_declared_by_its_name_is_no_entity_of_the_feed_s_own(declared: str) -> None:
    prolog = f"<!DOCTYPE rss [<!ENTITY {declared}>]>"
    feed = parse_feed(prolog + FEED.partition("?>")[2].format(ITEM.format("Text")))
    assert len(feed.entries) == 1


@pytest.mark.parametrize(
    "prolog",
    [
        "<!DOCTYPE r [<!ENTITY a 'b'>]>",
        "<!DOCTYPE r [<!ENTITY nbsp '&#160;&#160;'>]>",
        "<!DOCTYPE r [<!ENTITY nbsp SYSTEM 'http://127.0.0.1/'>]>",
        "<!-- <rss > <![CDATA[ --><!DOCTYPE r [<!ENTITY a 'b'>]><!-- ]]> -->",
        "<!DOCTYPE r [<!ATTLIST r x CDATA '<rss >'><!ENTITY a 'b'>]>",
        "<?x <rss > ?><!DOCTYPE r [<!ENTITY % a SYSTEM 'http://127.0.0.1/'>%a;]>",
        "broken<![CDATA[<!DOCTYPE r [<!ENTITY a 'b'>]>]]>",
    ],
)
def test_a_feed_that_declares_entities_is_refused_however_it_hides_them(prolog: str) -> None:
    with pytest.raises(SourceTrouble, match="entities"):
        parse_feed(prolog + FEED.partition("?>")[2].format(ITEM.format("Text")))


@pytest.mark.parametrize(
    ("guid", "url"), [("4712", None), ("tag:a,2024:1", None), ("https://a.example/1", "https://a.example/1")]
)
async def test_an_id_is_an_address_only_where_it_is_one_by_itself(guid: str, url: str | None) -> None:
    for said in (' isPermaLink="false"', ' isPermaLink="true"', ""):
        item = f"<item><title>News</title><guid{said}>{guid}</guid><description>Text</description></item>"
        about = {"id": "a", "kind": "feed", "name": "A", "class": "media", "url": f"{ROOT}/rss"}
        source = FeedSource(FeedSettings.model_validate(about), Shelf({"/rss": FEED.format(item)}))
        assert [one.url for one in (await source.ask(Cursor())).items] == [url]


@pytest.mark.parametrize(
    ("base", "asked"),
    [
        ("<base href='/'>", "/news/1"),
        (f"<base href='{ROOT}/be/'>", "/be/news/1"),
        ("<base target=_top><base href=/a/><base href=/b/>", "/a/news/1"),
        ("<base href='javascript:x'>", "/ru/news/1"),
        ("", "/ru/news/1"),
    ],
)
async def test_links_of_a_listing_start_where_the_page_says(base: str, asked: str) -> None:
    about = {"id": "a", "kind": "page", "name": "A", "class": "media", "url": f"{ROOT}/ru/"}
    article = f"<article><h1>x</h1><p>{'Words that make an article. ' * 5}</p></article>"
    shelf = Shelf({"/ru/": f"<head>{base}</head><a href='news/1'>x</a>", asked: article})
    settings = PageSettings.model_validate({**about, "links": {"pattern": r"news/\d+$"}})
    given = await PageSource(settings, shelf).ask(Cursor())
    assert [item.url for item in given.items] == [f"{ROOT}{asked}"]


@pytest.mark.parametrize("root", ["rss", "feed", "rdf:RDF", "r:RDF", "a:feed", "atom10:feed"])
@pytest.mark.parametrize("tail", ["", "\n", "</body></html>", "<!-- <item> -->", "<br><b>Warning</b>" * 99, "x" * 9999])
def test_a_feed_is_whole_once_its_root_is_closed(root: str, tail: str) -> None:
    feed = f"<?xml version='1.0'?><!-- </{root}> --><{root} xmlns:a='a'><item>words</item></{root}"
    assert is_whole(f"{feed}>{tail}")
    assert is_whole(f"{feed} >{tail}")
    assert without_tail(f"{feed}>{tail}") == f"{feed}>"


@pytest.mark.parametrize(
    "end", ["", "<item>", "<![CDATA[</rss>", "<![CDATA[</rss>]]>", "<!-- </rss>", "<?x </rss>", "</rs"]
)
def test_a_feed_is_cut_off_where_its_end_is_only_spoken_of(end: str) -> None:
    assert not is_whole(f"<rss><channel><item>words</item>{end}")
