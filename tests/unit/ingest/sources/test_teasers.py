"""Feeds that give the head of an article and a link: the rest is read from its page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from services.egress import Answer
from services.ingest.articles import to_article
from services.ingest.sources.base import Cursor, FetchResult, Item
from services.ingest.sources.feed import FeedSettings, FeedSource
from tests.unit.ingest.sources.shelf import ROOT, Shelf

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEAD = "The leader of Belarus has pardoned a group of prisoners, his press service said on Monday."
REST = (
    "There are 17 people in it, five women among them. "
    "All of them had asked for clemency and admitted what they were convicted of. "
    "Their names were not given, and it is not known whether they have left prison."
)
PAGE = f"<html lang=en><title>Pardon</title><h1>Pardon announced in Minsk</h1><article><p>{LEAD}<p>{REST}</article>"


class Sheet(Shelf):
    """A shelf with a feed on it."""

    async def request(self, method: str, url: str, **asked: Any) -> Answer:
        answer = await super().request(method, url, **asked)
        if not url.endswith("/rss"):
            return answer
        return Answer(answer.status, {"content-type": "application/rss+xml", "etag": '"1"'}, answer.body, url)


def entry(path: str, text: str = LEAD, *, title: str = "Pardon announced in Minsk", days: float = 0) -> str:
    head = f"<title>{title}</title><link>{path}</link>"
    day = format_datetime(NOW - timedelta(days))
    return f"<item>{head}<pubDate>{day}</pubDate><description>{text}</description></item>"


def feed(*entries: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Sample</title>{"".join(entries)}</channel></rss>'


def source(shelf: Shelf, **more: Any) -> FeedSource:
    about = {"id": "sample", "kind": "feed", "name": "Sample", "class": "media", "url": f"{ROOT}/rss", **more}
    return FeedSource(FeedSettings.model_validate(about), shelf, lambda: NOW)


async def ask(shelf: Shelf, cursor: Cursor | None = None, **more: Any) -> FetchResult:
    return await source(shelf, **more).ask(cursor or Cursor())


def texts(items: Iterable[Item]) -> list[str]:
    return [to_article(item).text for item in items]


@pytest.mark.parametrize(
    "teaser",
    [
        LEAD,
        "",
        LEAD[:50] + "…",
        LEAD[:50] + "...",
        f"{LEAD} There are [...]",
        f"{LEAD} [&amp;hellip;]",
        f"<![CDATA[<p>{LEAD}</p><p>The post <a href='/1'>Pardon</a> appeared first on <a href='/'>Sample</a>.</p>]]>",
        f"<![CDATA[<p>{LEAD}</p><a href='/1'>Read more</a>]]>",
        f"{LEAD} Continue reading Pardon announced →",
    ],
)
async def test_a_teaser_is_followed_to_its_page(teaser: str) -> None:
    shelf = Sheet({"/rss": feed(entry("/1", teaser)), "/1": PAGE})
    (item,) = (await ask(shelf)).items
    assert texts([item]) == [f"{LEAD}\n\n{REST}"]
    assert (item.title, item.url, item.published) == ("Pardon announced in Minsk", f"{ROOT}/1", NOW)
    assert item.original is not None
    assert (item.original.url, item.original.body) == (f"{ROOT}/1", PAGE.encode()), "the text rests on the page"


@pytest.mark.parametrize(
    ("rest", "link"), [("Их 17 человек.", "Читать далее"), ("Іх 17 чалавек.", "Чытаць далей"), ("Их 17.", "Подробнее…")]
)
async def test_words_that_lead_on_are_known_in_russian_and_belarusian(rest: str, link: str) -> None:
    lead = "Президент помиловал группу осуждённых, сообщила пресс-служба. " * 12
    page = f"<h1>Помилование</h1><article><p>{lead}<p>{rest}</article>"
    long = "Длинная заметка о погоде и дорогах. " * 40
    entries = [entry("/1", f"{lead} {link}", title="Помилование"), *(entry(f"/{n}", long) for n in (2, 3))]
    shelf = Sheet({"/rss": feed(*entries), "/1": page})
    assert rest in texts((await ask(shelf)).items)[0]
    assert shelf.asked == ["/rss", "/1"], "where most entries are whole, only what is cut off is followed"


async def test_what_only_the_teaser_says_is_read_before_the_page() -> None:
    summary = "Seventeen people go free in Belarus under a pardon that was announced by the press service."
    page = (
        f"<h1>Pardon announced in Minsk</h1><article><p>The press service announced it in Belarus.<p>{REST}</article>"
    )
    shelf = Sheet({"/rss": feed(entry("/1", f"{summary} They will be […]")), "/1": page})
    (text,) = texts((await ask(shelf)).items)
    assert text.startswith(f"{summary}\n\nThe press service"), "and what is cut off is not"


async def test_each_is_followed_once_and_given_once() -> None:
    shelf = Sheet({"/rss": feed(entry("/1")), "/1": PAGE})
    first = await ask(shelf)
    second = await ask(shelf, first.cursor)
    third = await ask(shelf, second.cursor)
    assert shelf.asked == ["/rss", "/1", "/rss", "/rss"]
    assert (len(first.items), second.items, third.items) == (1, (), ())
    assert second.read == 1, "the feed is as full as before"


async def test_a_teaser_that_changed_is_followed_again_but_not_for_ever() -> None:
    shelf, cursor = Sheet({"/1": PAGE}), Cursor()
    for number in range(9):
        shelf.pages["/rss"] = feed(entry("/1", f"{LEAD} Read {number} times."))
        cursor = (await ask(shelf, cursor)).cursor
    assert shelf.asked.count("/1") == 3


NOTHING = "<html><body><div>404</div></body></html>"
OTHER = (
    f"<h1>Welcome</h1><article>{'<p>Everything about gardens, recipes, sport and weather in one place.' * 4}</article>"
)
RIVALS = f"<main><article><p>{LEAD}<p>{REST}</article><article><p>{LEAD}<p>{REST.replace('17', '71')}</article></main>"


@pytest.mark.parametrize("page", [403, 404, 410, 429, 500, 503, "", NOTHING, OTHER, RIVALS])
async def test_where_the_page_cannot_be_had_the_teaser_stays_and_is_not_asked_for_again(page: str | int) -> None:
    shelf = Sheet({"/rss": feed(entry("/1")), "/1": page})
    first = await ask(shelf)
    second = await ask(shelf, first.cursor)
    assert texts(first.items) == texts(second.items) == [LEAD]
    assert shelf.asked.count("/1") == 1


async def test_a_host_in_trouble_is_left_alone_until_the_next_asking() -> None:
    pages: dict[str, str | int] = {f"/{number}": 503 for number in range(4)}
    shelf = Sheet({"/rss": feed(*(entry(path) for path in pages)), **pages})
    cursor = (await ask(shelf)).cursor
    assert shelf.asked == ["/rss", "/0"]
    shelf.pages.update(dict.fromkeys(pages, PAGE))
    given = await ask(shelf, cursor)
    assert [text == LEAD for text in texts(given.items)] == [True, False, False, False]


async def test_many_are_followed_in_portions_the_newest_first_and_none_is_lost() -> None:
    paths = [f"/{number}" for number in range(7)]
    entries = [entry(path, days=2 - number / 10) for number, path in enumerate(paths)]
    shelf, cursor = Sheet({"/rss": feed(*entries), **dict.fromkeys(paths, PAGE)}), Cursor()
    whole = set[str | None]()
    for tag in (None, None, '"1"'):
        given = await ask(shelf, cursor, follow=3)
        cursor = given.cursor
        assert cursor.etag == tag, "until all is read, the site must not say that nothing changed"
        whole |= {item.url for item in given.items if REST in item.body}
    assert shelf.asked[1:4] == ["/6", "/5", "/4"]
    assert whole == {f"{ROOT}{path}" for path in paths}


@pytest.mark.parametrize(
    ("kept_from", "more"),
    [
        (entry("https://elsewhere.example/1"), {}),
        (entry("/1", days=4), {}),
        (entry("/1", text=LEAD * 40), {}),
        (entry("/1"), {"follow": 0}),
    ],
    ids=["a stranger's page", "old news", "a whole text", "switched off"],
)
async def test_what_is_not_followed(kept_from: str, more: dict[str, Any]) -> None:
    shelf = Sheet({"/rss": feed(kept_from), "/1": PAGE})
    assert len((await ask(shelf, **more)).items) == 1
    assert shelf.asked == ["/rss"]


async def test_the_sources_own_selectors_say_where_the_text_stands() -> None:
    page = f"<h1>Pardon announced in Minsk</h1><div class=x><p>{LEAD}</div><div class=story><p>{LEAD}<p>{REST}</div>"
    shelf = Sheet({"/rss": feed(entry("/1")), "/1": page})
    (text,) = texts((await ask(shelf, article={"body": ".story"})).items)
    assert text == f"{LEAD}\n\n{REST}"
