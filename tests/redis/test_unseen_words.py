"""An outsider plants a false number where no reader of the source sees it: from the source to what was told.

Sources are asked over real HTTP; what they give goes the whole road through ingest.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from typing import Any

import pytest
from redis.asyncio import Redis

from services.contract import PartyClass
from services.egress import Egress, EgressPolicy
from services.ingest.articles import item_from_text
from services.ingest.sources.base import Cursor, Item
from services.ingest.sources.kinds import KINDS
from tests.conformance.site import Reply, Site, running_site
from tests.redis.ingest_desk import Desk

NOW = datetime(2024, 12, 28, 13, tzinfo=UTC)
TITLES = {"en": "Decree on pardon signed", "ru": "Подписан указ о помиловании", "be": "Падпісаны ўказ аб памілаванні"}
SAID = {
    "en": "Alexander Lukashenko pardoned {} people on 28 December 2024, his press service said. All of them had asked.",
    "ru": "28 декабря 2024 года Александр Лукашенко помиловал {} человек, сообщила его пресс-служба. Все просили.",
    "be": "28 снежня 2024 года Аляксандр Лукашэнка памілаваў {} чалавек, паведаміла яго прэс-служба. Усе прасілі.",
}
LANGUAGES = sorted(SAID)

PLANTED = {
    "a draft hidden by style": "<p style='display:none'>{}</p>",
    "a draft hidden by the page's rules": "<style>.x .y{{display:none}}</style><div class=x><p class=y>{}</p></div>",
    "white on white": "<p style='color:#fefefe;background:#fff'>{}</p>",
    "letters of no size": "<span style='font-size:0'>{}</span>",
    "off the screen": "<div style='position:absolute;left:-5000px'>{}</div>",
    "for screen readers": "<span class='sr-only'>{}</span>",
    "a closed dialog": "<dialog>{}</dialog>",
    "a hidden attribute": "<section hidden>{}</section>",
    "struck out": "<p><del>{}</del></p>",
    "struck out by style": "<p style='text-decoration: line-through'>{}</p>",
    "a box of no height": "<div style='height:0;overflow:hidden'>{}</div>",
    "a template": "<template>{}</template>",
    "a form": "<textarea>{}</textarea>",
    "a drawing": "<svg><desc>{}</desc></svg>",
    "a comment in HTML": "<!-- {} -->",
    "readers' comments": "<div class=comments><p>{}</p></div>",
    "readers' comments under a heading": "<h3>Комментарии</h3><div><p>{}</p></div>",
    "a link to other news": "<p>Читайте также: <a href='/2'>{}</a></p>",
}


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with running_site() as one:
        yield one


@pytest.fixture
def desk(redis: Redis) -> Desk:
    return Desk(redis)


async def given(site: Site, kind: str, path: str, html: str, **more: Any) -> list[Item]:
    """What a source of ours reads there."""
    site.replies[path] = Reply(html.encode(), headers={"content-type": "text/html; charset=utf-8"})
    about = {"id": "lab", "kind": kind, "name": "Lab", "class": "media", "url": site.root + path, **more}
    egress = Egress(EgressPolicy(allow_http=True, allowed_networks=("127.0.0.0/8",)))
    try:
        source = KINDS[kind](KINDS[kind].Settings.model_validate(about), egress)
        return [replace(item, received=NOW) for item in (await source.ask(Cursor())).items]
    finally:
        await egress.close()


async def numbers_told(desk: Desk) -> list[Any]:
    return [event.data.headline_facts.pardoned for event in await desk.events()]


def page(language: str, planted: str, *, first: bool = False) -> str:
    true, false = (f"<p>{SAID[language].format(18)}</p>", planted.format(SAID[language].format(77)))
    text = false + true if first else true + false
    return f"<html lang={language}><body><article><h1>{TITLES[language]}</h1>{text}</article></body></html>"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED.keys())
async def test_a_page_tells_what_its_readers_see(planted: str, language: str, site: Site, desk: Desk) -> None:
    first = "<h3>" not in planted  # a heading of comments ends the article
    for item in await given(site, "page", "/n", page(language, planted, first=first)):
        await desk.read(item)
    assert await numbers_told(desk) == [18]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED.keys())
async def test_a_feed_and_a_report_tell_what_their_readers_see(
    planted: str, language: str, site: Site, desk: Desk
) -> None:
    body = f"<p>{SAID[language].format(18)}</p>{planted.format(SAID[language].format(77))}"
    entry = (
        f"<item><title>{TITLES[language]}</title><link>{site.root}/1</link><description>{escape(body)}</description>"
        "<pubDate>Sat, 28 Dec 2024 12:00:00 GMT</pubDate></item>"
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Lab</title>{entry}</channel></rss>'
    items = await given(site, "feed", "/rss", feed, language=language)
    items.append(item_from_text(body, received=NOW, title=TITLES[language], language=language))
    for item in items:
        result = await desk.read(item)
        assert result.outcome != "unreadable"
    assert set(await numbers_told(desk)) == {18}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tag", ["s", "del", "span style='text-decoration:line-through'", "span hidden"])
async def test_a_post_that_corrects_itself_tells_the_number_that_stands(
    tag: str, language: str, site: Site, desk: Desk
) -> None:
    text = SAID[language].format(f"<{tag}>77</{tag.split()[0]}> 18")
    post = (
        '<div class="tgme_widget_message js-widget_message" data-post="sample/7"><div class="tgme_widget_message_text '
        f'js-message_text">{text}</div><a class="tgme_widget_message_date"><time datetime="2024-12-28T12:00:00+00:00">'
        "15:00</time></a></div>"
    )
    for item in await given(site, "telegram_preview", "/s/sample", post, channel="sample", language=language):
        await desk.read(item)
    assert await numbers_told(desk) == [18]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_two_texts_that_could_both_be_the_article_wait_for_a_person(
    language: str, site: Site, desk: Desk
) -> None:
    both = "".join(f"<article><p>{SAID[language].format(number)}</p></article>" for number in (18, 77))
    (item,) = await given(site, "page", "/n", f"<html lang={language}><h1>{TITLES[language]}</h1>{both}</html>")
    result = await desk.read(item)
    assert (result.action, result.reason) == ("hold", "unsure_reading")
    assert await desk.events() == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", ["1<s>6</s>8", "1~~6~~8", "1<span hidden>6</span>8", "\u202e81\u202c"])
async def test_a_number_that_nobody_can_read_for_sure_is_not_told(number: str, language: str, desk: Desk) -> None:
    text = SAID[language].format(number)
    item = Item(
        "lab", "Lab", PartyClass.MEDIA, text, title=TITLES[language], language=language, received=NOW, published=NOW
    )
    await desk.read(item)
    assert await desk.events() == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_text_of_which_nothing_is_seen_tells_nothing(language: str, desk: Desk) -> None:
    hidden = f'<div style="display:none">{SAID[language].format(77)}</div>'
    for body in (f"<p>Weather is fine.</p>{hidden}", f"Weather is fine. {hidden}"):
        assert (await desk.read(item_from_text(body, received=NOW, language=language))).outcome == "nothing"
