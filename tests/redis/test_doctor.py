"""`vestka doctor` on a real server: what it says of memory, and what of that fails it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import redis as blocking
from typer.testing import CliRunner

from services.cli import build_app


@pytest.fixture
def server(redis_url: str) -> Iterator[blocking.Redis]:
    with closing(blocking.Redis.from_url(redis_url)) as client:
        client.flushall()
        before = client.config_get("maxmemory")["maxmemory"]
        yield client
        client.config_set("maxmemory", str(before))


def doctor(monkeypatch: pytest.MonkeyPatch, url: str) -> tuple[dict[str, Any], str]:
    """What it says of each check, and its last word."""
    monkeypatch.setenv("REDIS_URL", url)
    answer = CliRunner().invoke(build_app(), ["doctor", "--output", "json"])
    return {row["check"]: row for row in json.loads(answer.stdout)}, str(answer.exception)


@pytest.mark.parametrize(("share", "result"), [(0.1, "ok"), (0.85, "wrong"), (None, "note")])
def test_memory_is_judged_by_its_limit_and_no_limit_is_worth_a_note(
    monkeypatch: pytest.MonkeyPatch, server: blocking.Redis, redis_url: str, share: float | None, result: str
) -> None:
    used = int(server.info("memory")["used_memory"])
    server.config_set("maxmemory", 0 if share is None else int(used / share))
    checks, word = doctor(monkeypatch, redis_url)
    assert checks["memory"]["result"] == result
    assert ("maxmemory" in str(checks["memory"]["what to do"])) is (result != "ok")
    assert ("memory" in word) is (result == "wrong")
