"""In discreet mode the bot's answers give nothing away: not in the list of chats, and not at a glance."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from html import unescape
from urllib.parse import urlsplit

import httpx
import pytest
from redis.asyncio import Redis

from services.demo.bot_chat import ChatMessage
from services.demo.bot_people import FIRST_OF_PEOPLE
from services.demo.form_browser import FormBrowser
from tests.letters import LANGUAGES
from tests.redis.bot_room import READER, BotRoom, open_bot_room
from tests.redis.portal_room import portal_on
from tests.redis.post_office import PUBLIC
from tests.store import everything_in

NAME = "Здзіслаў Канарэйчык"
TELLING = re.compile(
    "канарэй|kanarej|канарей|vestka|вестк|belarus|белар|памілав|помилов|pardon|затрым|задерж|detain|arrest|"
    "арышт|арест|prison|турм|вязн|тюрьм|заключ|telegram|област|вобласц|region|гомел|gomel|person|чалавек|человек|"
    "новост|навін|news|extremis|экстрэм|экстрем",
    re.IGNORECASE,
)
"""Words that say what it is about."""
COMMANDS = (
    *("/help", "/list", f"/watch {NAME}", "/watch", "/unwatch", "/unwatch 7", "/place", "/place gomel", "/place X"),
    *(
        "/language",
        "/frequency",
        "/frequency daily",
        "/quiet",
        "/quiet 22:00-07:00",
        "/quiet urgent on",
        "/discreet",
        "/discreet on",
    ),
    *("/list more", "/list kinds", "/list kinds -pardon", "/list sources +official", "/list confirmed on"),
    *("/list updates", "/list articles", "/list articles 342", "/list articles ?", "/list not", "/list not gomel"),
    *("/list not ?", "/place towns", "/place towns gomel", "/frequency 1 daily", "/frequency 2", "/list not Мозырь"),
    *(
        f"/list not {NAME}",
        "/list",
        "/export",
        "/watch x",
        "/nonsense",
        "/pause",
        "/start",
        "/erase",
        "/stop",
        "/start",
    ),
)


@pytest.fixture
async def room(redis: Redis) -> AsyncIterator[BotRoom]:
    async with open_bot_room(redis, discreet_url="https://pages.example.org") as room:
        yield room


def in_sight(message: ChatMessage) -> str:
    """What no spoiler covers, buttons included."""
    covered = [one for one in message.entities if one.type == "spoiler"]
    encoded = message.text.encode("utf-16-le")
    for one in reversed(covered):
        encoded = encoded[: 2 * one.offset] + encoded[2 * (one.offset + one.length) :]
    return encoded.decode("utf-16-le") + " ".join(f" {one.text} {one.url}" for one in message.markup.buttons())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_in_sight_says_what_it_is_about(room: BotRoom, language: str) -> None:
    await room.join(discreet=True, language=language)
    assert not TELLING.search(in_sight(room.newest()))
    for command in COMMANDS:
        (said,) = await room.say(command, language=language)
        assert not TELLING.search(in_sight(said)), (command, in_sight(said))
        assert said.protected, command
        assert said.silent, command
    assert room.chat.refusals == []


async def test_a_watched_name_is_not_said_again_and_what_was_typed_is_taken_away(room: BotRoom) -> None:
    await room.join(discreet=True)
    (said,) = await room.say(f"/watch {NAME}")
    assert "Канарэйчык" not in said.text
    assert "Names on your list: 1" in said.text
    typed = room.chat.people.said.things[-1].message_id
    assert typed in room.chat.people.deleted
    assert typed > FIRST_OF_PEOPLE


async def test_a_question_that_is_answered_is_neutral_and_the_answer_is_taken_away(room: BotRoom) -> None:
    await room.join(discreet=True)
    await room.press("watch:?")
    question = room.newest()
    assert not TELLING.search(question.text)
    (said,) = await room.say(NAME, reply_to=question.message_id)
    assert "Names on your list: 1" in said.text
    assert len(room.chat.people.deleted) == 1


async def test_a_name_that_is_written_without_a_command_is_taken_away_as_well(room: BotRoom) -> None:
    await room.join(discreet=True)
    (said,) = await room.say(NAME)
    assert said.text.startswith("Please choose:")
    assert len(room.chat.people.deleted) == 1


async def test_no_file_is_sent_and_the_page_is_named_under_the_discreet_address(room: BotRoom) -> None:
    await room.join(discreet=True)
    await room.say("/export")
    await room.press("export:file")
    assert all(one.file is None for one in room.chat.messages)
    (url,) = [one.url for one in room.newest().markup.buttons() if one.url]
    assert url.startswith("https://pages.example.org/manage/")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("discreet", [True, False])
async def test_erasing_leaves_nothing_within_a_minute_and_its_last_word_gives_nothing_away(
    room: BotRoom, redis: Redis, language: str, discreet: bool
) -> None:
    someone = await room.join(discreet=discreet, language=language)
    await room.say(f"/watch {NAME}", language=language)
    (asked,) = await room.say("/erase", language=language)
    assert len(await room.vault.everybody()) == 1, "a question first"
    async with asyncio.timeout(60):
        last = await room.press("erase:yes", message=asked.message_id, language=language)
    assert await room.vault.everybody() == []
    assert not TELLING.search(in_sight(last))
    assert len(last.text) < 12
    assert last.markup.buttons() == []
    assert [key async for key in redis.scan_iter(f"vestka:pace:telegram:{someone.number}")] == []
    digest = await room.vault.digest_of("telegram", str(READER))
    assert digest not in await everything_in(redis)
    again = await room.press("erase:yes", message=asked.message_id, language=language)
    assert again.text == last.text, "the same for one who is gone"


async def test_after_erasing_the_chat_is_a_strangers(room: BotRoom) -> None:
    await room.join(discreet=True)
    await room.say("/erase")
    await room.press("erase:yes")
    (said,) = await room.say("/list")
    assert "Nothing comes here until you press the button" in said.text


async def test_the_page_that_is_named_shows_what_is_kept_lets_it_be_taken_along_and_erases_it(
    room: BotRoom, redis: Redis
) -> None:
    await room.join(discreet=True)
    (said,) = await room.say("/export")
    (url,) = [one.url for one in said.markup.buttons() if one.url]
    transport = httpx.ASGITransport(portal_on(redis, room.vault, room.clock))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
        browser = FormBrowser(client)
        page = await browser.open(urlsplit(url).path)
        assert page.status == 200
        for link in re.findall(r'href="(/manage/[^"]+)"', page.answer.text):
            assert (await browser.open(unescape(link))).status == 200, link
        forms = re.findall(r'action="/manage/[^/"]+/(\w+)', page.answer.text)
        assert sorted(set(forms)) == ["export", "pause", "save", "stop"], "and nothing about letters"
        kept = await browser.send(page, "/export")
        assert json.loads(kept.answer.content)["channels"] == [{"channel": "telegram", "target": str(READER)}]
        sure = await browser.open(urlsplit(url).path + "/erase")
        assert (await browser.send(sure)).status == 200
        assert (await browser.open(urlsplit(url).path)).status == 410
    assert await room.nobody()
