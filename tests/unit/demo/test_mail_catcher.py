"""The mail catcher of docker-compose.yml: takes a letter, shows it, and shows nothing else."""

from __future__ import annotations

import asyncio
import smtplib
from email.message import EmailMessage

import httpx

from services.demo.__main__ import catch_mail, read_arguments


def hand_over(port: int) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@vestka.example", "b@vestka.example", "Tidings"
    letter.set_content("What happened, and who says so.")
    with smtplib.SMTP("127.0.0.1", port, "test", timeout=10) as server:
        server.send_message(letter)


async def test_a_letter_that_was_handed_over_can_be_looked_at() -> None:
    async with catch_mail("127.0.0.1", 0, 0) as catcher, httpx.AsyncClient(base_url=catcher.page.url) as client:
        before = await client.get("/state")
        await asyncio.to_thread(hand_over, catcher.inbox.port)
        after = await client.get("/state")
        overview = await client.get("/")
        text = await client.get("/inbox/1.txt")
    assert (before.text, after.text) == ("0", "1")
    assert "Tidings" in overview.text
    assert "who says so" in text.text


async def test_its_page_has_an_inbox_and_neither_a_chat_nor_webhooks() -> None:
    async with catch_mail("127.0.0.1", 0, 0) as catcher, httpx.AsyncClient(base_url=catcher.page.url) as client:
        overview = await client.get("/")
    assert "Inbox" in overview.text
    assert "Telegram" not in overview.text
    assert "Webhook" not in overview.text


async def test_a_page_that_makes_its_own_name_lead_here_is_turned_away() -> None:
    async with catch_mail("127.0.0.1", 0, 0) as catcher, httpx.AsyncClient(base_url=catcher.page.url) as client:
        overview = await client.get("/", headers={"host": "elsewhere.example"})
    assert overview.status_code == 400


def test_it_listens_on_this_machine_only_unless_told_otherwise() -> None:
    assert read_arguments([]).host == "127.0.0.1"
    assert read_arguments(["--host", "0.0.0.0", "--smtp-port", "2525"]).smtp_port == 2525
