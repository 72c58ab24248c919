"""Guarantees 3, 4 and 5: what one far side does or says costs no other reader anything, and a stop is a stop."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from services.demo.bot_rules import CHAT_NOT_FOUND, too_many_requests
from services.demo.sample_article import arrest, pardon, pardon_update
from services.demo.stage import free_port
from services.notify.throttle.channel_hold import ChannelHold
from tests.conformance.receivers import SmtpReceiver, listening
from tests.road import Road, eventually


@dataclass
class ManyEndpoints:
    """One host with many endpoints: those under /hangs take a request and never answer."""

    answered: Counter[str] = field(default_factory=Counter)
    hanging: int = 0

    def all_answered(self, endpoints: int, times: int) -> bool:
        return list(self.answered.values()) == [times] * endpoints

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ")[1]
            length = next(line for line in head.lower().split("\r\n") if line.startswith("content-length:"))
            await reader.readexactly(int(length.partition(":")[2]))
            if path.startswith("/hangs"):
                self.hanging += 1
                await asyncio.Event().wait()
            self.answered[path] += 1
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            await writer.drain()


@asynccontextmanager
async def mail_server(road: Road) -> AsyncIterator[SmtpReceiver]:
    receiver = SmtpReceiver()
    async with listening(receiver.serve) as receiver.port:
        road.environment["VESTKA_CHANNELS__EMAIL__PORT"] = str(receiver.port)
        yield receiver


def _has(road: Road, messages: int) -> bool:
    return len(road.stage.chat.messages) == messages


async def another_notifier(road: Road) -> None:
    road.processes["the first notify"] = road.processes.pop("notify")
    road.ports["notify"] = free_port(0)
    road.environment["VESTKA_NOTIFY_PORT"] = str(road.ports["notify"])
    await road.start("notify")


async def test_endpoints_that_hang_delay_none_of_the_others_on_their_host(road: Road) -> None:
    road.environment["VESTKA_CHANNELS__WEBHOOK__DEADLINE"] = "600"
    host = ManyEndpoints()
    async with listening(host.serve) as port:
        for number in range(40):
            await road.subscribe("webhook", f"http://127.0.0.1:{port}/hangs/{number}")
        for number in range(20):
            await road.subscribe("webhook", f"http://127.0.0.1:{port}/well/{number}")
        await road.start("ingest", "notify")
        try:
            for so_far, article in enumerate((pardon(), arrest()), start=1):
                await road.hand_in(article)
                await eventually(partial(host.all_answered, 20, so_far), "the alert at all that are well")
        finally:
            await road.kill("notify")
        assert host.hanging == 40, "those that hang have one place each"


async def test_two_notifiers_are_never_too_fast_for_telegram(road: Road) -> None:
    for chat in range(1, 241):
        await road.subscribe("telegram", str(chat))
    await road.start("ingest", "notify")
    await another_notifier(road)
    await road.hand_in(pardon())
    await eventually(lambda: len(road.stage.chat.messages) == 240, "everybody's message")
    assert road.stage.chat.refusals == []


async def test_a_chat_that_has_to_wait_for_an_hour_silences_no_other(road: Road) -> None:
    for chat in (1, 2, 3, 4, 5, 6):
        await road.subscribe("telegram", str(chat))
    road.stage.chat.troubles = dict.fromkeys((1, 2), too_many_requests(3600))
    await road.start("ingest", "notify")
    for article in (pardon(), arrest()):
        await road.hand_in(article)
    await eventually(lambda: len(road.stage.chat.messages) == 8, "both alerts to the four")
    assert len(road.stage.chat.refusals) == 2, "each of the two was asked once"
    assert await ChannelHold(road.redis, "telegram").held() is None


async def test_a_chat_that_is_not_found_is_asked_once_and_not_at_every_event(road: Road) -> None:
    road.stage.chat.troubles[1] = CHAT_NOT_FOUND
    await road.subscribe("telegram", "2")
    await road.start("ingest", "notify")
    for number, article in enumerate((pardon(), arrest(), pardon_update()), start=1):
        await road.hand_in(article)
        await eventually(partial(_has, road, number), "the other's message")
        if number == 1:  # by now the bot is known to be ours
            await road.subscribe("telegram", "1")
        if number == 2:
            await eventually(lambda: bool(road.stage.chat.refusals), "the one question")
    assert len(road.stage.chat.refusals) == 1


async def test_what_a_mail_server_refuses_because_of_us_reaches_everybody_once_it_is_mended(road: Road) -> None:
    async with mail_server(road) as server:
        server.instead = {"RCPT": "554 5.7.1 Relay access denied"}
        for number in range(5):
            await road.subscribe("email", f"reader-{number}@demo.example")
        await road.start("ingest", "notify")
        await road.hand_in(pardon())
        await eventually(lambda: server.verbs.count("RCPT") >= 3, "refusals")
        server.instead = {}
        await eventually(lambda: len(server.letters) == 5, "five letters")
        assert not await road.redis.exists("vestka:dead")
        held = await ChannelHold(road.redis, "email").held()
        assert held
        assert held.reason == "policy"


async def test_no_letter_leaves_after_a_stop_however_long_the_mail_server_lets_us_wait(road: Road) -> None:
    async with mail_server(road) as server:
        road.environment["VESTKA_CHANNELS__EMAIL__DEADLINE"] = "30"
        reader = await road.subscribe("email", "reader@demo.example")
        go_on = server.waits_at("RCPT")
        await road.start("ingest", "notify")
        await road.hand_in(pardon())
        await eventually(lambda: "RCPT" in server.verbs, "the letter is under way")
        await road.vault.set_active(reader, False)
        go_on.set()
        await eventually(lambda: server.closed > 0, "the conversation is over")
        assert "DATA" not in server.verbs
        assert server.letters == []
        assert not await road.redis.exists("vestka:dead")
