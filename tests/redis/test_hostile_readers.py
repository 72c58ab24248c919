"""Every form, field and token of the readers' rooms, given what somebody hostile sends: a clear answer in the language
of the page, nothing done, nothing of it in the answer but as text, and no fault of ours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from urllib.parse import quote_from_bytes, urlencode

import httpx
import pytest
import structlog
from redis.asyncio import Redis
from selectolax.lexbor import LexborHTMLParser

from services.demo.form_browser import OpenedPage, filled
from services.notify.channels.email.mail_addresses import read_mail_address
from services.portal.app import build_portal
from services.portal.settings import PortalSettings
from services.subscribers.address import InvalidAddress
from services.subscribers.stop_links import StopLinks
from tests.letters import renderer_at
from tests.redis.hostile_texts import hostile_texts, hostile_tokens
from tests.redis.portal_room import KEYRING, PortalRoom, open_portal_room
from tests.redis.post_office import PUBLIC
from tests.store import everything_in

MOTHER, ELSEWHERE = "mother@mail.example.org", "mother@another.example"
LANGUAGES = renderer_at().page_languages
REFUSED = {400, 403, 404, 405, 410, 413, 422}
RUNS = (
    "script, img, svg, iframe, base, object, embed, link[rel=stylesheet], meta[http-equiv], a[href^='javascript'], "
    "form[action*='hostile'], [onerror], [onload], [onfocus], [autofocus]"
)
NEVER_RIGHT = {"email": "no address", "new_address": "no address", "towns": "Atlantis"}
"""So that a form in which one field is hostile is never done for what the others say."""


@pytest.fixture
async def room(redis: Redis) -> AsyncIterator[PortalRoom]:
    async with open_portal_room(redis) as room:
        await room.joined(MOTHER, persons="Здзіслава Канарэйчык")
        yield room


def is_address(text: bytes) -> bool:
    try:
        read_mail_address(text.decode())
    except (InvalidAddress, UnicodeDecodeError):
        return False
    return True


def is_harmless(answer: httpx.Response, text: bytes, language: str) -> None:
    tree = LexborHTMLParser(answer.text)
    root = tree.css_first("html")
    assert root is not None
    assert root.attributes["lang"] == language
    assert tree.css_first("h1") is not None
    assert tree.css(RUNS) == []
    assert "Traceback" not in answer.text
    if b"<" in text:
        assert text not in answer.content
    assert not any("hostile" in value for value in answer.headers.values())
    assert not {"set-cookie", "location"} & answer.headers.keys()


async def post(room: PortalRoom, where: str, fields: Mapping[str, list[str]], name: str, text: bytes) -> httpx.Response:
    """As a form sends it, in whatever encoding: the hostile field as it is, the others as they are filled in."""
    others = {one: values for one, values in fields.items() if one != name}
    body = f"{urlencode(others, doseq=True)}&{name}={quote_from_bytes(text, safe='')}"
    kind = {"content-type": "application/x-www-form-urlencoded"}
    return await room.browser.client.post(where, content=body, headers=kind)


async def forms_of(room: PortalRoom, language: str) -> list[tuple[str, dict[str, list[str]]]]:
    """Where each of them leads, and what it holds. What must be confirmed waits for that."""
    beside = f"lang={language}"
    await room.asked_to_join("new@mail.example.org")
    confirm = await room.link_in_newest()
    managing = await room.managing()
    here = managing.answer.url.path
    await room.browser.send(managing, "/move", new_address=ELSEWHERE)
    move = await room.link_in_newest()
    paths = ("/join/email", "/manage", confirm, here, f"{here}/erase", move)
    pages = [await room.browser.open(f"{path}?{beside}") for path in paths]
    return [found for page in pages for found in _forms_in(page)]


def _forms_in(page: OpenedPage) -> list[tuple[str, dict[str, list[str]]]]:
    assert page.status == HTTPStatus.OK
    return [(form.attributes.get("action") or "", filled(form)) for form in page.forms()]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_hostile_field_of_any_form_does_nothing_and_is_answered_in_the_pages_language(
    room: PortalRoom, redis: Redis, language: str
) -> None:
    forms = await forms_of(room, language)
    assert len(forms) >= 10
    await redis.delete("vestka:letters")
    before = await everything_in(redis)
    with structlog.testing.capture_logs() as logs:
        for number, text in enumerate(hostile_texts()):
            for where, fields in forms:
                for at, name in enumerate(fields):
                    if (number + at) % len(LANGUAGES) == LANGUAGES.index(language):  # each with each, once in three
                        await _does_nothing(room, where, fields, name, text, language)
    assert await everything_in(redis) == before
    assert logs == []


async def _does_nothing(
    room: PortalRoom, where: str, fields: dict[str, list[str]], name: str, text: bytes, language: str
) -> None:
    if name in ("email", "new_address") and is_address(text):
        return
    wrong = {one: [value] for one, value in NEVER_RIGHT.items() if one in fields and one != name}
    answer = await post(room, where, fields | wrong, name, text)
    assert answer.status_code in REFUSED, (where, name, text)
    is_harmless(answer, text, language)


async def test_a_hostile_token_is_nobodys_whichever_door_it_is_tried_at(room: PortalRoom, redis: Redis) -> None:
    await room.asked_to_join("new@mail.example.org")
    join = (await room.link_in_newest()).rpartition("/")[2]
    manage = (await room.managing()).answer.url.path.rpartition("/")[2]
    (someone,) = await room.vault.everybody()
    assert someone.stop_seed is not None
    stop = StopLinks(KEYRING, PUBLIC).url(someone.stop_seed).rpartition("/")[2]
    tokens = [*hostile_texts(), *(text for ours in (join, manage, stop) for text in hostile_tokens(ours))]
    tokens += [ours.encode() for ours in (join, manage, stop)]
    before = await everything_in(redis)
    with structlog.testing.capture_logs() as logs:
        for token in tokens:
            written = quote_from_bytes(token, safe="")
            if len(written) < 8_000:  # a server takes no longer line
                for door in ("join", "manage", "move", "stop"):
                    if token.decode(errors="replace") != {"join": join, "manage": manage, "stop": stop}.get(door):
                        await _is_nobodys(room, door, written, token)
    assert await everything_in(redis) == before
    assert logs == []


async def _is_nobodys(room: PortalRoom, door: str, written: str, token: bytes) -> None:
    ends = {"join": ("",), "manage": ("", "/erase", "/save", "/stop"), "move": ("",), "stop": ("", "/back")}[door]
    for end in ends:
        for ask in (room.browser.client.get, room.browser.client.post):
            answer = await ask(f"/{door}/{written}{end}?lang=be")
            if door == "stop":  # whoever has no link any more is told that nothing comes, and never asked who they are
                assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
            else:
                assert answer.status_code in REFUSED, (door, end, token)
                is_harmless(answer, token, "be")


async def test_hostile_addresses_of_public_pages_and_codes_are_answered_and_do_nothing(
    redis: Redis, redis_url: str
) -> None:
    service = await build_portal(PortalSettings(), redis_url)
    before = await everything_in(redis)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(service.web), base_url=PUBLIC)
    try:
        with structlog.testing.capture_logs() as logs:
            for text in hostile_texts():
                written = quote_from_bytes(text, safe="")
                if len(written) < 8_000:
                    for path in (
                        "/s/{}?lang=ru",
                        "/?lang=ru&before={}",
                        "/code?lang=ru&code={}",
                        "/{}?lang=ru",
                        "/?lang={}",
                    ):
                        answer = await client.get(path.format(written), headers={"accept-language": "ru"})
                        assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, (path, text)
                        is_harmless(answer, text, "ru")
        assert await everything_in(redis) == before
        assert logs == []
    finally:
        await client.aclose()
        assert service.close is not None
        await service.close()
