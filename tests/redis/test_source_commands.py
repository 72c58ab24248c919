"""`vestka source` as it is typed, against a real server and a small site of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from redis import Redis
from typer.testing import CliRunner, Result

from services.cli.sources import app

FEED = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><item><title>News</title>'
    b"<link>https://news.example/1</link><description>Words of a story.</description></item></channel></rss>"
)


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/rss" else 404)
        self.end_headers()
        self.wfile.write(FEED if self.path == "/rss" else b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(autouse=True)
def settings(site: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = "".join(
        f"  - {{id: {name}, kind: feed, name: {name}, class: media, url: '{site}/{path}', enabled: {enabled}}}\n"
        for name, path, enabled in (("well", "rss", "true"), ("broken", "none", "true"), ("idle", "rss", "false"))
    )
    (tmp_path / "sources.yaml").write_text(f"sources:\n{entries}")
    for name, value in {
        "REDIS_URL": redis_url,
        "VESTKA_SOURCES_FILE": str(tmp_path / "sources.yaml"),
        "VESTKA_ALLOW_HTTP": "true",
        "VESTKA_ALLOWED_NETWORKS": "127.0.0.0/8",
    }.items():
        monkeypatch.setenv(name, value)
    Redis.from_url(redis_url).flushall()


def vestka(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_the_list_shows_what_is_enabled_and_all_on_demand() -> None:
    rows = json.loads(vestka("list", "--output", "json").stdout)
    assert [(row["id"], row["health"]) for row in rows] == [("well", "unasked"), ("broken", "unasked")]
    rows = json.loads(vestka("list", "--all", "--output", "json").stdout)
    assert rows[-1]["health"] == "disabled"


def test_a_check_tells_the_watcher_of_those_that_are_well(redis_url: str) -> None:
    result = vestka("check", "--output", "json")
    assert [(row["id"], row["items"]) for row in json.loads(result.stdout)] == [("well", 1), ("broken", 0)]
    assert result.exit_code != 0
    assert Redis.from_url(redis_url).smembers("vestka:sources:wished-for") == {b"well"}


def test_the_age_of_news_is_shown_to_the_second(redis_url: str) -> None:
    Redis.from_url(redis_url).set("vestka:source:well", '{"newest_item":"2024-12-28T10:03:00.123456+03:00"}')
    rows = json.loads(vestka("list", "--output", "json").stdout)
    assert rows[0]["newest"] == "2024-12-28T10:03:00+03:00"


def test_a_source_that_is_not_enabled_can_be_checked_too() -> None:
    result = vestka("check", "idle", "--output", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)[0]["trouble"] is None


def test_a_source_is_forgotten(redis_url: str) -> None:
    redis = Redis.from_url(redis_url)
    redis.set("vestka:source:well", '{"failures":9}')
    assert vestka("forget", "well").exit_code == 0
    assert redis.get("vestka:source:well") is None
    assert vestka("forget", "unheard-of").exit_code != 0
