"""SMTP sessions at one relay: so many for all notifiers together, each gets its share, and a dead one's come back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from redis.asyncio import Redis

from services.notify.channels import ChannelSettings, EmailChannel, EmailSettings, open_channels
from services.notify.channels.base import Sent
from services.notify.settings import NotifySettings
from services.notify.throttle import shared_places
from services.notify.throttle.shared_places import SharedPlaces
from services.notify.ways_out import open_ways_out
from services.runtime.streams import open_redis
from tests.conformance.receivers import SmtpReceiver, listening
from tests.conformance.samples import delivery, hand_over, rendered

EN = {"en": rendered("en", text="before\n.\n..after\n")}
PIPELINING = ("8BITMIME", "SMTPUTF8", "PIPELINING")
MOST = 4


@dataclass
class Relay(SmtpReceiver):
    """Notes how many conversations there were at once."""

    at_once: list[int] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.at_once.append(self.opened + 1 - self.closed)
        await super().serve(reader, writer)

    def recipients(self) -> list[str]:
        return sorted(recipient for letter in self.letters for recipient in letter.recipients)


@dataclass
class Notifier:
    """A mail channel as a process of its own has it."""

    redis: Redis
    email: EmailChannel

    async def send(self, *numbers: int) -> list[object]:
        async def one(number: int) -> object:
            address = self.email.read_address(f"reader{number}@mail.example.org")
            return await hand_over(self.email, delivery(address, number=number), EN)

        return await asyncio.gather(*map(one, numbers))


@asynccontextmanager
async def notifier(redis_url: str, port: int, sessions: int = MOST) -> AsyncIterator[Notifier]:
    redis = open_redis(redis_url)
    email = EmailSettings(
        host="127.0.0.1", port=port, starttls="off", sender="a@vestka.example.org", list_id="a.vestka.example.org",
        sessions=sessions, deadline=20,
    )  # fmt: skip
    settings = NotifySettings(channels=ChannelSettings(email=email))
    ways_out = open_ways_out(settings)
    channel = open_channels(settings.channels, ways_out.endpoints, redis)["email"]
    assert isinstance(channel, EmailChannel)
    try:
        yield Notifier(redis, channel)
    finally:
        await channel.close()
        await ways_out.close()
        await redis.aclose()


@asynccontextmanager
async def relay() -> AsyncIterator[Relay]:
    receiver = Relay(extensions=PIPELINING)
    async with listening(receiver.serve) as receiver.port:
        yield receiver


@pytest.mark.usefixtures("redis")
async def test_two_notifiers_have_as_many_sessions_together_as_were_set(redis_url: str) -> None:
    async with (
        relay() as at,
        notifier(redis_url, at.port) as one,
        notifier(redis_url, at.port) as other,
    ):
        outcomes = await asyncio.gather(one.send(*range(150)), other.send(*range(150, 300)))
        assert [Sent()] * 300 == [*outcomes[0], *outcomes[1]]
        assert max(at.at_once) <= MOST
        assert at.opened >= 2, "each of them had one"


@pytest.mark.usefixtures("redis")
async def test_who_comes_later_gets_its_share_though_the_first_would_keep_all(redis_url: str) -> None:
    async with relay() as at, notifier(redis_url, at.port, sessions=2) as one:
        held = at.waits_at(".")
        first = asyncio.create_task(one.send(1, 2))
        async with asyncio.timeout(20):
            while at.verbs.count("DATA") < 2:
                await asyncio.sleep(0.01)
        async with notifier(redis_url, at.port, sessions=2) as other:
            more = asyncio.create_task(one.send(*range(10, 40)))
            second = asyncio.create_task(other.send(100, 101))
            await asyncio.sleep(0.3)
            assert not second.done()
            held.set()
            assert list(await asyncio.gather(first, second, more)) == [[Sent()] * 2, [Sent()] * 2, [Sent()] * 30]
        assert max(at.at_once) <= 2


async def test_what_a_dead_notifier_held_is_free_once_it_has_said_nothing_for_long(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_places, "LEASE_SECONDS", 3.0)
    dead, heir = (SharedPlaces(redis, "email:x", 2) for _ in range(2))
    assert [await dead.take() for _ in range(3)] == [True, True, False]
    assert dead._saying is not None
    dead._saying.cancel()  # as if killed: it gives nothing back
    heir.attach(lambda: 2, lambda _: None)
    assert not await heir.take()
    taken = 0
    async with asyncio.timeout(60):
        while taken < 2:
            taken += await heir.take()
            await asyncio.sleep(0.02)
    await heir.close()
    assert await redis.hlen("vestka:places:email:x") == 0


async def test_what_is_given_back_is_another_s_at_once(redis: Redis) -> None:
    one, other = (SharedPlaces(redis, "email:x", 1) for _ in range(2))
    assert await one.take()
    assert not await other.take()
    one.release()
    async with asyncio.timeout(60):
        while not await other.take():
            await asyncio.sleep(0.01)
    await one.close()
    await other.close()


async def test_nobody_takes_more_than_its_share_while_another_lacks_some(redis: Redis) -> None:
    one, other = (SharedPlaces(redis, "email:x", 4) for _ in range(2))
    back: list[int] = []
    one.attach(lambda: 9, back.append)
    other.attach(lambda: 3, lambda _: None)
    assert [await one.take() for _ in range(4)] == [True] * 4
    assert not await other.take()
    await one.take()
    assert back[-1] == 2, "half of four is the other's"
    for _ in range(2):
        one.release()
    await one._tell(asked=0)
    assert [await other.take() for _ in range(3)] == [True, True, False]
    assert not await one.take()
    await one.close()
    await other.close()


async def test_while_redis_is_away_nothing_new_is_granted_and_nothing_breaks(redis_url: str) -> None:
    gone = open_redis("redis://127.0.0.1:1/0")
    places = SharedPlaces(gone, "email:x", 1)
    assert not await places.take()
    places.release()
    await places.close()
    await gone.aclose()


@pytest.mark.usefixtures("redis")
async def test_relays_are_counted_apart_and_no_key_names_one(redis: Redis, redis_url: str) -> None:
    async with (
        relay() as at,
        relay() as elsewhere,
        notifier(redis_url, at.port, 1) as one,
        notifier(redis_url, elsewhere.port, 1) as other,
    ):
        assert await one.send(1) == await other.send(2) == [Sent()]
        keys = [str(key) async for key in redis.scan_iter("vestka:places:*")]
        assert len(keys) == 2
        assert not any("127.0.0.1" in key for key in keys)
