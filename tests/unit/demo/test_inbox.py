"""The SMTP server, spoken to by a real client over a real socket."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from email.message import EmailMessage

import aiosmtplib
import pytest

from services.demo.inbox import SIZE_LIMIT, Inbox


@pytest.fixture
async def inbox() -> AsyncIterator[Inbox]:
    receiver = Inbox(refuses={"gone@mail.example": "550 5.1.1 no such user here"})
    await receiver.start()
    yield receiver
    await receiver.stop()


def _client(inbox: Inbox) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(hostname=inbox.host, port=inbox.port, start_tls=False)


def _message(subject: str = "Весткі") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "alerts@vestka.example"
    message["To"] = "reader@mail.example"
    message["Subject"] = subject
    message.set_content("Ўсё добра.")
    message.add_alternative("<p>Ўсё добра.</p>", subtype="html")
    return message


async def test_a_letter_arrives_as_it_was_sent(inbox: Inbox) -> None:
    async with _client(inbox) as client:
        await client.send_message(_message())
    (letter,) = inbox.messages
    assert (letter.number, letter.subject, letter.text) == (1, "Весткі", "Ўсё добра.\n")
    assert letter.html == "<p>Ўсё добра.</p>\n"
    assert (letter.sender, letter.recipient) == ("alerts@vestka.example", "reader@mail.example")
    assert b"Subject: =?utf-8?" in letter.raw


async def test_every_recipient_of_a_message_gets_a_letter(inbox: Inbox) -> None:
    async with _client(inbox) as client:
        await client.sendmail("a@vestka.example", ["one@mail.example", "two@mail.example"], b"Subject: x\r\n\r\ny\r\n")
    assert [letter.recipient for letter in inbox.messages] == ["one@mail.example", "two@mail.example"]


async def test_eight_bit_bodies_and_international_addresses_are_taken(inbox: Inbox) -> None:
    async with _client(inbox) as client:
        await client.ehlo()
        assert {"8bitmime", "smtputf8", "size"} <= set(client.esmtp_extensions)
        await client.sendmail(
            "a@vestka.example",
            ["чытач@пошта.example"],
            "Subject: x\r\n\r\nда\r\n".encode(),
            mail_options=["SMTPUTF8", "BODY=8BITMIME"],
        )
    assert inbox.messages[0].recipient == "чытач@пошта.example"
    assert "да".encode() in inbox.messages[0].raw


async def test_a_bounce_address_may_be_empty(inbox: Inbox) -> None:
    async with _client(inbox) as client:
        await client.sendmail("", ["reader@mail.example"], b"Subject: x\r\n\r\ny\r\n")
    assert len(inbox.messages) == 1


async def test_lines_that_begin_with_a_dot_come_through(inbox: Inbox) -> None:
    async with _client(inbox) as client:
        await client.sendmail("a@vestka.example", ["r@mail.example"], b"Subject: x\r\n\r\n.\r\n..two\r\n")
    assert inbox.messages[0].raw.endswith(b"\r\n.\r\n..two\r\n")


async def test_a_letter_beyond_the_size_limit_is_refused(inbox: Inbox) -> None:
    async with _client(inbox) as client:
        await client.ehlo()
        with pytest.raises(aiosmtplib.SMTPSenderRefused) as refused:
            await client.mail("a@vestka.example", options=[f"SIZE={SIZE_LIMIT + 1}"])
    assert refused.value.code == 552


async def test_a_recipient_can_be_refused_by_name(inbox: Inbox) -> None:
    async with _client(inbox) as client:
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
            await client.sendmail("a@vestka.example", ["gone@mail.example"], b"Subject: x\r\n\r\ny\r\n")
    assert refused.value.recipients[0].code == 550
    assert inbox.messages == []


async def test_no_more_letters_are_kept_than_asked_for() -> None:
    inbox = Inbox(keep=2)
    for number in range(5):
        await inbox.take(b"Subject: %d\r\n\r\n" % number, "a@vestka.example", ["r@mail.example"])
    assert [letter.subject for letter in inbox.messages] == ["3", "4"]


async def test_a_client_that_goes_away_in_mid_sentence_leaves_the_server_well(inbox: Inbox) -> None:
    _, writer = await asyncio.open_connection(inbox.host, inbox.port)
    writer.write(b"EHLO x\r\nMAIL FROM:<a@vestka.example>\r\nRCPT TO:<r@mail.example>\r\nDATA\r\nSubject: ha")
    await writer.drain()
    writer.transport.abort()
    async with _client(inbox) as client:
        await client.send_message(_message("after"))
    assert [letter.subject for letter in inbox.messages] == ["after"]


async def test_stopping_hangs_up_on_who_is_still_there() -> None:
    inbox = Inbox()
    await inbox.start()
    reader, writer = await asyncio.open_connection(inbox.host, inbox.port)
    assert (await reader.readline()).startswith(b"220 ")
    await inbox.stop()
    await inbox.stop()  # once more does no harm
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(1)
    writer.close()
    with pytest.raises(ConnectionError):
        await asyncio.open_connection(inbox.host, inbox.port)


async def test_the_answer_can_be_lost_after_the_letter_was_kept() -> None:
    held = asyncio.Event()
    inbox = Inbox(before_answer=held.wait)
    await inbox.start()
    client = _client(inbox)
    await client.connect()
    sending = asyncio.create_task(client.send_message(_message()))
    await asyncio.wait_for(inbox.wait_for(1), timeout=10)
    assert not sending.done()
    await inbox.stop()
    with pytest.raises(aiosmtplib.SMTPException):
        await sending
    client.close()


async def test_no_address_is_logged(inbox: Inbox, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="root"):
        async with _client(inbox) as client:
            await client.send_message(_message())
    assert "mail.example" not in caplog.text


async def test_a_taken_port_is_explained(inbox: Inbox) -> None:
    with pytest.raises(OSError, match=r"cannot listen on 127\.0\.0\.1:\d+.*give another port"):
        await Inbox(port=inbox.port).start()
