"""What comes back to our sender: what becomes of the address, and that nobody can end another's."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest
import structlog
from pydantic import SecretStr
from redis.asyncio import Redis

from services.notify.bounces.bounce_desk import BounceDesk
from services.notify.bounces.bounce_mailbox import MailboxAway, empty_mailbox
from services.notify.channels.email.bounce_settings import BounceMailbox
from services.notify.digests.calendar import Calendar
from services.notify.references import References
from services.operations.alarms import Alarms
from services.runtime.kept_events import ORDER
from services.runtime.metrics import Metrics
from services.subscribers.keyring import Keyring
from services.subscribers.signups import Choices, Signup
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import Interest
from services.subscribers.vault import Vault
from tests.redis.house import Clock
from tests.returned import complaint, not_delivered
from tests.store import everything_in, vault_on

MOTHER, EVENT = "mother@mail.example.org", "pardon-20241228-aaaaaa-r1"
REFERENCES = References(Keyring(b"a key for this test"))
JOINED = Signup("email", MOTHER, Choices("ru", "discreet", True, (Interest(),)))
DAY = 86_400


@pytest.fixture
def vault(redis: Redis) -> Vault:
    return vault_on(redis)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def mother(redis: Redis, vault: Vault) -> Subscriber:
    await redis.zadd(ORDER, {EVENT: 1, "arrest-20241228-bbbbbb-r1": 2})
    return await vault.join(JOINED)


@pytest.fixture
def desk(redis: Redis, vault: Vault, clock: Clock) -> BounceDesk:
    metrics = Metrics()
    return BounceDesk(redis, vault, REFERENCES, Alarms(redis, metrics, clock), metrics, clock)


def letter_to(someone: Subscriber, event: str = EVENT) -> str:
    return REFERENCES.message_id("email", event, someone.number)


async def ended(vault: Vault, someone: Subscriber) -> str | None:
    return (await vault.get(someone.number)).addresses[0].ended


@pytest.mark.parametrize("code", ["5.1.1", "5.1.2", "5.1.10"])
async def test_an_address_that_is_none_ends_after_one(
    desk: BounceDesk, vault: Vault, mother: Subscriber, code: str
) -> None:
    assert await desk.take(not_delivered("Mother@MAIL.example.org", letter_to(mother), code)) == "ended"
    assert await ended(vault, mother) == "unknown_address"


async def test_a_digest_that_comes_back_is_known_as_ours(
    redis: Redis, desk: BounceDesk, vault: Vault, mother: Subscriber
) -> None:
    await Calendar(redis).note_begun(date(2024, 12, 29))
    stranger = not_delivered(MOTHER, letter_to(mother, "digest-2024-12-30"), "5.1.1")
    assert await desk.take(stranger) == "unmatched"
    assert await desk.take(not_delivered(MOTHER, letter_to(mother, "digest-2024-12-29"), "5.1.1")) == "ended"


async def test_a_complaint_ends_it_and_joining_anew_mends_it(
    desk: BounceDesk, vault: Vault, mother: Subscriber
) -> None:
    assert await desk.take(complaint(MOTHER, letter_to(mother))) == "complaint"
    assert await ended(vault, mother) == "complaint"
    assert (await vault.join(JOINED)).is_reached


async def test_three_passing_failures_within_three_days_pause_it_and_it_stays(
    redis: Redis, desk: BounceDesk, vault: Vault, mother: Subscriber, clock: Clock
) -> None:
    done = []
    for number in range(3):
        done.append(await desk.take(not_delivered(MOTHER, letter_to(mother), "4.2.2", number=number)))
        clock.forward(20 * 3600)
    assert done == ["counted", "counted", "paused"]
    assert await ended(vault, mother) == "bounces"
    assert await vault.vanish(clock() + 1e9) == 0
    assert (await vault.join(JOINED)).is_reached


async def test_three_that_are_further_apart_pause_nothing(
    desk: BounceDesk, vault: Vault, mother: Subscriber, clock: Clock
) -> None:
    for number in range(6):
        await desk.take(not_delivered(MOTHER, letter_to(mother), "4.2.2", number=number))
        clock.forward(37 * 3600)
    assert await ended(vault, mother) is None


async def test_the_same_report_counts_once(desk: BounceDesk, vault: Vault, mother: Subscriber) -> None:
    for _ in range(5):
        assert await desk.take(not_delivered(MOTHER, letter_to(mother), "4.2.2")) == "counted"
    assert await ended(vault, mother) is None


@pytest.mark.parametrize("code", ["5.7.1", "5.7.26", "5.1.8", "4.7.0", "5.6.0"])
async def test_what_speaks_of_us_is_an_alarm_and_ends_nothing(
    desk: BounceDesk, vault: Vault, mother: Subscriber, code: str
) -> None:
    assert await desk.take(not_delivered(MOTHER, letter_to(mother), code)) == "ours"
    assert await ended(vault, mother) is None
    assert [alarm.kind for alarm in await desk.alarms.list()] == ["mail_reputation"]


async def test_nobody_ends_anothers_address_without_a_letter_that_went_to_it(
    desk: BounceDesk, vault: Vault, mother: Subscriber
) -> None:
    stranger = await vault.join(Signup("email", "stranger@example.net", JOINED.choices))
    for message_id in ("k7q2mxab4wz", letter_to(stranger), "", letter_to(mother)[:-1]):
        for raw in (not_delivered(MOTHER, message_id), complaint(MOTHER, message_id)):
            assert await desk.take(raw) == "unmatched"
    assert await ended(vault, mother) is None


async def test_of_whom_we_do_not_know_nothing_is_kept(redis: Redis, desk: BounceDesk, mother: Subscriber) -> None:
    before = await everything_in(redis)
    assert await desk.take(not_delivered("somebody@example.net", letter_to(mother))) == "unmatched"
    assert await desk.take(b"Subject: I am away\r\n\r\n") == "no_report"
    assert await everything_in(redis) == before


async def test_no_address_is_in_the_log_nor_in_the_store(redis: Redis, desk: BounceDesk, mother: Subscriber) -> None:
    with structlog.testing.capture_logs() as lines:
        for code in ("4.2.2", "5.7.1", "5.1.1"):
            await desk.take(not_delivered(MOTHER, letter_to(mother), code))
    for where in (str(lines), await everything_in(redis)):
        assert "mother" not in where
        assert letter_to(mother) not in where


class _Mailbox(dict[int, bytes]):
    """As much of an IMAP server as reading a mailbox asks for (RFC 9051)."""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while line := (await reader.readline()).decode().strip():
            tag, _, command = line.partition(" ")
            for answer in self._answers(command):
                writer.write(answer + b"\r\n")
            ok = "NO" if command.startswith("LOGIN") and '"right"' not in command else "OK"
            writer.write(f"{tag} {ok} done\r\n".encode())
            if command == "LOGOUT":
                break
        writer.close()

    def _answers(self, command: str) -> list[bytes]:
        if command == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1"]
        if command.startswith("UID SEARCH"):
            return [b"* SEARCH " + " ".join(map(str, self)).encode()]
        if fetch := re.match(r"UID FETCH (\d+) ", command):
            raw = self[int(fetch[1])]
            return [b"* 1 FETCH (UID %s BODY[]<0> {%d}" % (fetch[1].encode(), len(raw)), raw + b")"]
        if store := re.match(r"UID STORE (\d+) ", command):
            del self[int(store[1])]
        return [b"* BYE"] if command == "LOGOUT" else []


@asynccontextmanager
async def a_mailbox(*messages: bytes) -> AsyncIterator[tuple[_Mailbox, BounceMailbox]]:
    box = _Mailbox(enumerate(messages, start=1))
    server = await asyncio.start_server(box.talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield box, BounceMailbox(host="127.0.0.1", port=port, tls=False, username="us", password=SecretStr("right"))


async def test_a_mailbox_is_emptied_of_reports_and_of_whatever_else_came(
    desk: BounceDesk, vault: Vault, mother: Subscriber
) -> None:
    messages = (b"Subject: I am away\r\n\r\n", not_delivered(MOTHER, letter_to(mother)), b"")
    async with a_mailbox(*messages) as (box, settings):
        assert await empty_mailbox(settings, desk.take) == {"no_report": 2, "ended": 1}
        assert box == {}
    assert await ended(vault, mother) == "unknown_address"


async def test_a_message_stays_until_it_was_taken(desk: BounceDesk, mother: Subscriber) -> None:
    async def fails(raw: bytes) -> str:
        raise ConnectionError

    async with a_mailbox(not_delivered(MOTHER, letter_to(mother))) as (box, settings):
        with pytest.raises(MailboxAway):
            await empty_mailbox(settings, fails)
        assert len(box) == 1


async def test_a_mailbox_that_does_not_let_us_in_says_so_and_nothing_else(desk: BounceDesk) -> None:
    async with a_mailbox() as (_, settings):
        wrong = settings.model_copy(update={"password": SecretStr("wrong-one")})
        with pytest.raises(MailboxAway, match="login") as refused:
            await empty_mailbox(wrong, desk.take)
        assert "wrong-one" not in str(refused.value)
    with pytest.raises(MailboxAway, match="reached"):
        await empty_mailbox(settings.model_copy(update={"port": 1}), desk.take)


def test_a_password_goes_over_no_line_in_clear() -> None:
    with pytest.raises(ValueError, match="TLS"):
        BounceMailbox(host="mail.example.org", tls=False, username="us", password=SecretStr("right"))
