"""Guarantee 6: no address, chat id, token or watched name is in a log, a stream or a process's arguments."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote

from services.demo.article import pardon
from services.names import fold
from services.notify.topics import Interest
from tests.road import Road, eventually

WATCHED = "Testauskaja Kanarejka"
MARKS = {
    "a mail address": "canary.reader@demo.example",
    "a refused mail address": "canary.refused@demo.example",
    "a chat id": "4815162342",
    "a path of an endpoint": "canary-endpoint-path",
}


def forms(mark: str) -> list[bytes]:
    raw = mark.encode()
    return [raw, raw.upper(), quote(mark, safe="").encode(), base64.b64encode(raw).rstrip(b"="), raw.hex().encode()]


def arguments_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


async def everything_left_behind(road: Road) -> bytes:
    """The log, every stream, and the arguments of every process of ours."""
    left = road.log.read_bytes()
    async for key in road.redis.scan_iter(_type="stream"):
        left += repr(await road.redis.xrange(key)).encode()
    for process in road.processes.values():
        left += arguments_of(process.pid)
    return left


async def test_marked_addresses_and_names_are_nowhere_but_in_the_vault(road: Road) -> None:
    road.stage.inbox.refuses[MARKS["a refused mail address"]] = "550 5.1.1 no such user here"
    await road.subscribe("email", MARKS["a mail address"], Interest(persons=(fold(WATCHED),)))
    await road.subscribe("email", MARKS["a refused mail address"])
    await road.subscribe("telegram", MARKS["a chat id"])
    await road.subscribe("webhook", f"{road.stage.webhooks.url}?{MARKS['a path of an endpoint']}")
    road.environment["VESTKA_LOG_LEVEL"] = "debug"
    await road.start("ingest", "notify")
    await road.hand_in(pardon())
    await eventually(
        lambda: bool(road.stage.inbox.messages and road.stage.chat.messages and road.stage.webhooks.calls),
        "three messages",
    )
    await eventually(lambda: "unknown_address" in road.log.read_text(), "the refusal is logged")

    left = await everything_left_behind(road)
    secrets = {"the bot's token": road.stage.token, "the endpoint's secret": road.stage.secret, "a name": fold(WATCHED)}
    for what, mark in {**MARKS, **secrets}.items():
        for form in forms(mark):
            assert form not in left, f"{what} is in what was left behind"
