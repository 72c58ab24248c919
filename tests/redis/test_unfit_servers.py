"""A Redis that loses what it is given is refused by name before anything starts; one that is away is told as away."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis as blocking
from redis.asyncio import Redis
from typer.testing import CliRunner

from services.cli import build_app
from services.cli.exits import CliExit, Code
from services.ingest.announced import AnnouncedStories
from services.ingest.routes import story_routes
from services.runtime.embedded_redis import server_binary
from services.runtime.http.web import web_app
from services.runtime.metrics import Metrics
from services.runtime.server_fitness import check_server, unfitness
from services.runtime.settings import SettingsError
from services.runtime.streams import open_redis
from tests.partner_routes import NEWSROOM, Gates, asking
from tests.redis.ingest_desk import Desk as Road
from tests.redis.test_desk_routes import an_app

Start = Callable[..., str]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a server of its own with these settings; its address."""
    running: list[subprocess.Popen[bytes]] = []

    def started(**settings: str) -> str:
        socket = tmp_path / "s"
        usual = {"port": "0", "unixsocket": str(socket), "dir": str(tmp_path), "save": ""}
        words = [
            word for name, value in {**usual, **settings}.items() for word in (f"--{name.replace('_', '-')}", value)
        ]
        running.append(subprocess.Popen([server_binary(), *words], stdout=subprocess.DEVNULL))
        url = f"unix://{socket}"
        with closing(blocking.Redis.from_url(url)) as client:
            for _ in range(500):
                if _answers(client):
                    break
                time.sleep(0.02)
        return url

    yield started
    for process in running:
        process.kill()
        process.wait()


def _answers(client: blocking.Redis) -> bool:
    try:
        return bool(client.ping())
    except blocking.ConnectionError:
        return False


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl", "allkeys-random"])
@pytest.mark.parametrize("service", ["ingest", "notify"])
def test_no_service_starts_on_a_server_that_throws_keys_away(
    monkeypatch: pytest.MonkeyPatch, start: Start, policy: str, service: str
) -> None:
    monkeypatch.setenv("REDIS_URL", start(maxmemory_policy=policy))
    for how in ([], ["--unsupervised"]):
        answer = CliRunner().invoke(build_app(), ["run", service, *how])
        assert isinstance(answer.exception, CliExit)
        assert answer.exception.code == Code.USAGE
        assert policy in str(answer.exception)
        assert "noeviction" in str(answer.exception)


async def test_a_server_in_cluster_mode_is_refused(start: Start, tmp_path: Path) -> None:
    settings = {"cluster_enabled": "yes", "cluster_config_file": str(tmp_path / "nodes"), "port": "0"}
    redis = open_redis(start(**settings))
    with pytest.raises(SettingsError, match="cluster mode"):
        await check_server(redis)
    await redis.aclose()


async def test_a_server_without_a_file_may_be_started_on_and_is_told_of(start: Start) -> None:
    redis = open_redis(start(appendonly="no"))
    await check_server(redis)
    told = list(unfitness(await redis.info()))
    await redis.aclose()
    assert [one.fatal for one in told] == [False]
    assert "appendonly yes" in told[0].what


async def test_the_embedded_server_is_fit(redis: Redis) -> None:
    assert list(unfitness(await redis.info())) == []


PARTNER = {"text": "Nine people were pardoned.", "source": "Sample Wire"}


@pytest.mark.parametrize("path", ["/v1/reports", "/v1/stories", "/v1/desk/stories", "/v1/desk/stories/x/approve"])
async def test_a_door_says_that_the_store_is_away_and_when_to_come_again(tmp_path: Path, path: str) -> None:
    redis = open_redis(f"unix://{tmp_path / 'no-server-here'}")
    gates = Gates()
    metrics = Metrics()
    road = Road(redis)
    apps = {
        "/v1/reports": gates.partners(redis),
        "/v1/stories": web_app(story_routes(AnnouncedStories(redis), lambda: 0.0)),
    }
    app = apps.get(path) or an_app(redis, road, metrics, {"maria": NEWSROOM})
    async with asking(app) as client:
        body = PARTNER if path == "/v1/reports" else {"reason": "It is so."}
        writes = path in ("/v1/reports", "/v1/desk/stories/x/approve")
        answer = await (client.post(path, json=body) if writes else client.get(path))
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert int(answer.headers["retry-after"]) > 0
    assert str(tmp_path) not in answer.text


async def test_a_full_store_is_no_fault_of_whoever_hands_in(redis: Redis) -> None:
    await redis.config_set("maxmemory", "1")
    try:
        async with asking(Gates().partners(redis)) as client:
            answer = await client.post("/v1/reports", json=PARTNER)
    finally:
        await redis.config_set("maxmemory", "0")
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)


async def test_what_we_asked_wrongly_is_our_fault_and_not_the_stores(redis: Redis) -> None:
    await redis.set("vestka:stories:told", "no sorted set")
    app = web_app(story_routes(AnnouncedStories(redis), lambda: 0.0))
    async with asking(app) as client:
        answer = await client.get("/v1/stories")
    assert (answer.status_code, "retry-after" in answer.headers) == (500, False)
