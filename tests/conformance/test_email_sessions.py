"""Sessions with a mail server: kept, shared, as quick as it allows; and what it costs when one ends too early."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvloop
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import SMTP, AuthResult

from services.notify.channels import EmailChannel, EmailSettings
from services.notify.channels.base import Outcome, Reason, Refused, Retry, Sent, StoreTooSlow
from tests.conformance.certificates import Authority
from tests.conformance.receivers import Badly, SmtpReceiver, listening
from tests.conformance.samples import delivery, hand_over, rendered

EN = {"en": rendered("en", text="before\n.\n..after\n")}
PLAIN = ("8BITMIME", "SMTPUTF8")
PIPELINING = (*PLAIN, "PIPELINING")
CHUNKING = (*PIPELINING, "CHUNKING")
ALL_KINDS = pytest.mark.parametrize("offers", [PLAIN, PIPELINING, (*PLAIN, "CHUNKING"), CHUNKING], ids=" ".join)


def channel(port: int, **changes: Any) -> EmailChannel:
    usual = {
        "host": "127.0.0.1",
        "port": port,
        "starttls": "off",
        "sender": "alerts@vestka.example.org",
        "list_id": "alerts.vestka.example.org",
        "deadline": 2,
    }
    return EmailChannel(EmailSettings.model_validate(usual | changes))


class Side:
    def __init__(self, receiver: SmtpReceiver, email: EmailChannel) -> None:
        self.receiver, self.email = receiver, email

    async def send(self, *numbers: int, **changes: Any) -> list[Outcome]:
        return await asyncio.gather(*(self._one(number, changes) for number in numbers))

    async def _one(self, number: int, changes: dict[str, Any]) -> Outcome:
        address = self.email.read_address(f"reader{number}@mail.example.org")
        return await hand_over(self.email, delivery(address, number=number, **changes), EN)

    def recipients(self) -> list[str]:
        return sorted(recipient for letter in self.receiver.letters for recipient in letter.recipients)


@asynccontextmanager
async def server(offers: Iterable[str] = PIPELINING, **changes: Any) -> AsyncIterator[Side]:
    receiver = SmtpReceiver(extensions=tuple(offers))
    async with listening(receiver.serve) as receiver.port:
        email = channel(receiver.port, **changes)
        try:
            yield Side(receiver, email)
        finally:
            await email.close()


def addresses(count: int) -> list[str]:
    return sorted(f"reader{number}@mail.example.org" for number in range(count))


@ALL_KINDS
async def test_many_letters_share_few_sessions_and_each_arrives_once(offers: tuple[str, ...]) -> None:
    async with server(offers, sessions=3) as side:
        assert await side.send(*range(60)) == [Sent()] * 60
        assert side.recipients() == addresses(60)
        assert side.receiver.opened <= 3


@ALL_KINDS
async def test_the_letter_is_the_same_bytes_whatever_the_server_offers(offers: tuple[str, ...]) -> None:
    async with server(PLAIN) as plain, server(offers) as side:
        await plain.send(1)
        await side.send(1)
        assert side.receiver.letters == plain.receiver.letters


async def test_letters_one_after_the_other_use_one_session() -> None:
    async with server() as side:
        for number in range(5):
            assert await side.send(number) == [Sent()]
        assert side.receiver.opened == 1


@ALL_KINDS
async def test_a_session_ends_after_so_many_letters_and_another_goes_on(offers: tuple[str, ...]) -> None:
    async with server(offers, sessions=1, letters_per_session=4) as side:
        assert await side.send(*range(10)) == [Sent()] * 10
        assert side.receiver.opened == 3
        assert side.receiver.verbs.count("QUIT") == 2


@ALL_KINDS
@pytest.mark.parametrize("most", [1, 2])
async def test_a_server_that_has_enough_of_a_session_costs_no_letter_an_attempt(
    offers: tuple[str, ...], most: int
) -> None:
    async with server(offers) as side:
        side.receiver.most_letters = most
        assert await side.send(*range(8)) == [Sent()] * 8
        for number in range(8, 12):
            assert await side.send(number) == [Sent()]
        assert side.recipients() == addresses(12)


@ALL_KINDS
async def test_a_server_that_says_of_mail_that_it_has_enough_is_asked_in_another_session(
    offers: tuple[str, ...],
) -> None:
    async with server(offers) as side:
        await side.send(0)
        side.receiver.instead = {"MAIL": "450 4.7.1 too many in one session"}
        another = side.receiver.waits_at("GREETING")
        waiting = asyncio.create_task(side.send(1))
        while side.receiver.opened < 2:
            await asyncio.sleep(0)
        side.receiver.instead = {}
        another.set()
        assert await waiting == [Sent()]


@ALL_KINDS
async def test_a_session_that_the_server_closed_while_it_lay_unused_costs_nothing(offers: tuple[str, ...]) -> None:
    receiver = SmtpReceiver(extensions=offers)
    async with listening(receiver.serve) as port:
        email = channel(port)
        side = Side(receiver, email)
        assert await side.send(0) == [Sent()]
        receiver.instead = {"MAIL": Badly.BREAKS_OFF}
        waiting = asyncio.create_task(side.send(1))
        while receiver.closed < 1:
            await asyncio.sleep(0)
        receiver.instead = {}
        assert await waiting == [Sent()]
        await email.close()


@ALL_KINDS
async def test_only_the_letter_without_an_answer_may_have_arrived(offers: tuple[str, ...]) -> None:
    async with server(offers, sessions=1) as side:
        await side.send(*range(100, 104))
        side.receiver.instead = {".": Badly.BREAKS_OFF}
        waiting = asyncio.create_task(side.send(*range(4)))
        while side.receiver.closed < 1:
            await asyncio.sleep(0)
        side.receiver.instead = {}
        outcomes = await waiting
        unsure = [one for one in outcomes if isinstance(one, Retry)]
        assert [one.may_have_arrived for one in unsure] == [True]
        assert outcomes.count(Sent()) == 3
        assert Counter(side.recipients()).most_common(1)[0][1] == 1


@ALL_KINDS
async def test_one_reader_refused_leaves_the_session_to_the_others(offers: tuple[str, ...]) -> None:
    async with server(offers, sessions=1) as side:
        await side.send(0)
        for number in range(1, 4):
            side.receiver.instead = {"RCPT": "550 5.1.1 no such user"}
            assert await side.send(number) == [Refused(Reason.UNKNOWN_ADDRESS, ends_address=True)]
            side.receiver.instead = {}
            assert await side.send(number) == [Sent()]
        assert side.recipients() == addresses(4)


async def test_a_letter_refused_after_data_says_nothing_of_the_next() -> None:
    async with server(sessions=1) as side:
        await side.send(0, 1)
        side.receiver.instead = {".": "552 5.3.4 too big"}
        (outcome,) = await side.send(2)
        assert isinstance(outcome, Retry)
        assert outcome.reason is Reason.TOO_LARGE
        side.receiver.instead = {}
        assert await side.send(3) == [Sent()]
        assert side.receiver.opened == 1


@ALL_KINDS
async def test_who_stops_between_the_commands_and_the_letter_gets_none_and_the_next_one_does(
    offers: tuple[str, ...],
) -> None:
    async with server(offers, sessions=1) as side:
        for asked_before in (0,) if "CHUNKING" in offers else (0, 1):  # BDAT leaves no wait before its letter
            answers = [True] * asked_before + [False]
            outcome = await side.send(7, still_wanted=lambda answers=answers: answers.pop(0) if answers else False)
            assert outcome == [Refused(Reason.STOPPED)]
        assert side.receiver.letters == []
        assert await side.send(0) == [Sent()]
        assert side.recipients() == addresses(1)


async def test_what_we_cannot_be_sure_of_ends_alone() -> None:
    def still_wanted() -> bool:
        raise StoreTooSlow

    async with server(sessions=1) as side:
        outcomes = await asyncio.gather(side.send(7, still_wanted=still_wanted), side.send(0), return_exceptions=True)
        assert isinstance(outcomes[0], StoreTooSlow)
        assert outcomes[1] == [Sent()]
        assert side.recipients() == addresses(1)


@ALL_KINDS
async def test_a_session_that_hangs_holds_up_its_own_letter_and_no_other(offers: tuple[str, ...]) -> None:
    async with server(offers, sessions=2) as side:
        await side.send(*range(100, 110))
        hanging = side.receiver.waits_at(".")
        first = asyncio.create_task(side.send(0))
        while not any("reader0@" in recipient for letter in side.receiver.letters for recipient in letter.recipients):
            await asyncio.sleep(0)
        side.receiver.forget_wait(".")
        assert await side.send(*range(1, 10)) == [Sent()] * 9
        assert not first.done()
        hanging.set()
        assert await first == [Sent()]


async def test_a_server_that_hangs_is_given_up_at_the_deadline_and_nothing_of_it_is_left() -> None:
    async with server(sessions=1, deadline=2.0) as side:
        side.receiver.instead = {".": Badly.HANGS}
        one, *others = await side.send(*range(5))
        assert one == Retry(Reason.TIMEOUT)
        assert isinstance(one, Retry)
        assert one.may_have_arrived
        for other in others:
            assert isinstance(other, Retry)
            assert (other.spends_attempt, other.may_have_arrived) == (False, False), "only the first was written"


async def test_who_waits_no_longer_is_forgotten() -> None:
    async with server(sessions=1) as side:
        hanging = side.receiver.waits_at("RCPT")
        waiting = asyncio.create_task(side.send(0))
        while "RCPT" not in side.receiver.verbs:
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        side.receiver.forget_wait("RCPT")
        hanging.set()
        assert await side.send(1) == [Sent()]
        assert [recipient for recipient in side.recipients() if "reader0@" in recipient] == []


@pytest.mark.parametrize("login", [False, True])
async def test_a_server_that_takes_no_session_is_asked_by_one_at_a_time(login: bool) -> None:
    changes = {"username": "vestka", "password": "correct horse"} if login else {}
    async with server(**changes) as side:
        side.receiver.instead = {} if login else {"GREETING": "421 4.3.2 shutting down"}
        outcomes = await side.send(*range(30))
        assert all(isinstance(one, Retry) for one in outcomes)
        assert side.receiver.opened == 1


async def test_an_unused_session_is_ended_with_a_goodbye() -> None:
    async with server() as side:
        await side.send(0)
        await side.email.close()
        assert side.receiver.verbs[-1] == "QUIT"
        assert await side.send(1) == [Sent()], "and a letter opens another"


class Kept(Message):
    def __init__(self) -> None:
        super().__init__()
        self.readers: list[str] = []

    def handle_message(self, message: Any) -> None:
        self.readers.append(message["To"])


def _may_enter(*_: Any) -> AuthResult:
    return AuthResult(success=True)


async def _forty_letters(port_changes: dict[str, Any], tls: ssl.SSLContext | None, *, implicit: bool) -> list[str]:
    """To a server of somebody else."""
    loop, kept = asyncio.get_running_loop(), Kept()
    asked: dict[str, Any] = (
        {} if tls is None or implicit else {"tls_context": tls, "require_starttls": True, "auth_required": True}
    )

    def conversation() -> SMTP:
        return SMTP(kept, loop=loop, authenticator=_may_enter, **asked)

    other = await loop.create_server(conversation, "127.0.0.1", 0, ssl=tls if implicit else None)
    email = channel(other.sockets[0].getsockname()[1], deadline=20, **port_changes)
    try:
        assert await Side(SmtpReceiver(), email).send(*range(40)) == [Sent()] * 40
    finally:
        await email.close()
        other.close()
    return sorted(kept.readers)


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("secured", ["off", "starttls", "implicit"])
def test_a_server_of_somebody_else_takes_them_all(
    run: Callable[[Coroutine[Any, Any, list[str]]], list[str]], secured: str, tmp_path: Path
) -> None:
    if secured == "off":
        taken = run(_forty_letters({}, None, implicit=False))
    else:
        authority, implicit = Authority(), secured == "implicit"
        changes = {
            "host": "localhost",
            "starttls": "required",
            "implicit_tls": implicit,
            "ca_file": authority.trusted_file(tmp_path),
            "username": None if implicit else "vestka",
            "password": "correct horse",
        }
        taken = run(_forty_letters(changes, authority.server("localhost", tmp_path), implicit=implicit))
    assert taken == addresses(40)
