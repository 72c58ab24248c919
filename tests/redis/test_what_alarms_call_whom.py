"""An alarm names an endpoint by a tag; `vestka subscriber list` says whose that is."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from typer.testing import CliRunner

from services.cli import build_app
from services.notify.references import References
from services.subscribers.keyring import open_keyring, take_into_use
from tests.redis.samples import subscriber
from tests.store import key_folder, vault_on

KEY = "a key of this test alone, long enough for anybody"


async def vestka(*words: str) -> Any:
    answer = await asyncio.to_thread(CliRunner().invoke, build_app(), [*words, "--output", "json"])
    return json.loads(answer.stdout)


async def listed() -> dict[int, str | None]:
    return {row["number"]: row["alarms say"] for row in await vestka("subscriber", "list")}


async def test_the_list_calls_an_endpoint_as_alarms_do_and_tells_no_tag_without_the_key(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = await open_keyring(redis, SecretStr(KEY), folder=key_folder().folder)
    await take_into_use(redis, keyring)
    vault = vault_on(redis)
    reader = await vault.add(subscriber())
    partner = await vault.add(subscriber(channels=("webhook",)))
    named = await vault.put_labelled(subscriber(channels=("webhook",), label="newsroom"))
    assert named is not None
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("VESTKA_LINK_KEY", KEY)
    tags = {one: References(keyring).endpoint_tag("webhook", one) for one in (partner.number, named.number)}
    assert await listed() == {reader.number: None, **tags}
    monkeypatch.setenv("VESTKA_LINK_KEY", KEY + " of somebody else")
    assert (await listed())[partner.number] is None


async def test_the_label_of_a_partner_is_shown_and_a_readers_is_not(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = vault_on(redis)
    reader = await vault.put_labelled(subscriber(label="the family of somebody"))
    partner = await vault.put_labelled(subscriber(channels=("webhook",), label="newsroom"))
    assert reader is not None
    assert partner is not None
    monkeypatch.setenv("REDIS_URL", redis_url)
    shown = [await vestka("subscriber", "show", str(one.number)) for one in (reader, partner)]
    assert [one["label"] for one in shown] == [None, "newsroom"]
    assert "family" not in str(shown) + str(await vestka("subscriber", "list"))
