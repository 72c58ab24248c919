"""The local page: what it shows, and what nothing that arrives can make it do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from services.demo.bot_bubble import formatted
from services.demo.bot_entities import Entity
from services.demo.bot_html import parse_html
from services.demo.bot_stand_in import TelegramStandIn
from services.demo.inbox import Inbox
from services.demo.live_page import page
from services.demo.webhooks import WebhookCall, WebhookReceiver

NASTY = "<script>alert(1)</script>"
LETTER = (
    f"From: Vestka <alerts@vestka.example>\r\nTo: reader@mail.example\r\nSubject: 20 people {NASTY}\r\n"
    "Content-Type: multipart/alternative; boundary=x\r\n\r\n"
    f"--x\r\nContent-Type: text/plain\r\n\r\nNo names. {NASTY}\r\n"
    "--x\r\nContent-Type: text/html\r\n\r\n"
    '<meta name="color-scheme" content="light dark"><style>@media (prefers-color-scheme: dark){p{color:#fff}}</style>'
    "<p>No names.</p>\r\n--x--\r\n"
).encode()


class Stage:
    """The three receivers, not listening, and a browser at the page."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.chat = TelegramStandIn("4200:demo")
        self.webhooks = WebhookReceiver("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3")
        app = page(self.inbox, self.chat, self.webhooks)
        self.browser = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000")

    async def letter(self) -> None:
        await self.inbox.take(LETTER, "alerts@vestka.example", ["reader@mail.example"])

    async def message(self, **given: Any) -> None:
        bot = httpx.AsyncClient(transport=httpx.ASGITransport(app=self.chat.app()), base_url="http://bot")
        async with bot:
            await bot.post("/bot4200:demo/sendMessage", json={"chat_id": 1234567, "parse_mode": "HTML", **given})

    async def call(self, event: dict[str, Any] | None, body: bytes = b"", verified: bool = True) -> None:
        await self.webhooks.kept.put(
            lambda number: WebhookCall(
                number=number,
                received_at=datetime(2025, 1, 1, tzinfo=UTC),
                verified=verified,
                why=None if verified else "No matching signature found",
                id="story-r1",
                headers=(("webhook-id", "story-r1"), ("x", NASTY)),
                body=body,
                event=event,
                duplicate=False,
            )
        )

    async def see(self, path: str) -> str:
        answer = await self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    yield stage
    await stage.browser.aclose()


async def test_an_empty_page_says_what_it_waits_for(stage: Stage) -> None:
    text = await stage.see("/")
    for what in ("first letter", "first message", "first call"):
        assert f"Waiting for the {what}" in text


async def test_all_three_are_side_by_side(stage: Stage) -> None:
    await stage.letter()
    await stage.message(text="<b>20 people pardoned</b>")
    await stage.call({"type": "pardon.announced"})
    text = await stage.see("/")
    for part in ("20 people", "<strong>20 people pardoned</strong>", "pardon.announced", "✓ Verified", "1 letter"):
        assert part in text


async def test_nothing_that_arrives_becomes_markup(stage: Stage) -> None:
    await stage.letter()
    await stage.message(text=NASTY, parse_mode="")
    await stage.message(text=NASTY.replace("<", "&lt;"), reply_parameters={"message_id": 1})
    await stage.call({"type": NASTY, NASTY: NASTY})
    await stage.call(None, NASTY.encode(), verified=False)
    for path in ("/", "/inbox/1", "/telegram", "/webhooks/1", "/webhooks/2"):
        text = await stage.see(path)
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text


async def test_half_a_surrogate_pair_breaks_no_page(stage: Stage) -> None:
    await stage.call({"type": "x", "data": "\ud800"})
    assert "✓ Verified" in await stage.see("/webhooks/1")


async def test_the_policy_lets_in_our_own_style_and_script_and_nothing_remote(stage: Stage) -> None:
    answer = await stage.browser.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r'(?:src|href)="(?:https?:)?//', answer.text) == []


