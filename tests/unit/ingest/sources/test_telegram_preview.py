from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.ingest.articles import to_article
from services.ingest.sources.base import Cursor, FetchResult, SourceTrouble
from services.ingest.sources.cursors import pages_of
from services.ingest.sources.telegram_preview import TelegramPreviewSettings, TelegramPreviewSource
from tests.unit.ingest.sources.shelf import Shelf

CHANNEL = "https://t.me/s/viasna96"


def text(words: str) -> str:
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{words}</div>'


def post(number: int, inside: str, channel: str = "viasna96") -> str:
    return (
        f'<div class="tgme_widget_message js-widget_message" data-post="{channel}/{number}">{inside}'
        f'<a class="tgme_widget_message_date" href="https://t.me/{channel}/{number}">'
        '<time datetime="2024-12-28T09:10:00+00:00">12:10</time></a></div>'
    )


def posts(*numbers: int) -> str:
    return "".join(post(number, text(f"Post {number}.")) for number in numbers)


def source(shelf: Shelf, **more: Any) -> TelegramPreviewSource:
    about = {"id": "tg", "kind": "telegram_preview", "name": "Viasna", "class": "defender", "channel": "viasna96"}
    return TelegramPreviewSource(TelegramPreviewSettings.model_validate({**about, **more}), shelf)


async def ask(page: str, cursor: Cursor | None = None) -> FetchResult:
    return await source(Shelf({CHANNEL: page})).ask(cursor or Cursor())


async def words(page: str) -> list[str]:
    return [to_article(replace(item, received=item.published)).text for item in (await ask(page)).items]


async def test_a_post_has_its_address_and_its_time_in_utc() -> None:
    (item,) = (await ask(post(7, f'<time class="js-message_video_duration">0:42</time>{text("Text.")}'))).items
    assert item.url == "https://t.me/viasna96/7"
    assert item.published == datetime(2024, 12, 28, 9, 10, tzinfo=UTC)


async def test_a_quoted_reply_is_not_what_the_post_says() -> None:
    quoted = f'<a class="tgme_widget_message_reply">{text("20 people were pardoned.")}</a>'
    assert await words(post(7, quoted + text("No comment."))) == ["No comment."]


async def test_an_album_says_its_text_once() -> None:
    assert await words(post(7, text(text("Once.")))) == ["Once."]


async def test_what_was_forwarded_is_said_by_whoever_wrote_it() -> None:
    name = '<div>Forwarded from <a class="tgme_widget_message_forwarded_from_name">Пул Первого</a></div>'
    assert await words(post(7, name + text("Указ подписан."))) == ["Пул Первого: Указ подписан."]


async def test_a_post_of_photographs_alone_is_read_and_is_no_item() -> None:
    given = await ask(post(7, '<a class="tgme_widget_message_photo_wrap"></a>'))
    assert (given.items, given.read) == ((), 1)


@pytest.mark.parametrize("owner", ["viasna_96", "viasna", "viasna96x"])
async def test_a_post_of_another_channel_never_counts(owner: str) -> None:
    with pytest.raises(SourceTrouble, match="no post of 'viasna96'"):
        await ask(post(7, text("20 people were pardoned."), owner))


async def test_the_case_of_a_handle_does_not_matter() -> None:
    assert (await ask(post(7, text("Text."), "Viasna96"))).items[0].url == "https://t.me/viasna96/7"


@pytest.mark.parametrize("number", ["", "x", "-1", "٣٢", "²", "9" * 40])
async def test_a_post_without_a_number_is_none(number: str) -> None:
    page = post(7, text("Text.")) + post(8, text("Rubbish.")).replace('viasna96/8"', f'viasna96/{number}"')
    assert len((await ask(page)).items) == 1


async def test_a_post_taken_away_between_others_is_gone_and_one_scrolled_away_is_not() -> None:
    first = await ask(posts(5, 6, 7, 8))
    second = await ask(posts(6, 8, 9), first.cursor)
    assert {address[-1]: mark.gone for address, mark in pages_of(second.cursor).items()} == {
        "5": False, "6": False, "7": True, "8": False, "9": False,
    }  # fmt: skip


async def test_a_post_that_came_back_is_gone_no_longer() -> None:
    cursor = (await ask(posts(6, 8), (await ask(posts(6, 7, 8))).cursor)).cursor
    assert not any(mark.gone for mark in pages_of((await ask(posts(6, 7, 8), cursor)).cursor).values())


async def test_what_was_missed_is_read_on_older_pages() -> None:
    known = (await ask(posts(1, 2))).cursor
    shelf = Shelf({CHANNEL: posts(7, 8), f"{CHANNEL}?before=7": posts(4, 5), f"{CHANNEL}?before=4": posts(2, 3)})
    given = await source(shelf).ask(known)
    assert [item.url and item.url[-1] for item in given.items] == ["7", "8", "4", "5", "2", "3"]


async def test_older_pages_have_an_end() -> None:
    known = (await ask(posts(1, 2))).cursor
    shelf = Shelf({CHANNEL: posts(97, 98), f"{CHANNEL}?before=97": posts(95, 96)})
    await source(shelf, pages=2).ask(known)
    assert len(shelf.asked) == 2


async def test_the_first_look_reads_the_newest_page_only() -> None:
    shelf = Shelf({CHANNEL: posts(97, 98)})
    await source(shelf).ask(Cursor())
    assert shelf.asked == [CHANNEL]
