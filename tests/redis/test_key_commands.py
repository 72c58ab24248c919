"""`vestka keys`, and how commands and `doctor` speak of keys: no key is ever shown."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from redis.asyncio import Redis
from typer.testing import CliRunner, Result

from services.cli import build_app
from services.cli.exits import CliExit, Code
from services.cli.foreseeing import look_ahead
from services.ingest.desk.decisions import Decision
from services.subscribers.key_files import KeyFolder
from tests.redis.samples import pardon, subscriber
from tests.store import key_folder, vault_on


@pytest.fixture(autouse=True)
def here(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)


async def vestka(*words: str) -> Result:
    answer = await asyncio.to_thread(CliRunner().invoke, build_app(), list(words))
    keys = key_folder().read() if key_folder().folder.exists() else None
    for file in key_folder().folder.glob("*.key") if keys else ():
        assert file.read_text(errors="replace").strip().rpartition(":")[2] not in answer.output
    return answer


def ended(answer: Result) -> tuple[Code, str]:
    assert isinstance(answer.exception, CliExit), answer.output
    return answer.exception.code, str(answer.exception)


async def test_keys_are_made_once_and_shown_by_name_and_count(redis: Redis) -> None:
    assert ended(await vestka("keys", "status"))[0] is Code.NOTHING_MATCHED
    assert "keep a copy" in (await vestka("keys", "create")).output
    made = key_folder().now()
    assert "were there already" in (await vestka("keys", "create")).output
    assert key_folder().now() == made
    await vault_on(redis).add(subscriber())
    rows = json.loads((await vestka("keys", "status", "--output", "json")).stdout)
    assert [(row["key"], row["in use"], row["records"]) for row in rows] == [
        ("lookup.key", True, None),
        ("wrapping-1.key", True, 1),
    ]


async def test_rotating_says_how_many_and_with_which(redis: Redis) -> None:
    await vault_on(redis).add(subscriber())
    assert "1 record(s) are sealed with wrapping-2.key" in (await vestka("keys", "rotate")).output
    rows = json.loads((await vestka("keys", "status", "--output", "json")).stdout)
    assert [(row["key"], row["records"]) for row in rows[1:]] == [("wrapping-2.key", 1), ("wrapping-1.key", 0)]


@pytest.mark.parametrize("words", [("keys", "create"), ("keys", "status"), ("subscriber", "list"), ("keys", "rotate")])
async def test_a_filled_store_without_its_keys_is_one_clear_error(
    redis: Redis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...]
) -> None:
    await vault_on(redis).add(subscriber())
    monkeypatch.setenv("VESTKA_KEYS_DIR", str(tmp_path / "elsewhere"))
    code, says = ended(await vestka(*words))
    assert (code, "VESTKA_KEYS_DIR" in says, "put them back" in says) == (Code.USAGE, True, True)
    assert KeyFolder(tmp_path / "elsewhere").read() is None


async def test_status_of_everything_goes_on_without_the_keys(
    redis: Redis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await vault_on(redis).add(subscriber())
    monkeypatch.setenv("VESTKA_KEYS_DIR", str(tmp_path / "elsewhere"))
    answer = await vestka("status", "--output", "json")
    assert json.loads(answer.stdout)["subscribers"] is None


async def findings() -> dict[str, dict[str, str]]:
    return {row["check"]: row for row in json.loads((await vestka("doctor", "--output", "json")).stdout)}


async def test_the_doctor_names_a_record_that_does_not_open(redis: Redis) -> None:
    vault = vault_on(redis)
    await vault.put(subscriber(number=3))
    await redis.hset("vestka:shard:{3}:records", "3", b"broken" * 20)
    assert await vault.in_shard(3) == []
    assert "3 (damaged)" in (await findings())["records"]["what to do"]
    code, says = ended(await vestka("keys", "status"))
    assert (code, "1 damaged" in says) == (Code.FAILED, True)


async def test_the_doctor_says_where_keys_and_data_share_a_disk_and_how_to_part_them(
    redis: Redis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("REDIS_URL")
    (tmp_path / "subscribers.yaml").write_text("subscribers: []")
    monkeypatch.setenv("VESTKA_SUBSCRIBERS_FILE", str(tmp_path / "subscribers.yaml"))
    assert "keep a copy" in (await vestka("keys", "create")).output
    found = await findings()
    assert found["keys apart"]["result"] == "note"
    assert "VESTKA_KEYS_DIR" in found["keys apart"]["what to do"]
    assert "in the clear" in found["subscribers file"]["what to do"]


async def test_the_doctor_says_that_the_keys_are_missing(
    redis: Redis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await vault_on(redis).add(subscriber())
    monkeypatch.setenv("VESTKA_KEYS_DIR", str(tmp_path / "elsewhere"))
    found = await findings()
    assert (found["keys"]["result"], "put them back" in found["keys"]["what to do"]) == ("wrong", True)


async def test_a_decision_is_not_looked_ahead_at_where_the_keys_are_not(
    redis: Redis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await vault_on(redis).add(subscriber())
    monkeypatch.setenv("VESTKA_KEYS_DIR", str(tmp_path / "elsewhere"))
    decision = Decision(stories=(), events=(pardon(),))
    with pytest.raises(CliExit, match="where notify runs"):
        await look_ahead(redis, decision)
