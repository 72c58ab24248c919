"""`vestka doctor` asks each channel's far side, which gets nothing of it, and names what is wrong without a secret."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from typer.testing import CliRunner

from services.cli import build_app
from services.demo.stage import DemoStage, open_stage
from tests.conformance.far_sides import mail_server

ROOM = {"ingest": 0, "notify": 0}


@pytest.fixture
async def stage(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[DemoStage]:
    """The receivers of the demo, in this loop; the command runs in a thread."""
    async with open_stage() as stage:
        for name, value in (stage.environment(tmp_path, ROOM) | {"REDIS_URL": redis_url}).items():
            monkeypatch.setenv(name, value)
        yield stage


async def doctor() -> tuple[dict[str, Any], str]:
    """What it says of each check, and all that it printed."""
    answer = await asyncio.to_thread(CliRunner().invoke, build_app(), ["doctor", "--output", "json"])
    return {row["check"]: row for row in json.loads(answer.stdout)}, answer.output


async def test_far_sides_that_would_take_something_are_well_and_got_nothing(stage: DemoStage) -> None:
    checks, _said = await doctor()
    assert (checks["channel email"]["result"], checks["channel telegram"]["result"]) == ("ok", "ok")
    assert "channel webhook" not in checks, "endpoints hear of us only when there is news"
    assert stage.inbox.messages == []
    assert stage.chat.messages == []


async def test_a_mail_server_that_is_down_is_named_with_what_to_look_at(stage: DemoStage) -> None:
    await stage.inbox.stop()
    checks, _said = await doctor()
    assert checks["channel email"]["result"] == "wrong"
    assert checks["channel email"]["what to do"].startswith("unreachable: no connection to the mail server")
    assert checks["channel telegram"]["result"] == "ok"


async def test_a_mail_server_without_the_tls_that_is_asked_for_is_named(
    stage: DemoStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VESTKA_CHANNELS__EMAIL__STARTTLS", "required")
    checks, _said = await doctor()
    assert checks["channel email"]["what to do"].startswith("tls: ")


async def test_a_login_that_is_refused_is_named_without_the_password(
    stage: DemoStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VESTKA_CHANNELS__EMAIL__USERNAME", "somebody-of-ours")
    monkeypatch.setenv("VESTKA_CHANNELS__EMAIL__PASSWORD", "a-word-to-keep")
    checks, said = await doctor()
    assert checks["channel email"]["what to do"].startswith("misconfigured: the mail server refuses our login")
    assert "somebody-of-ours" not in said
    assert "a-word-to-keep" not in said


async def test_a_mail_server_that_turns_us_away_at_the_greeting_is_named(
    stage: DemoStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with mail_server() as side:
        side.receiver.instead = {"EHLO": "554 5.7.1 go away", "HELO": "554 5.7.1 go away"}
        monkeypatch.setenv("VESTKA_CHANNELS__EMAIL__PORT", str(side.receiver.port))
        checks, _said = await doctor()
    assert "mail server turns us away" in checks["channel email"]["what to do"]
    assert side.receiver.letters == []


async def test_a_revoked_token_is_named_and_not_shown(stage: DemoStage, monkeypatch: pytest.MonkeyPatch) -> None:
    token = "7654321:a-token-that-was-revoked-some-time-ago"
    monkeypatch.setenv("VESTKA_CHANNELS__TELEGRAM__TOKEN", token)
    checks, said = await doctor()
    assert checks["channel telegram"]["what to do"].startswith("misconfigured: the Bot API refuses our token")
    assert token not in said
    assert "7654321" not in said


async def test_a_bot_api_that_is_down_is_named(stage: DemoStage) -> None:
    await stage.chat.stop()
    checks, _said = await doctor()
    assert checks["channel telegram"]["what to do"].startswith("unreachable: the Bot API does not answer")


async def test_a_configuration_that_cannot_be_read_is_a_finding_and_the_rest_is_still_examined(
    stage: DemoStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VESTKA_CHANNELS__EMAIL__PORT", "many")
    checks, _said = await doctor()
    assert "VESTKA_CHANNELS__EMAIL__PORT" in checks["configuration"]["what to do"]
    assert checks["redis"]["result"] == "ok"


async def test_whoever_is_told_of_alarms_by_email_alone_or_not_at_all_reads_a_note(
    stage: DemoStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await doctor())[0]["operators"]["result"] == "note"
    monkeypatch.setenv("VESTKA_OPERATORS__EMAIL", "maria@ops.example")
    checks, said = await doctor()
    assert checks["operators"]["what to do"].startswith("alarms go by email alone")
    assert "maria" not in said
    monkeypatch.setenv("VESTKA_OPERATORS__WEBHOOK", "https://chat.ops.example/hooks/k3y")
    monkeypatch.setenv("VESTKA_OPERATORS__WEBHOOK_SECRET", stage.secret)
    assert (await doctor())[0]["operators"]["result"] == "ok"
