"""Every kind of source, given what no honest site sends: trouble by name or clean items, never an event of rubbish."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from services.egress import Answer, AnswerTooLarge, BadAnswer, EgressError, ForbiddenTarget, TimedOut
from services.ingest.article_reading import report_of
from services.ingest.articles import UnreadableItem, to_article
from services.ingest.sources.base import Cursor, FetchResult, Item, SourceTrouble
from services.ingest.sources.kinds import KINDS
from services.ingest.sources.page_reading import read_page

NOW = datetime(2025, 2, 1, 12, tzinfo=UTC)
LAUGHS = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
HOSTILE: dict[str, bytes] = {
    "an entity bomb": f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]><rss>&l9;</rss>'.encode(),
    "an external entity": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
    "a parameter entity": b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;]><rss><channel/></rss>'
    + b" " * 90,
    "a bomb in UTF-16": '<!DOCTYPE r [<!ENTITY a "b">]><rss><channel><item>&a;</item></channel></rss>'.encode("utf-16"),
    "zeros": bytes(100_000),
    "every byte": bytes(range(256)) * 40,
    "half a surrogate in UTF-8": b"<rss><channel><item><title>\xed\xa0\x80\xff\xc0\xaf</title></item></channel></rss>",
    "deep tags": b"<a>" * 200_000,
    "deep tags in a feed": b"<rss><channel><item><description>"
    + b"<div>" * 120_000
    + b"</description></item></channel></rss>",
    "deep JSON": b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script><article>x</article>",
    "an unending attribute": b'<div class="' + b"x" * 500_000,
    "nothing but delimiters": b"," * 200_000,
    "an open quotation mark": b'id,name,status\n"' + b"x" * 300_000,
    "a hundred thousand columns": b"name,status," + b"x," * 100_000 + b"\nAles Bialiatski,active\n",
    "many empty items": b"<rss><channel>" + b"<item></item>" * 5_000 + b"</channel></rss>",
    "a comment without an end": b"<!--" + b"-" * 200_000,
    "nothing": b"",
}
KIND_SETTINGS: dict[str, dict[str, Any]] = {
    "feed": {},
    "page": {"links": {"pattern": "/news/"}},
    "telegram_preview": {"channel": "sample"},
    "prisoner_list": {},
}


class Canned:
    """A way out that leads to one prepared answer, or to an error."""

    def __init__(self, answer: bytes | EgressError, headers: Mapping[str, str] | None = None) -> None:
        self.answer = answer
        self.headers = headers or {}

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
        if isinstance(self.answer, EgressError):
            raise self.answer
        return Answer(200, self.headers, self.answer, url)


async def ask(kind: str, answer: bytes | EgressError, headers: Mapping[str, str] | None = None) -> FetchResult:
    about = {
        "id": "a",
        "kind": kind,
        "name": "A",
        "class": "media",
        "url": "https://a.example/x",
        **KIND_SETTINGS[kind],
    }
    settings = KINDS[kind].Settings.model_validate(about)
    return await KINDS[kind](settings, Canned(answer, headers)).ask(Cursor())


async def outcome(kind: str, answer: bytes) -> FetchResult | SourceTrouble:
    try:
        return await ask(kind, answer)
    except SourceTrouble as trouble:
        return trouble


def tells_something(item: Item) -> bool:
    try:
        return report_of(to_article(replace(item, received=NOW))) is not None
    except UnreadableItem:
        return False


@pytest.mark.parametrize("kind", sorted(KIND_SETTINGS))
@pytest.mark.parametrize("name", sorted(HOSTILE))
async def test_no_rubbish_makes_an_event(kind: str, name: str) -> None:
    answer = await outcome(kind, HOSTILE[name])
    items = answer.items if isinstance(answer, FetchResult) else ()
    assert not any(tells_something(item) for item in items)
    assert isinstance(answer, FetchResult) or "passwd" not in str(answer)


@pytest.mark.parametrize("kind", sorted(KIND_SETTINGS))
@pytest.mark.parametrize(
    ("error", "what"),
    [
        (AnswerTooLarge(), "too_large"),
        (TimedOut(), "timeout"),
        (BadAnswer(), "bad_answer"),
        (ForbiddenTarget("it is not on the public internet"), "forbidden_target"),
    ],
)
async def test_endless_broken_and_inward_leading_answers_have_names(kind: str, error: EgressError, what: str) -> None:
    with pytest.raises(SourceTrouble) as caught:
        await ask(kind, error)
    assert caught.value.what == what


def feed(*entries: str) -> bytes:
    items = "".join(f"<item>{entry}</item>" for entry in entries)
    return f"<rss><channel><title>Sample</title>{items}</channel></rss>".encode()


async def test_a_last_modified_that_the_sites_clock_has_not_reached_is_not_kept() -> None:
    noon, later = "Sat, 28 Dec 2024 12:00:00 GMT", "Sun, 29 Dec 2024 12:00:00 GMT"
    ahead = await ask("feed", feed("<title>x</title>"), {"date": noon, "last-modified": later, "etag": '"a"'})
    assert ahead.cursor == Cursor(etag='"a"')
    honest = await ask("feed", feed("<title>x</title>"), {"date": later, "last-modified": noon})
    assert honest.cursor == Cursor(last_modified=noon)


async def test_a_validator_longer_than_any_honest_one_is_not_kept() -> None:
    given = await ask("feed", feed("<title>x</title>"), {"etag": '"' + "x" * 100_000, "last-modified": "a\x01b"})
    assert given.cursor == Cursor()
    (item,) = given.items
    assert item.original is not None
    assert all(len(value) <= 500 for _, value in item.original.headers)


async def test_a_feed_that_was_cut_off_gives_its_whole_items_and_is_asked_again() -> None:
    whole = feed("<title>one</title>", "<title>two</title>", "<title>three</title>")
    given = await ask("feed", whole[: whole.index(b"three")], {"etag": '"1"'})
    assert [item.title for item in given.items] == ["one", "two"]
    assert given.flaw is not None
    assert given.cursor.etag is None, "the site must not answer that nothing changed"


async def test_duplicate_guids_are_items_by_their_address() -> None:
    entry = "<guid>same</guid><title>{0}</title><link>https://a.example/{0}</link>"
    items = (await ask("feed", feed(entry.format(1), entry.format(2)))).items
    assert [item.url for item in items] == ["https://a.example/1", "https://a.example/2"]


@pytest.mark.parametrize("written", ["0000-00-00", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "NaN", "1970-01-01"])
async def test_a_date_that_no_news_has_is_none(written: str) -> None:
    (item,) = (await ask("feed", feed(f"<title>x</title><pubDate>{written}</pubDate>"))).items
    assert item.published is None


async def test_control_and_bidirectional_characters_do_not_reach_an_article() -> None:
    (item,) = (
        await ask("feed", feed("<title>a\u202eb\u0007c\u200bd</title><description>e\u2066f</description>"))
    ).items
    article = to_article(replace(item, received=NOW))
    assert (article.title, article.text) == ("abcd", "ef")


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://[", "//\u0000"]
)
async def test_a_link_that_leads_to_no_page_leads_nowhere(link: str) -> None:
    (item,) = (await ask("feed", feed(f"<title>x</title><link>{link}</link>"))).items
    assert to_article(replace(item, received=NOW)).url is None


async def test_a_feed_of_more_entries_than_news_has_is_not_read() -> None:
    with pytest.raises(SourceTrouble, match="2,001 entries"):
        await ask("feed", feed(*["<title>x</title>"] * 2001))


@pytest.mark.parametrize(
    "said",
    [
        json.dumps({"datePublished": "\ud800"}),
        '{"datePublished": NaN}',
        '{"datePublished": 1' + "0" * 5000 + "}",
        "[" * 9999,
    ],
)
def test_no_metadata_costs_the_article(said: str) -> None:
    page = read_page(f"<script type='application/ld+json'>{said}</script><article>{'Words of a story. ' * 9}</article>")
    assert page is not None
    assert page.published is None


@pytest.mark.parametrize(
    "title", ["Just a moment...", "Attention Required! | Cloudflare", "DDoS-Guard", "Проверка браузера"]
)
def test_a_challenge_in_place_of_an_article_is_none(title: str) -> None:
    words = "The site checks whether this is a browser and goes on by itself. " * 3
    assert read_page(f"<title>{title}</title><main>{words}</main>") is None
    assert read_page(f"<title>{title}</title><main>{words * 20}</main>") is not None
