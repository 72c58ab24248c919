"""Guarantee 6: nothing in a log, a stream or a process's arguments ties a reader's number, or what stands on their
phone, to an event. That neither they nor a file hold an address or a name: `test_a_seized_disk.py`.
"""

from __future__ import annotations

import asyncio
import base64
import re
import sys
from pathlib import Path

from services.contract import deliveries_stream
from services.demo.sample_article import pardon, pardon_update
from services.notify.channels import CHANNELS
from services.runtime.dead_letters import Buried, DeadLetters
from services.runtime.streams import entries_between
from tests.road import PATIENCE, Road, eventually
from tests.store import everything_in, streams_in

MARKS = {
    "a mail address": "canary.reader@demo.example",
    "a refused mail address": "canary.refused@demo.example",
    "a chat id": "4815162342",
}


def arguments_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


async def everything_left_behind(road: Road) -> bytes:
    """The log, every stream, and the arguments of every process of ours."""
    left = road.log.read_bytes() + (await streams_in(road.redis)).encode()
    for process in road.processes.values():
        left += arguments_of(process.pid)
    return left


FIRST_NUMBER = 4_815_162_342
"""So far from every other number that it cannot be there by chance."""


def number_forms(number: int) -> tuple[str, ...]:
    encoded = base64.b64encode(str(number).encode()).decode()
    return str(number), f"{number:x}", f"{number:X}", f"{number:o}", encoded.rstrip("=")[:-1]


async def vestka(road: Road, *arguments: str) -> str:
    """Runs the command as an operator would; all that it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli", *arguments),
        env=road.environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(PATIENCE):
        said, _ = await process.communicate()
    assert process.returncode == 0, (arguments, said.decode())
    return said.decode()


async def a_house_of_four(road: Road) -> list[int]:
    """One whose mail is refused, one of each channel; their numbers."""
    await road.redis.set("vestka:subscribers:last", FIRST_NUMBER - 1)
    road.stage.inbox.refuses[MARKS["a refused mail address"]] = "550 5.2.1 this mailbox takes no letters now"
    return [
        await road.subscribe("email", MARKS["a refused mail address"]),
        await road.subscribe("email", MARKS["a mail address"]),
        await road.subscribe("telegram", MARKS["a chat id"]),
        await road.subscribe("webhook", road.stage.webhooks.url),
    ]


async def the_buried_letter(road: Road) -> Buried:
    """The one that was refused; it is buried with its batch's endings, a moment after the log has told of it."""
    async with asyncio.timeout(PATIENCE):
        while not (letters := await DeadLetters(road.redis).all()):
            await asyncio.sleep(0.05)
    (letter,) = letters
    return letter


def got(road: Road, messages: int) -> bool:
    stage = road.stage
    return min(len(stage.inbox.messages), len(stage.chat.messages), len(stage.webhooks.calls)) >= messages


async def test_no_log_stream_letter_or_command_ties_a_readers_number_to_an_event(road: Road) -> None:
    numbers = await a_house_of_four(road)
    assert numbers[0] == FIRST_NUMBER
    road.environment["VESTKA_LOG_LEVEL"] = "debug"
    road.forked = False  # so that their arguments are their own
    await road.start("ingest", "notify")
    event = (await road.hand_in(pardon())).event
    assert event is not None
    await eventually(lambda: got(road, 1), "three messages")
    buried = await the_buried_letter(road)
    said = await vestka(road, "dead", "list") + await vestka(road, "dead", "show", buried.id, "-o", "json")
    assert (await vestka(road, "dead", "show", buried.id, "--subscriber")).split() == ["subscriber", str(numbers[0])]
    attempts = road.log.read_text().count("unknown_address")
    said += await vestka(road, "dead", "redrive", buried.id)
    await eventually(lambda: road.log.read_text().count("unknown_address") > attempts, "it is tried and refused anew")
    again = ("--force", "--reason", "a test", "--allow-stale", "--confirm", "--subscriber", str(numbers[1]))
    said += await vestka(road, "replay", event, *again)
    await eventually(lambda: len(road.stage.inbox.messages) == 2, "the letter once more")
    said += await vestka(road, "event", "show", event) + await vestka(road, "status")

    left = said + (await everything_left_behind(road)).decode(errors="replace")
    for number in numbers:
        for form in number_forms(number):
            assert form not in left
    entries = [one for name in CHANNELS for one in await entries_between(road.redis, deliveries_stream(name))]
    assert entries, "what is replayed or redriven goes by the stream"
    assert all(set(entry.fields) == {"entry", "work"} for entry in entries)


async def test_what_stands_on_a_phone_is_nowhere_on_the_server(road: Road) -> None:
    """A link that stops, or a letter's id, leads to nobody for whoever holds the server and not the key."""
    await a_house_of_four(road)
    road.environment["VESTKA_LINK_KEY"] = "a key that is not on the disk of Redis"
    await road.start("ingest", "notify")
    for count, article in enumerate((pardon(), pardon_update()), start=1):
        await road.hand_in(article)
        await eventually(lambda count=count: got(road, count), f"{count} message(s) each")  # type: ignore[misc]

    stage = road.stage
    phones = [one.text + repr(one.headers) for one in stage.inbox.messages] + [
        one.source for one in stage.chat.messages
    ]
    phones += [one.body.decode() for one in stage.webhooks.calls]
    links = {link for phone in phones for link in re.findall(r"/stop/([a-z2-7-]+)", phone)}
    ids = {one.header("message-id") or "" for one in stage.inbox.messages}
    answered = {one.header("in-reply-to") or "" for one in stage.inbox.messages[1:]}
    assert len(links) == 2, "one a reader, the same in every message"
    assert len(ids) == 2
    assert answered < ids

    held = await everything_in(road.redis) + road.log.read_text()
    for mark in links | {one.strip("<>").partition("@")[0] for one in ids}:
        assert mark not in held
    assert str(FIRST_NUMBER) not in "".join(phones)
    assert f"{FIRST_NUMBER:x}" not in "".join(phones)
    assert "vestka:subscribers:store" in held, "it is not for want of looking"
    assert str((await road.vault.get(FIRST_NUMBER)).stop_seed) not in held
