"""Reading runs in a process of its own: a text that holds it up or ends it is given up, and the road goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from services.contract import ITEMS_STREAM
from services.demo.stage import free_port
from services.ingest.app import build_ingest
from services.ingest.article_reading import reading_of
from services.ingest.articles import Article, to_article
from services.ingest.intake import Intake
from services.ingest.reading.stopped import ReadingClosed, ReadingFailed, ReadingStopped
from services.ingest.reading.worker import ReadingWorker
from services.ingest.settings import IngestSettings
from services.ingest.sources.base import Item, Listed
from services.ingest.store import ReadResult, Results
from services.ingest.unread import BURIED, KINDS, unread
from services.operations.alarms import Alarms
from services.runtime.dead_letters import DeadLetter, DeadLetters, poison
from services.runtime.metrics import Metrics
from services.runtime.streams import Entry
from tests.redis.hostile_readings import EATS_MEMORY, ENDS_THE_WORKER, HOLDS_UP, HOSTILE, RAISES
from tests.redis.ingest_desk import ARREST, PARDON
from tests.redis.readers import pending
from tests.redis.running import running
from tests.redis.waiting import eventually

GIVEN_UP = {
    HOLDS_UP: "reading_took_too_long",
    ENDS_THE_WORKER: "reading_crashed",
    EATS_MEMORY: "reading_crashed",
}
LISTED = replace(
    PARDON, body="Ivan Ivanov was released.", listed=Listed("released", "Ivan Ivanov", True, articles=("361-4",))
)


def hostile(word: str) -> Item:
    return replace(PARDON, source_id=f"source-{word}", body=f"Lukashenko pardoned 30 people. {word}", title=word)


@asynccontextmanager
async def a_worker(deadline: float = 60.0, how: str = HOSTILE, *, warm: bool = False) -> AsyncIterator[ReadingWorker]:
    worker = ReadingWorker(deadline, how, warm=warm)
    await worker.start()
    try:
        yield worker
    finally:
        await worker.close()


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    file = tmp_path / "sources.yaml"
    file.write_text("sources: []")
    return file


async def test_the_worker_reads_as_this_process_does() -> None:
    items = [PARDON, ARREST, LISTED, replace(PARDON, body="It rained.", title=None)]
    async with a_worker(how="services.ingest.article_reading:reading_of") as worker:
        for article in map(to_article, items):
            assert await worker.read(article) == reading_of(article)


@pytest.mark.parametrize("word", GIVEN_UP)
async def test_what_cannot_be_read_is_given_up_and_the_next_article_is_read(word: str) -> None:
    async with a_worker(8.0, warm=True) as worker:  # cold, a busy machine may well need so long for the second one
        with pytest.raises(ReadingStopped) as stopped:
            await worker.read(to_article(hostile(word)))
        assert stopped.value.reason == GIVEN_UP[word]
        assert await worker.read(to_article(PARDON))


async def test_a_fault_of_ours_is_told_without_a_word_of_the_text_and_the_worker_lives() -> None:
    async with a_worker() as worker:
        with pytest.raises(ReadingFailed) as failed:
            await worker.read(to_article(hostile(RAISES)))
        assert "ValueError at hostile_readings.py:" in str(failed.value)
        assert RAISES not in str(failed.value)
        assert await worker.read(to_article(PARDON))


async def test_whoever_waits_for_a_text_when_the_service_ends_is_told_so_at_once() -> None:
    async with a_worker(3600.0) as worker:
        reading = asyncio.create_task(worker.read(to_article(hostile(HOLDS_UP))))
        await asyncio.sleep(0.1)
        await worker.close()
        with pytest.raises(ReadingClosed):
            await reading


async def test_a_reading_that_is_called_off_leaves_no_answer_for_the_next() -> None:
    async with a_worker() as worker:
        called_off = asyncio.create_task(worker.read(to_article(PARDON)))
        await asyncio.sleep(0)
        called_off.cancel()
        await asyncio.gather(called_off, return_exceptions=True)
        arrest: Article = to_article(ARREST)
        assert await worker.read(arrest) == reading_of(arrest)


async def test_a_worker_that_does_not_come_up_is_no_articles_fault() -> None:
    worker = ReadingWorker(60.0, "services.ingest.pipeline:there_is_no_such_function", warm=False)
    with pytest.raises(ReadingFailed, match="does not come up"):
        await worker.start()
    await worker.close()


async def test_the_worker_has_none_of_the_services_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTKA_REPORT_TOKEN", "a-secret-of-the-service")
    async with a_worker():
        (child,) = _children(os.getpid())
        environment = _environment(child)
    assert b"PATH=" in environment
    assert b"VESTKA" not in environment


@pytest.mark.parametrize("word", [HOLDS_UP, ENDS_THE_WORKER])
async def test_an_item_that_holds_up_reading_is_buried_and_told_of_while_the_road_and_its_doors_go_on(
    redis: Redis, redis_url: str, sources: Path, word: str
) -> None:
    port = free_port(0)
    settings = IngestSettings(ingest_port=port, sources_file=sources, reading_deadline=8)
    service = await build_ingest(settings, redis_url, report_of=HOSTILE)
    async with running(service):
        with capture_logs() as lines:
            bad = await Intake(redis).accept(hostile(word))
            good = await Intake(redis).accept(PARDON)
            await eventually(lambda: _is_being_read(redis), within=60)
            assert await _answers(port, "/healthz") == await _answers(port, "/readyz") == 200
            await eventually(lambda: _result(redis, good.id), within=90)
            await eventually(lambda: _nothing_pending(redis))
    assert (await _read(redis, good.id)).outcome == "new"
    assert (await _read(redis, bad.id)).outcome == "unreadable"
    (buried,) = await DeadLetters(redis).all()
    assert (buried.letter.kind, buried.letter.reason) == ("poison", GIVEN_UP[word])
    assert [line["reason"] for line in lines if line["event"] == "entry_buried"] == [GIVEN_UP[word]]
    (alarm,) = await Alarms(redis, Metrics(), lambda: 0.0).list()
    assert alarm.kind == GIVEN_UP[word]
    assert "dead list" in alarm.says


async def _is_being_read(redis: Redis) -> bool:
    groups: Any = await redis.xinfo_groups(ITEMS_STREAM)
    return any(group["pending"] for group in groups)


async def _nothing_pending(redis: Redis) -> bool:
    return await pending(redis, ITEMS_STREAM, "ingest") == 0


async def _result(redis: Redis, item_id: str) -> bool:
    result = await Results(redis).get(item_id)
    return result is not None and result.state == "read"


async def _read(redis: Redis, item_id: str) -> ReadResult:
    result = await Results(redis).get(item_id)
    assert result
    return result


async def _answers(port: int, path: str) -> int:
    async with httpx.AsyncClient() as client:
        return (await client.get(f"http://127.0.0.1:{port}{path}")).status_code


async def test_the_alarm_lasts_as_long_as_the_letters_lie_there(redis: Redis) -> None:
    letters, alarms = DeadLetters(redis), Alarms(redis, Metrics(), lambda: 0.0)
    for reason in ("undecodable", "reading_took_too_long"):
        await letters.bury(DeadLetter(kind="poison", reason=reason, at="2024-12-28T13:00:00.000Z"))
    await alarms.settle(KINDS, await unread(letters))
    assert [alarm.kind for alarm in await alarms.list()] == ["reading_took_too_long"]
    for buried in await letters.all():
        await letters.drop(buried)
    await alarms.settle(KINDS, await unread(letters))
    assert await alarms.list() == ()


async def test_sigterm_ends_the_service_and_its_worker_while_a_text_holds_up_reading_and_loses_nothing(
    redis: Redis, redis_url: str, sources: Path
) -> None:
    port = free_port(0)
    program = (sys.executable, "-m", "tests.redis.hostile_readings", redis_url, str(sources), str(port))
    process = await asyncio.create_subprocess_exec(*program, stderr=asyncio.subprocess.DEVNULL)
    await Intake(redis).accept(hostile(HOLDS_UP))
    await eventually(lambda: _is_being_read(redis), within=60)
    (worker,) = _children(process.pid)
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(60):
        assert await process.wait() == 0
    await eventually(lambda: not _lives(worker))
    assert await pending(redis, ITEMS_STREAM, "ingest") == 1


async def test_a_worker_deep_in_a_text_does_not_outlive_a_service_that_is_killed(
    redis: Redis, redis_url: str, sources: Path
) -> None:
    program = (sys.executable, "-m", "tests.redis.hostile_readings", redis_url, str(sources), str(free_port(0)))
    process = await asyncio.create_subprocess_exec(*program, stderr=asyncio.subprocess.DEVNULL)
    await Intake(redis).accept(hostile(HOLDS_UP))
    await eventually(lambda: _is_being_read(redis), within=60)
    (worker,) = _children(process.pid)
    process.kill()
    await process.wait()
    await eventually(lambda: not _lives(worker))


def _children(pid: int) -> list[int]:
    """Those that read; a test's own process may have others, like the server."""
    found = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [one for one in found if b"services.ingest.reading.child" in Path(f"/proc/{one}/cmdline").read_bytes()]


def _environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


async def test_an_item_that_was_buried_for_whatever_reason_is_an_alarm_and_what_is_notifys_is_none_of_ours(
    redis: Redis,
) -> None:
    letters = DeadLetters(redis)
    for stream in (ITEMS_STREAM, "vestka:events"):
        await letters.bury(poison(Entry(stream, "1-0", {}), 6, "failed_repeatedly", "2024-12-28T10:00:00Z", {}))
    (found,) = await unread(letters)
    assert (found.kind, found.about) == (BURIED, "items")
    assert found.says.startswith("1 item(s)")
