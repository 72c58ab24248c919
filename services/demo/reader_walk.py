"""A reader's way in and out, over HTTP as a browser without JavaScript goes it: join, confirm, be told, stop."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import httpx

from services.demo.caught_letter import CaughtLetter
from services.demo.form_browser import FormBrowser, NoSuchForm, OpenedPage
from services.demo.inbox import Inbox

_PATIENCE: Final = 20.0
"""Seconds for a page, and for a letter."""


class WentWrong(Exception):
    """What did not come of it, in a few words."""


async def walk(join_url: str, page_url: str, inbox: Inbox) -> AsyncIterator[str]:
    """What was done, step by step. Raises WentWrong."""
    address = f"new-reader-{secrets.token_hex(4)}@demo.example"  # one that no store knows yet
    base = join_url.removesuffix("/join")
    try:
        async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=_PATIENCE) as client:
            browser = FormBrowser(client)
            await _until_open(client)
            _answers(await browser.open("/join"), "GET /join")
            yield "GET /join: what to know before"
            form = _answers(await browser.open("/join/email"), "GET /join/email")
            _answers(await browser.send(form, "/join/email", email=address), "POST /join/email")
            yield "POST /join/email: a letter was asked for"
            link = link_in(await _letter(inbox, address, 1), base)
            yield "the letter with the link is in the demo's inbox"
            confirm = _answers(await browser.open(link), "GET of the link")
            yield "GET of the link: what was chosen, and a button"
            _answers(await browser.send(confirm), "POST of the link")
            yield "POST of the link: joined"
            await _press(client, page_url)
            yield "POST /again of the demo's page: the sample once more, as an exercise"
            alert = await _letter(inbox, address, 2)
            if "exercise" not in alert.text:  # not in the subject: whoever does not ask gets discreet ones
                raise WentWrong("the alert does not say that it is an exercise")
            yield "the alert reached the new reader, marked as an exercise"
            stop = await browser.open(link_in(alert, f"{base}/stop"))
            _answers(await browser.send(stop), "POST of the stop link")
            yield "POST of its stop link: no more alerts"
    except httpx.HTTPError as error:
        raise WentWrong(f"the portal did not answer ({type(error).__name__})") from None
    except TimeoutError:
        raise WentWrong("the portal did not open") from None
    except NoSuchForm:
        raise WentWrong("a page had not the form that it should have") from None


def link_in(letter: CaughtLetter, base: str) -> str:
    """The path of the first link that begins so. Raises WentWrong."""
    for word in letter.text.split():
        if word.startswith(base):
            return urlsplit(word).path
    raise WentWrong("the letter had not the link that it should have")


def _answers(page: OpenedPage, what: str) -> OpenedPage:
    if page.status != HTTPStatus.OK:
        raise WentWrong(f"{what} was answered {page.status}")
    return page


async def _until_open(client: httpx.AsyncClient) -> None:
    """It may start a little later than the others, which nobody waits for."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            try:
                await client.get("/robots.txt")
            except httpx.ConnectError:
                await asyncio.sleep(0.1)
            else:
                return


async def _letter(inbox: Inbox, address: str, count: int) -> CaughtLetter:
    """The newest of so many to that address. Raises WentWrong."""
    try:
        async with asyncio.timeout(_PATIENCE):
            while True:
                found = [letter for letter in inbox.messages if letter.recipient == address]
                if len(found) >= count:
                    return found[-1]
                await inbox.wait_for(inbox.kept.total + 1)
    except TimeoutError:
        raise WentWrong(f"letter {count} did not come") from None


async def _press(client: httpx.AsyncClient, page_url: str) -> None:
    answer = await client.post(f"{page_url}/again", data={"sample": "pardon"})
    if answer.status_code != HTTPStatus.SEE_OTHER:
        raise WentWrong(f"POST /again was answered {answer.status_code}")
