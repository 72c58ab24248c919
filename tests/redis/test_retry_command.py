"""`vestka retry` on a real server: what it makes due, and what it refuses."""

from __future__ import annotations

import asyncio

import pytest
from typer.testing import CliRunner, Result

from services.cli import build_app
from services.cli.exits import CliExit
from services.notify.delivery.due_queue import DueQueue, retries_key
from services.notify.delivery.ending import waiting
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.outage import Outage
from services.notify.fanout.events import Published
from services.runtime.streams import open_redis
from tests.redis.house import House
from tests.redis.samples import pardon

EVENT = pardon()


async def _some_wait(url: str) -> list[int]:
    """Two subscribers' webhooks wait for their next attempt, by the server's clock; their numbers."""
    redis = open_redis(url)
    await redis.flushall()
    house = House(redis)
    labelled = await house.vault.put_labelled(await house.subscribe(channels=("webhook",), label="newsroom"))
    other = await house.subscribe(channels=("webhook",))
    assert labelled
    numbers, entry = [labelled.number, other.number], await house.publish(EVENT)
    ledger = Ledger(redis, "webhook", retries_key("webhook"))
    for attempt in await ledger.claim(Published(entry, EVENT), numbers, hold=60):
        await ledger.close([waiting(attempt, 3600, None)])
    await redis.aclose()
    return numbers


async def _due(url: str) -> list[int]:
    redis = open_redis(url)
    found = await DueQueue(redis, "webhook").due(most=10)
    await redis.aclose()
    return sorted(one.number for one in found)


def retry(monkeypatch: pytest.MonkeyPatch, url: str, *arguments: str, stdin: str = "") -> Result:
    monkeypatch.setenv("REDIS_URL", url)
    return CliRunner().invoke(build_app(), ["retry", *arguments], input=stdin)


def test_all_that_waits_on_a_channel_is_due_now(monkeypatch: pytest.MonkeyPatch, redis_url: str) -> None:
    numbers = asyncio.run(_some_wait(redis_url))
    assert asyncio.run(_due(redis_url)) == []
    assert "2 deliveries go now" in retry(monkeypatch, redis_url, "--channel", "webhook").output
    assert asyncio.run(_due(redis_url)) == numbers


def test_a_channel_that_stands_still_goes_on_though_all_of_it_is_due(
    monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    asyncio.run(_some_wait(redis_url))
    retry(monkeypatch, redis_url, "--channel", "webhook")
    asyncio.run(_mark_away(redis_url))
    assert "2 deliveries go now" in retry(monkeypatch, redis_url, "--channel", "webhook").output
    assert isinstance(retry(monkeypatch, redis_url, "--channel", "webhook").exception, CliExit), "it is away no more"


async def _mark_away(url: str) -> None:
    redis = open_redis(url)
    outage = Outage(redis, "webhook")
    await outage.failed(outage.begin())
    await redis.aclose()


@pytest.mark.parametrize("by_label", [True, False])
def test_one_endpoint_is_named_on_stdin_by_label_or_number(
    monkeypatch: pytest.MonkeyPatch, redis_url: str, by_label: bool
) -> None:
    labelled, _ = asyncio.run(_some_wait(redis_url))
    whom = "newsroom\n" if by_label else f"{labelled}\n"
    assert "1 delivery goes now" in retry(monkeypatch, redis_url, "--endpoint", stdin=whom).output
    assert asyncio.run(_due(redis_url)) == [labelled]


@pytest.mark.parametrize(
    ("arguments", "stdin", "code"),
    [
        ((), "", 2),
        (("--channel", "email", "--endpoint"), "newsroom\n", 2),
        (("--channel", "pigeon"), "", 2),
        (("--endpoint",), "\n", 2),
        (("--endpoint",), "https://partner.example/hook\n", 3),
        (("--endpoint",), "99999\n", 3),
        (("--channel", "email"), "", 3),
    ],
)
def test_what_cannot_be_meant_is_told_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, redis_url: str, arguments: tuple[str, ...], stdin: str, code: int
) -> None:
    asyncio.run(_some_wait(redis_url))
    ended = retry(monkeypatch, redis_url, *arguments, stdin=stdin).exception
    assert isinstance(ended, CliExit)
    assert ended.code == code
    assert "partner.example" not in str(ended)
    assert asyncio.run(_due(redis_url)) == []
