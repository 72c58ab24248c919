"""An alarm names an endpoint by its label or a tag; `vestka subscriber list` says whose that is."""

from __future__ import annotations

import asyncio
import json

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from typer.testing import CliRunner

from services.cli import build_app
from services.notify.references import References
from services.subscribers.keyring import open_keyring, take_into_use
from services.subscribers.vault import Vault
from tests.redis.samples import subscriber

KEY = "a key of this test alone, long enough for anybody"


async def listed() -> dict[int, str | None]:
    answer = await asyncio.to_thread(CliRunner().invoke, build_app(), ["subscriber", "list", "--output", "json"])
    return {row["number"]: row["alarms say"] for row in json.loads(answer.stdout)}


async def test_the_list_calls_an_endpoint_as_alarms_do_and_tells_no_tag_without_the_key(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = await open_keyring(redis, SecretStr(KEY))
    await take_into_use(redis, keyring)
    vault = Vault(redis, keyring)
    reader = await vault.add(subscriber())
    partner = await vault.add(subscriber(channels=("webhook",)))
    named = await vault.put_labelled(subscriber(channels=("webhook",), label="newsroom"))
    assert named is not None
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("VESTKA_LINK_KEY", KEY)
    tag = References(keyring).endpoint_tag("webhook", partner.number)
    assert await listed() == {reader.number: None, partner.number: tag, named.number: "newsroom"}
    monkeypatch.setenv("VESTKA_LINK_KEY", KEY + " of somebody else")
    assert (await listed())[partner.number] is None
