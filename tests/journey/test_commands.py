"""The command as a stranger uses it: mistakes end with a word and a code, pipes break quietly, and nothing is shown."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import httpx
import pytest

from services.demo.sample_article import pardon
from services.runtime.dead_letters import DeadLetter, DeadLetters
from tests.road import PATIENCE, Road

NOTHING_LISTENS = "redis://127.0.0.1:1/0"


MISTAKES = (
    (("event", "list", "--since", "1960-01-01"), 2),
    (("event", "list", "--since", "99999999999d"), 2),
    (("replay", "--until", "99999999999d"), 2),
    (("replay", "--since", "1h", "--rate", "0"), 2),
    (("replay", "--since", "1h", "--rate", "-1"), 2),
    (("dead", "show", "abc"), 2),
    (("dead", "redrive", "99999999999999999999-0"), 2),
    (("dead", "drop", "1735377243120-0"), 3),
    (("subscriber", "add", "-"), 2),
    (("extract", "-", "--jsonl"), 2),
    (("stories", "--jsonl", "-"), 2),
)


async def test_a_mistake_ends_with_a_word_and_its_code(road: Road) -> None:
    for command, code in MISTAKES:
        ended, out, err = await road.vestka(*command, stdin=b"reader\xff@example.org")
        assert ended == code, (command, err)
        assert err.startswith("vestka: "), command
        assert "Traceback" not in err, command
        assert "Redis" not in err, command
        assert "reader" not in out + err, command


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VESTKA_ALLOWED_NETWORKS", "s3cret"),
        ("VESTKA_CHANNELS", "s3cret"),
        ("REDIS_URL", "redis://:s3cr/et@h"),
        ("VESTKA_NOTIFY_PORT", "s3cret"),
    ],
)
async def test_a_setting_that_cannot_be_used_starts_nothing_and_is_not_shown(road: Road, name: str, value: str) -> None:
    road.environment[name] = value
    for command in (("check-config",), ("run", "all"), ("run", "notify", "--unsupervised")):
        code, out, err = await road.vestka(*command)
        assert (code, "Traceback" in err) == (2, False), err
        assert f"{name}: " in err
        assert "s3cr" not in out + err


async def test_networks_may_be_written_with_commas(road: Road) -> None:
    road.environment["VESTKA_ALLOWED_NETWORKS"] = "127.0.0.0/8,10.1.0.0/16"
    code, _, err = await road.vestka("check-config")
    assert code == 0, err


async def test_a_redis_that_is_down_is_named_as_what_is_down(road: Road) -> None:
    road.environment["REDIS_URL"] = NOTHING_LISTENS
    for command in (("status",), ("run", "ingest", "--unsupervised"), ("run", "notify", "--unsupervised")):
        code, _, err = await road.vestka(*command)
        assert (code, "REDIS_URL" in err, "Traceback" in err) == (5, True, False), err


async def test_what_redis_refuses_is_not_told_as_redis_being_down(road: Road) -> None:
    await road.redis.set("vestka:dead", "no stream")
    code, _, err = await road.vestka("dead", "list")
    assert (code, "refused a command (WRONGTYPE)" in err) == (1, True), err


async def test_a_state_folder_that_cannot_be_used_is_told(road: Road, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    del road.environment["REDIS_URL"]
    road.environment["VESTKA_STATE_DIR"] = str(tmp_path / "file" / "state")
    code, _, err = await road.vestka("status")
    assert (code, "VESTKA_STATE_DIR" in err, "Traceback" in err) == (2, True, False), err


async def test_a_state_folder_may_bear_any_name(road: Road, tmp_path: Path) -> None:
    del road.environment["REDIS_URL"]
    road.environment["VESTKA_STATE_DIR"] = str(tmp_path / "sp ace#1 100%?")
    code, out, err = await road.vestka("status", "-o", "json")
    assert code == 0, err
    assert json.loads(out)["events"] == 0


async def test_a_subscriber_is_known_by_id_and_by_address(road: Road) -> None:
    async def add(entry: str) -> str:
        code, out, err = await road.vestka("subscriber", "add", "-", stdin=entry.encode())
        assert code == 0, err
        return out

    def at(target: str) -> str:
        return f"channels: [{{channel: email, target: {target}}}]"

    desk = at("reader@demo.example")
    assert await add(f"{{id: desk, {desk}}}") == await add(f"{{id: desk, language: ru, {desk}}}")
    assert await add(f"{{{at('one@demo.example')}}}") != await add(f"{{{at('two@demo.example')}}}")
    assert await add(f"{{{at('one@demo.example')}}}") == await add(f"{{{at('One@Demo.Example')}}}")
    everybody = await road.vault.everybody()
    assert [one.label for one in everybody] == ["desk", None, None]
    assert everybody[0].language == "ru"


async def test_an_erased_subscriber_does_not_come_back_under_the_same_id(road: Road) -> None:
    entry = b"{id: desk, channels: [{channel: email, target: reader@demo.example}]}"
    await road.vestka("subscriber", "add", "-", stdin=entry)
    [one] = await road.vault.everybody()
    await road.vestka("subscriber", "erase", str(one.number), "--confirm")
    code, _, err = await road.vestka("subscriber", "add", "-", stdin=entry)
    assert (code, "erased" in err) == (4, True)
    assert await road.vault.everybody() == []


async def test_a_replay_is_noted_with_its_reason_and_without_an_address(road: Road) -> None:
    await road.start("ingest")
    event = (await road.hand_in(pardon())).event
    assert event is not None
    await road.subscribe("email", "reader@demo.example")
    reason = "the relay lost its queue"
    code, _, err = await road.vestka("replay", event, "--allow-stale", "--confirm", "--reason", reason)
    assert code == 0, err
    [noted] = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    assert (noted["event"], noted["reason"], noted["events"]) == ("replay", reason, 1)
    assert "email.missing" in noted["deliveries"]
    assert event in noted["selection"]
    assert "reader" not in err


async def test_a_dead_letter_can_be_shown_and_dropped_by_the_id_it_is_listed_by(road: Road) -> None:
    letters = DeadLetters(road.redis)
    await letters.bury(DeadLetter(kind="poison", reason="undecodable", at="2024-12-28T09:14:03.120Z"))
    [buried] = await letters.all()
    assert (await road.vestka("dead", "show", buried.id))[0] == 0
    assert (await road.vestka("dead", "drop", buried.id))[0] == 0
    assert (await road.vestka("dead", "show", buried.id))[0] == 3


@pytest.mark.parametrize("lines", [1, 5_000])
async def test_a_reader_that_leaves_early_is_no_trouble(road: Road, lines: int, tmp_path: Path) -> None:
    """As `| head -1` does, whether the output fits into a buffer or not."""
    items = tmp_path / "items.jsonl"
    items.write_text('{"id": "a", "text": "A text."}\n' * lines)
    reading, writing = os.pipe()
    os.close(reading)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli", "extract", "--jsonl", str(items)),
        env=road.environment,
        stdout=writing,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(writing)
    _, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")


async def test_a_supervisor_waits_for_a_redis_that_is_down_and_ends_when_it_is_interrupted(road: Road) -> None:
    road.environment["REDIS_URL"] = NOTHING_LISTENS
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli", "run", "ingest"),
        env=road.environment,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        while b"redis_away" not in await process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
    assert (process.returncode, b"Traceback" in err) == (0, False), err


async def test_the_doors_of_notify_answer_as_http_has_it(road: Road) -> None:
    reader = await road.subscribe("email", "reader@demo.example")
    await road.start("notify")
    base = f"http://127.0.0.1:{road.ports['notify']}"
    async with httpx.AsyncClient(trust_env=False, base_url=base) as client:
        for token in ("f" * 4000, "1_0-a", "-", f"{reader:x}-", f"0{reader:x}-abc", "٣-abc"):
            assert (await client.get(f"/stop/{token}")).status_code == 404
            assert (await client.head(f"/stop/{token}")).status_code == 404
        refused = await client.put("/stop/1-a")
        assert refused.status_code == 405
        assert {one.strip() for one in refused.headers["allow"].split(",")} == {"GET", "HEAD", "POST"}
        for path in ("/healthz", "/readyz", "/metrics", "/asyncapi", "/v1/event-types"):
            answer = await client.head(path)
            assert (answer.status_code, answer.content) == (200, b""), path


async def test_the_numbers_are_told_while_redis_is_down(road: Road) -> None:
    await road.start("notify")
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        road.embedded.stop()
        try:
            answer = await client.get(f"http://127.0.0.1:{road.ports['notify']}/metrics")
        finally:
            road.embedded.start()
    assert answer.status_code == 200
    assert "vestka_deliveries_total" in answer.text
