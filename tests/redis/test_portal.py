"""The portal's two ports: what is open to everybody there, and what is not."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from redis.asyncio import Redis

from services.portal.app import build_portal
from services.portal.settings import PortalSettings
from services.runtime.embedded_redis import EmbeddedRedis
from services.runtime.http.server import listen
from services.runtime.process import run_service
from services.runtime.settings import SettingsError
from tests.redis.public_pages import OpenPortal, PageParts, open_portal

PAGES = ("/", "/s/pardon-20241228-aaaaaa", "/no-such-page", "/?lang=xx", "/?before=x")
PRIVATE = ("/healthz", "/readyz", "/metrics", "/asyncapi")


@pytest.fixture
async def portal(redis: Redis, redis_url: str, tmp_path: Path) -> AsyncIterator[OpenPortal]:
    async with open_portal(redis_url, tmp_path) as portal:
        yield portal


async def test_what_is_ours_is_on_the_private_port_alone(portal: OpenPortal) -> None:
    for path in PRIVATE:
        assert (await portal.private.get(path)).status_code == 200
        assert (await portal.public.get(path)).status_code == 404
    for path in ("/", "/stop/x", "/v1/event-types"):
        assert (await portal.private.get(path)).status_code == 404


@pytest.mark.parametrize("path", ["/v1/stories", "/v1/reports", "/v1/desk/stories", "/v1/preview", "/openapi.json"])
async def test_nothing_of_ingest_or_notify_can_be_asked_there(portal: OpenPortal, path: str) -> None:
    assert (await portal.public.get(path)).status_code == 404
    assert (await portal.public.post(path)).status_code == 404


async def test_a_page_loads_nothing_runs_nothing_and_remembers_nothing(portal: OpenPortal) -> None:
    for path in PAGES:
        answer = await portal.public.get(path)
        parts = PageParts(answer.text)
        assert "set-cookie" not in answer.headers
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert not {tag for tag, _ in parts.elements} & {"script", "img", "iframe", "object", "embed", "audio", "video"}
        assert not any({"style", "src", "onclick", "onload"} & attrs.keys() for _, attrs in parts.elements)
        assert "url(" not in answer.text
        assert "@import" not in answer.text


async def test_the_one_style_is_the_one_that_the_policy_lets_in(portal: OpenPortal) -> None:
    answer = await portal.public.get("/")
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in answer.headers["content-security-policy"]
    assert len(PageParts(answer.text).of("style")) == 1


async def test_every_page_says_how_to_leave_and_speaks_the_other_languages(portal: OpenPortal) -> None:
    for path in PAGES:
        parts = PageParts((await portal.public.get(path)).text)
        assert [one["rel"] for one in parts.of("a") if one.get("class") == "exit"] == ["noreferrer nofollow"]
        assert {"en", "ru"} <= {one.get("hreflang") for one in parts.of("a")}


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/no-such-page", 404, "Такой страницы нет"), ("/s/none", 404, "Такой страницы нет"), ("/s/", 404, "Такой"),
        ("/?before=x", 400, "Запрос не удалось прочитать"), ("/?before=" + "9" * 400 + "-a", 400, "не удалось"),
        ("/?before=-", 400, "не удалось"), ("/?before=%00", 400, "не удалось"),
    ],
)  # fmt: skip
async def test_what_cannot_be_answered_is_said_in_the_readers_language(
    portal: OpenPortal, path: str, status: int, says: str
) -> None:
    answer = await portal.public.get(path, headers={"accept-language": "ru"})
    assert (answer.status_code, answer.headers["content-language"]) == (status, "ru")
    assert says in PageParts(answer.text).text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "typed",
    ["<script>alert(1)</script>", "\"onmouseover='x'", "'; DROP TABLE", "../../etc/passwd", "\u202eevil", "%s{{7*7}}"],
)
async def test_nothing_that_was_typed_comes_back(portal: OpenPortal, typed: str) -> None:
    for path in ("/{}", "/s/{}", "/?lang={}", "/?before={}", "/stop/{}"):
        answer = await portal.public.get(path.format(typed.replace("%", "%25").replace("/", "%2F")))
        assert answer.status_code in (400, 404)
        assert typed not in answer.text
        assert "alert(1)" not in answer.text
        assert "evil" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_a_page_that_is_read_takes_nothing(portal: OpenPortal, method: str) -> None:
    answer = await portal.public.request(method, "/")
    assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})
    assert "Leave this page" in answer.text


async def test_reading_leaves_nothing_in_the_log(portal: OpenPortal) -> None:
    with structlog.testing.capture_logs() as lines:
        for path in (*PAGES, "/stop/1-aaaaaaaaaaaaaaaaaaaaaaaa"):
            await portal.public.get(path, headers={"x-forwarded-for": "192.0.2.7"})
    assert lines == []


async def test_robots_and_icons_cost_nothing(portal: OpenPortal) -> None:
    assert "Disallow: /" in (await portal.public.get("/robots.txt")).text
    assert (await portal.public.get("/favicon.ico")).status_code == 204


@pytest.mark.parametrize("setting", ["portal_port", "portal_private_port"])
async def test_a_port_that_is_taken_is_named(redis: Redis, redis_url: str, tmp_path: Path, setting: str) -> None:
    with listen("127.0.0.1", 0) as taken:
        taken.listen()
        ports = {"portal_port": 0, "portal_private_port": 0, setting: taken.getsockname()[1]}
        service = await build_portal(PortalSettings.model_validate({"state_dir": tmp_path, **ports}), redis_url)
        with pytest.raises(SettingsError, match=f"VESTKA_{setting.upper()}"):
            await run_service(service)
    assert service.close is not None
    await service.close()


async def test_while_the_store_is_away_the_reader_is_told_and_after_it_all_goes_on(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path / "redis")
    server.start()
    async with open_portal(server.url, tmp_path / "state") as portal:
        server.stop()
        away = await portal.public.get("/", headers={"accept-language": "ru"})
        assert (away.status_code, away.headers["retry-after"]) == (503, "5")
        assert "Сейчас недоступно" in away.text
        assert (await portal.private.get("/healthz")).status_code == 200
        assert (await portal.private.get("/readyz")).status_code == 503
        server.start()
        assert (await portal.public.get("/")).status_code == 200
    server.stop()
