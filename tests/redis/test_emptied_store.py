"""After FLUSHALL: whoever stopped stays stopped, and nothing is sent until a person has looked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from redis.asyncio import Redis
from typer.testing import CliRunner

from services.cli import build_app
from services.notify.app import build_notify
from services.notify.channels import CHANNELS
from services.notify.opened_vault import vault_of
from services.notify.repair.emptied import emptied_state, pause_if_emptied
from services.notify.settings import NotifySettings
from services.notify.throttle.channel_hold import ChannelHold
from tests.redis.running import a_partner, running
from tests.redis.samples import pardon, put_event
from tests.redis.waiting import eventually

AT = "2024-12-28T10:00:00.000Z"


async def prepare(settings: NotifySettings, redis_url: str) -> None:
    """Notify's start, up to where it would read."""
    service = await build_notify(settings, redis_url)
    assert service.close is not None
    try:
        await service.prepare()
    finally:
        await service.close()


async def paused(redis: Redis) -> list[str]:
    return [name for name in CHANNELS if await ChannelHold(redis, name).is_paused()]


async def test_a_new_store_starts_and_one_that_was_emptied_is_paused(redis: Redis, tmp_path: Path) -> None:
    mark = tmp_path / "notify" / "store"
    assert not await pause_if_emptied(redis, mark, CHANNELS, AT)
    assert not await pause_if_emptied(redis, mark, CHANNELS, AT)
    assert await paused(redis) == []
    await redis.flushall()
    assert await pause_if_emptied(redis, mark, CHANNELS, AT)
    assert await paused(redis) == list(CHANNELS)
    assert not await pause_if_emptied(redis, mark, CHANNELS, AT)
    assert await paused(redis) == list(CHANNELS)


async def test_the_state_ends_when_the_last_channel_goes_on(redis: Redis, tmp_path: Path) -> None:
    mark = tmp_path / "store"
    await pause_if_emptied(redis, mark, CHANNELS, AT)
    assert await emptied_state(redis, CHANNELS) is None
    await redis.flushall()
    await pause_if_emptied(redis, mark, CHANNELS, AT)
    state = await emptied_state(redis, CHANNELS)
    assert state is not None
    assert "vestka resume" in state.says
    for name in CHANNELS:
        await ChannelHold(redis, name).resume()
    assert await emptied_state(redis, CHANNELS) is None


async def test_another_store_that_was_filled_is_no_accident(redis: Redis, tmp_path: Path) -> None:
    await pause_if_emptied(redis, tmp_path / "one", CHANNELS, AT)
    (tmp_path / "two").write_text("another store")
    assert not await pause_if_emptied(redis, tmp_path / "two", CHANNELS, AT)
    assert await paused(redis) == []


async def test_the_file_does_not_bring_back_whoever_stopped_or_was_erased(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    async with a_partner(tmp_path) as partner:
        settings = partner.settings()
        entry = json.loads(partner.file.read_text())["subscribers"][0]
        second = {**entry, "id": "second", "channels": [{**entry["channels"][0], "target": partner_url(entry) + "2"}]}
        partner.file.write_text(json.dumps({"subscribers": [entry, second]}))
        await prepare(settings, redis_url)
        vault = vault_of(redis, settings)
        stopped, erased = await vault.everybody()
        await vault.set_active(stopped.number, False)
        await vault.erase(erased.number)
        await redis.flushall()
        await prepare(settings, redis_url)
        assert [(one.label, one.active) for one in await vault.everybody()] == [(stopped.label, False)]
        for name in CHANNELS:
            await ChannelHold(redis, name).resume()
        await vault.resume(stopped.number)
        await redis.flushall()
        await prepare(settings, redis_url)
        assert [(one.label, one.active) for one in await vault.everybody()] == [(stopped.label, True)]


def partner_url(entry: dict[str, list[dict[str, str]]]) -> str:
    return entry["channels"][0]["target"]


async def test_nothing_leaves_a_service_whose_store_was_emptied_until_it_is_resumed(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    async with a_partner(tmp_path) as partner:
        settings = partner.settings()
        await prepare(settings, redis_url)
        await redis.flushall()
        async with running(await build_notify(settings, redis_url)):
            event = pardon(time="2099-01-01T00:00:00.000Z")
            await put_event(redis, event)
            await eventually(lambda: redis.zcard("vestka:retries:webhook"))
            assert partner.heard_of() == []
            await ChannelHold(redis, "webhook").resume()
            await eventually(lambda: partner.heard_of() == [event.id], within=40)


async def test_without_a_state_folder_notify_starts_and_says_so(
    redis: Redis, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    async with a_partner(tmp_path) as partner:
        settings = partner.settings(state_dir=tmp_path / "file", keys_dir=tmp_path / "keys")
        await prepare(settings, redis_url)
        (one,) = await vault_of(redis, settings).everybody()
        await vault_of(redis, settings).set_active(one.number, False)
    assert not (await vault_of(redis, settings).get(one.number)).active


def test_check_config_says_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VESTKA_STATE_DIR", str(tmp_path / "file"))
    monkeypatch.setenv("VESTKA_CHANNELS__EMAIL__HOST", "127.0.0.1")
    monkeypatch.setenv("VESTKA_CHANNELS__EMAIL__LIST_ID", "alerts.vestka.example.org")
    monkeypatch.setenv("VESTKA_CHANNELS__EMAIL__SENDER", "alerts@vestka.example.org")
    answer = CliRunner().invoke(build_app(), ["check-config"])
    assert "VESTKA_STATE_DIR" in answer.stderr
    assert "in Redis alone" in answer.stderr
