"""Is a message ours? The code of a letter is known on the page, however it is typed, and nobody else can make one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from services.notify.assembly import renderer_of
from services.notify.assembly import renderer_of as letters_of
from services.notify.content.story_code import SIGNS, code_key, story_code
from services.notify.settings import NotifySettings
from services.portal.frame.door_pages import DoorPages
from services.portal.frame.portal_app import portal_app
from services.portal.news.code_book import CodeBook
from services.portal.news.code_routes import CodeHandlers, code_routes
from services.portal.news.story_card import StoryCards
from services.portal.settings import PortalSettings
from services.runtime.http.rate_limit import RateLimit
from tests.redis.public_pages import PageParts, open_portal
from tests.redis.samples import arrest, pardon
from tests.redis.test_portal_news import tell

KEY = "a key for this test"
BEFORE = "a-key-of-before"
CODE = story_code(pardon().subject, code_key(KEY.encode()))
OURS, NOT_OURS, NO_CODE = "This code is ours.", "This code is not ours.", "This cannot be a code of ours."


@pytest.fixture
async def reader(redis: Redis, redis_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    await tell(redis, pardon(), arrest())
    async with open_portal(redis_url, tmp_path, link_key=KEY, link_keys_before=BEFORE) as portal:
        yield portal.public


async def check(reader: httpx.AsyncClient, typed: str, language: str = "en") -> str:
    answer = await reader.post("/code", data={"code": typed}, params={"lang": language})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return PageParts(answer.text).text


async def test_the_code_of_a_letter_is_known_and_says_what_it_was_about(
    reader: httpx.AsyncClient, tmp_path: Path
) -> None:
    settings = NotifySettings.model_validate({"link_key": KEY, "state_dir": tmp_path})
    letter = letters_of(settings).render(
        pardon(), channel="email", parts=("text",), language="en", mode="plain"
    ).parts["text"]  # fmt: skip
    assert CODE in letter
    page = await check(reader, CODE)
    assert OURS in page
    assert "Belarus: 20 people pardoned" in page
    assert "detained" not in page


@pytest.mark.parametrize("typed", [CODE.lower(), CODE.replace("-", ""), f"  {CODE} ", CODE.replace("-", " ")])
async def test_it_may_be_typed_in_any_way(reader: httpx.AsyncClient, typed: str) -> None:
    assert OURS in await check(reader, typed)


async def test_a_code_of_a_key_that_was_changed_since_is_ours_still(reader: httpx.AsyncClient) -> None:
    assert OURS in await check(reader, story_code(pardon().subject, code_key(BEFORE.encode())))


async def test_what_anybody_can_compute_from_a_public_address_is_no_code_of_ours(reader: httpx.AsyncClient) -> None:
    for key in (b"", b"guessed", code_key(b"another key")):
        assert NOT_OURS in await check(reader, story_code(pardon().subject, key))


async def test_a_code_of_a_story_that_was_never_told_is_not_ours(reader: httpx.AsyncClient) -> None:
    assert NOT_OURS in await check(reader, story_code("pardon-20241228-never", code_key(KEY.encode())))


async def test_no_page_for_everybody_shows_a_code(reader: httpx.AsyncClient) -> None:
    for path in ("/", f"/s/{pardon().subject}", "/feed.atom", "/feed.json", "/code"):
        assert CODE not in (await reader.get(path)).text


@pytest.mark.parametrize(
    "typed", ["", "x", "<script>alert(1)</script>", "\u202e4X7K", "0" * 8, CODE[:-1], CODE + "2", "'\" OR 1=1", "٢" * 8]
)
async def test_what_is_no_code_gets_a_clear_answer_and_is_not_repeated(reader: httpx.AsyncClient, typed: str) -> None:
    answer = await reader.post("/code", data={"code": typed})
    assert NO_CODE in answer.text
    assert not typed.strip() or len(typed) < 3 or typed not in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"code=" + b"A" * 5000, 413), ("code=й".encode(), 400), (b"&".join([b"a=1"] * 50), 400), (b"\xff\x00", 400)],
)
async def test_a_form_that_is_none_of_ours_is_refused(reader: httpx.AsyncClient, body: bytes, status: int) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert (await reader.post("/code", content=body, headers=form)).status_code == status


@pytest.mark.parametrize(("language", "says"), [("ru", "Этот код наш."), ("en", OURS)])
async def test_the_answer_is_in_the_readers_language(reader: httpx.AsyncClient, language: str, says: str) -> None:
    assert says in await check(reader, CODE, language)


async def test_looking_at_the_form_asks_nothing_and_may_be_kept(reader: httpx.AsyncClient) -> None:
    first = await reader.get("/code", params={"code": CODE})
    assert "public" in first.headers["cache-control"]
    assert OURS not in first.text
    assert (await reader.head("/code")).status_code == 200


async def test_every_code_is_compared_whichever_is_right(redis: Redis) -> None:
    await tell(redis, pardon(), arrest())
    book = CodeBook(redis, [KEY.encode()])
    found = await book.stories_of(CODE)
    assert found is not None
    assert [event.subject for event in found] == [pardon().subject]
    wrong = next(sign for sign in SIGNS if sign != CODE[0])
    assert await book.stories_of(wrong + CODE[1:]) is None, "one wrong sign is found without asking"


async def test_guessing_is_slowed_down_and_the_answer_says_so(redis: Redis) -> None:
    pages = DoorPages(renderer_of(PortalSettings()), "https://www.example.org/", ())
    handlers = CodeHandlers(pages, CodeBook(redis, []), StoryCards(pages.renderer), RateLimit(60, 3), lambda: 0.0)
    transport = httpx.ASGITransport(portal_app(pages, code_routes(handlers)))
    async with httpx.AsyncClient(transport=transport, base_url="http://portal") as client:
        answers = [await client.post("/code?lang=ru", data={"code": CODE}) for _ in range(5)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert "Слишком часто" in answers[-1].text
    assert answers[-1].headers["retry-after"] == "60"
