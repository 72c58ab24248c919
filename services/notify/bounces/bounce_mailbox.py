"""The mailbox in which what comes back is found, read by IMAP (RFC 9051): each message is taken, and then deleted.

The standard library's client waits for its server, so it works beside the event loop. What is deleted only after it was
taken comes again after a crash, and counts once.
"""

from __future__ import annotations

import asyncio
import imaplib
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import structlog

from services.notify.bounces.returned_mail import MOST_BYTES
from services.notify.channels.email.bounce_settings import BounceMailbox

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 50
_TIMEOUT: Final = 30.0  # seconds


class MailboxAway(Exception):
    """It cannot be read now. The text says why and what to do, and nothing of what the server said."""


async def empty_mailbox(mailbox: BounceMailbox, take: Callable[[bytes], Awaitable[str]]) -> dict[str, int]:
    """How often what was done. Raises MailboxAway."""
    loop, counts = asyncio.get_running_loop(), dict[str, int]()

    def taken(raw: bytes) -> None:
        done = asyncio.run_coroutine_threadsafe(_awaited(take(raw)), loop).result()
        counts[done] = counts.get(done, 0) + 1

    await asyncio.to_thread(_empty, mailbox, taken)
    return counts


async def _awaited(work: Awaitable[str]) -> str:
    return await work


def _empty(mailbox: BounceMailbox, take: Callable[[bytes], None]) -> None:
    with _opened(mailbox) as client:
        while numbers := _unread(client)[:_AT_ONCE]:
            for number in numbers:
                take(_message(client, number))
                client.uid("STORE", number, "+FLAGS.SILENT", r"(\Deleted)")
            client.expunge()


@contextmanager
def _opened(mailbox: BounceMailbox) -> Iterator[imaplib.IMAP4]:
    client: imaplib.IMAP4 | None = None
    try:
        client = _connected(mailbox)
        client.login(mailbox.username, mailbox.password.get_secret_value())
        answer, _ = client.select(f'"{mailbox.folder}"')
        if answer != "OK":
            raise MailboxAway("VESTKA_BOUNCES__FOLDER: the mailbox has no such folder")
        yield client
    except imaplib.IMAP4.error:
        raise MailboxAway("VESTKA_BOUNCES__…: the mail server refuses the login or a command of ours") from None
    except (OSError, ssl.SSLError) as error:
        why = type(error).__name__
        raise MailboxAway(f"VESTKA_BOUNCES__HOST: the mail server cannot be reached ({why})") from None
    finally:
        if client is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                client.logout()


def _connected(mailbox: BounceMailbox) -> imaplib.IMAP4:
    if not mailbox.tls:
        return imaplib.IMAP4(mailbox.host, mailbox.port, timeout=_TIMEOUT)
    context = ssl.create_default_context(cafile=mailbox.ca_file)
    return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=_TIMEOUT)


def _unread(client: imaplib.IMAP4) -> list[str]:
    _, found = client.uid("SEARCH", "UNDELETED")
    return [] if not found or found[0] is None else found[0].decode().split()


def _message(client: imaplib.IMAP4, number: str) -> bytes:
    """Its beginning, without marking it as seen."""
    _, found = client.uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    return next((part[1] for part in found or () if isinstance(part, tuple)), b"")


async def empty_mailbox_forever(
    mailbox: BounceMailbox, take: Callable[[bytes], Awaitable[str]], mine: Callable[[], Awaitable[bool]]
) -> None:
    """Until cancelled. `mine`: whether it is this process that looks, of several."""
    while True:
        try:
            if await mine():
                await empty_mailbox(mailbox, take)
        except MailboxAway as error:
            log.warning("bounce_mailbox_away", todo=str(error))
        await asyncio.sleep(mailbox.every)