async def test_the_letter_is_shown_where_it_can_neither_run_nor_fetch_anything(stage: Stage) -> None:
    await stage.letter()
    assert re.search(r'<iframe src="/inbox/1\.html[^>]* sandbox=""', await stage.see("/inbox/1"))
    policy = (await stage.browser.get("/inbox/1.html")).headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none';")


@pytest.mark.parametrize(
    ("scheme", "declared", "asked"),
    [
        ("light", 'content="light"', "(max-width:0)"),
        ("dark", 'content="dark"', "(min-width:0)"),
        ("system", 'content="light dark"', "(prefers-color-scheme: dark)"),
        ("nonsense", 'content="light dark"', "(prefers-color-scheme: dark)"),
    ],
)
async def test_a_letter_can_be_seen_in_light_and_in_dark(stage: Stage, scheme: str, declared: str, asked: str) -> None:
    await stage.letter()
    text = await stage.see(f"/inbox/1.html?scheme={scheme}")
    assert declared in text
    assert f"@media {asked}" in text


async def test_a_letter_can_be_seen_on_a_phone(stage: Stage) -> None:
    await stage.letter()
    assert 'class="frame phone dark"' in await stage.see("/inbox/1?scheme=dark&width=phone")


async def test_the_address_of_a_reader_is_shown_in_part_only(stage: Stage) -> None:
    await stage.letter()
    await stage.message(text="x")
    for path in ("/", "/inbox/1", "/telegram"):
        text = await stage.see(path)
        assert "reader@mail.example" not in text
        assert "1234567" not in text
    assert "r…@mail.example" in await stage.see("/inbox/1")


async def test_the_raw_letter_can_be_had(stage: Stage) -> None:
    await stage.letter()
    answer = await stage.browser.get("/inbox/1.eml")
    assert answer.content == LETTER
    assert answer.headers["content-type"] == "message/rfc822"
    assert "No names." in await stage.see("/inbox/1.txt")


@pytest.mark.parametrize("path", ["/inbox/1", "/inbox/1.html", "/inbox/1.eml", "/webhooks/1", "/nowhere"])
async def test_what_is_not_there_is_said_to_be_not_there(stage: Stage, path: str) -> None:
    answer = await stage.browser.get(path)
    assert answer.status_code == 404
    assert "Not here" in answer.text


async def test_the_state_changes_with_everything_that_arrives(stage: Stage) -> None:
    states = [await stage.see("/state")]
    for arrives in (stage.letter(), stage.message(text="x"), stage.message(text=""), stage.call(None)):
        await arrives
        states.append(await stage.see("/state"))
    assert len(set(states)) == 5
    assert f'data-state="{states[-1]}"' in await stage.see("/")


async def test_a_name_that_was_made_to_lead_here_is_turned_away(stage: Stage) -> None:
    answer = await stage.browser.get("/", headers={"host": "attacker.example"})
    assert answer.status_code == 400


async def test_refused_messages_are_listed_with_what_the_bot_was_told(stage: Stage) -> None:
    await stage.message(text="<b>x")
    assert "find end tag corresponding to start tag" in await stage.see("/telegram")


def test_entities_are_drawn_by_utf_16_offsets() -> None:
    parsed = parse_html("😀 <b>20 <i>people</i></b> <code>a&lt;b</code> <a href='https://vestka.example/'>more</a>")
    assert formatted(parsed.text, parsed.entities) == (
        "😀 <strong>20 <em>people</em></strong> <code>a&lt;b</code> "
        '<a href="https://vestka.example/" rel="noopener noreferrer nofollow" target="_blank">more</a>'
    )


def test_a_link_to_anything_but_the_web_is_drawn_without_its_address() -> None:
    assert "javascript" not in formatted("x", [Entity("text_link", 0, 1, url="javascript:alert(1)")])


def test_the_line_break_after_a_quotation_is_not_drawn_twice() -> None:
    parsed = parse_html("<blockquote>a</blockquote>\nb")
    assert formatted(parsed.text, parsed.entities) == "<blockquote>a</blockquote>b"
