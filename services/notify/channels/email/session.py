"""An open session: one transaction after the other (RFC 5321, section 3.3), with as few waits as the server allows.

Where it offers PIPELINING (RFC 2920), MAIL, RCPT and DATA go out in one piece. Where it offers CHUNKING (RFC 3030),
BDAT takes the place of DATA and of its wait. Where the server is known to read on after a letter (`reading_ahead`), the
next envelope goes out with it, so that a letter costs one wait. Everything here happens when something is heard;
nothing waits.

What a session costs that ends too early: nothing to letters that had not left, which go to another session; only the
letter whose answer is missing may have arrived (RFC 5321, section 4.5.3.2.6).
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import deque
from dataclasses import replace
from typing import Final, Protocol

from services.notify.channels.base import Reason, Refused, Retry, Sent
from services.notify.channels.email.mailing import Mailing
from services.notify.channels.email.reading_ahead import RESCUED_AFTER, ReadingAhead
from services.notify.channels.email.replies import Replies, SmtpReply
from services.notify.channels.email.smtp_replies import Stage, read_reply
from services.notify.channels.email.transaction import Offers, SmtpStep, Transaction

_NEW: Final = 1.0
"""Seconds: a session that lay unused for longer may have been given up by the server."""
_MOST_REFUSALS: Final = 8
"""Servers slow down or ban who is refused too often in one session (Postfix: `smtpd_soft_error_limit`, 10)."""
_CLOSING: Final = 421
_GOODBYE: Final = 1.0
_HELD_UP: Final = 1.0
"""Seconds for which the next envelope waits behind a letter before another session, if one rests, takes it."""


class LetterQueue(Protocol):
    """Where sessions get their letters from."""

    ahead: ReadingAhead
    """What is known of their server."""

    def next(self) -> Mailing | None: ...

    def begun(self, mailing: Mailing, session: Session) -> None:
        """A session has it in hand: from here on its time runs."""

    def waits(self) -> bool:
        """Whether there is another."""

    def again(self, mailing: Mailing) -> None:
        """Nothing was said of it: another session's."""

    def rests(self, session: Session) -> None: ...

    def any_rest(self) -> bool:
        """Whether a session has nothing to do."""

    def gone(self, session: Session) -> None: ...


class Session(asyncio.Protocol):
    """`sender`: as it stands in MAIL, unless a letter has another; `most`: letters before the session is ended."""

    def __init__(
        self, transport: asyncio.Transport, offers: Offers, sender: str, most: int, queue: LetterQueue
    ) -> None:
        self._transport, self._offers, self._queue = transport, offers, queue
        self._sender, self._usual_mail = sender, b"MAIL FROM:<%b>" % sender.encode()
        self._left = most
        self.since = time.monotonic()
        """When it began to rest, or when something was last said to it."""
        self._replies = Replies()
        self._expected: deque[SmtpStep] = deque()
        self._envelope: Transaction | None = None
        self._written: Mailing | None = None
        """Its letter has left, and is not answered."""
        self._unclean = self._over = False
        self._ahead = self._asking = self._rescued = False
        """It says the next envelope with a letter; it has asked whether it may; and was not heard."""
        self._new = True
        """It has carried no letter yet, so what is said to its first is said of that letter or of us all."""
        self._refusals = 0

    def start(self) -> None:
        """Takes what waits, or rests."""
        if self._over:
            return
        if time.monotonic() - self.since > _NEW:
            self._new = False
        if self._left <= 0 or self._refusals >= _MOST_REFUSALS:
            self.quit()
            return
        said = self._next_envelope()
        if said:
            self._say(said)
            return
        self.since = time.monotonic()
        self._queue.rests(self)

    def quit(self) -> None:
        if not self._over and SmtpStep.LAST not in self._expected:
            self._expected.append(SmtpStep.LAST)
            self._say(b"QUIT\r\n")

    def abort(self, why: Retry | None = None) -> None:
        """Closed at once: what was not handed over is given up (RFC 5321, section 4.1.1.4)."""
        self._transport.abort()
        self._end(why or Retry(Reason.UNREACHABLE))

    def give_up(self, mailing: Mailing, why: Retry) -> None:
        if mailing is self._written:
            mailing.finish(replace(why, may_have_arrived=True))
            self.abort()
        elif self._envelope is not None and mailing is self._envelope.mailing:
            mailing.finish(why)
            if self._written is None:  # else its turn never comes
                self.abort()

    def look(self, now: float) -> None:
        """From time to time."""
        waited = now - self.since
        if self._expected and self._expected[-1] is SmtpStep.LAST and waited > _GOODBYE:
            self.abort()
        elif self._asking and waited > RESCUED_AFTER:
            self._rescue()
        elif self._written is not None and self._envelope is not None and waited > _HELD_UP and self._queue.any_rest():
            held_up, self._envelope, self._rescued = self._envelope.mailing, None, True
            self._queue.again(held_up)

    def data_received(self, data: bytes) -> None:
        for reply in self._replies.hear(data):
            if self._over:
                return
            self._heard(reply)

    def connection_lost(self, error: Exception | None) -> None:
        self._end(Retry(Reason.TLS if isinstance(error, ssl.SSLError) else Reason.UNREACHABLE))

    def _heard(self, reply: SmtpReply) -> None:
        step = self._expected.popleft() if self._expected else SmtpStep.LAST
        if step is SmtpStep.LETTER:
            self._answered(reply)
        elif step is SmtpStep.NOOP:
            self._has_asked(well=reply.positive)
        elif step is SmtpStep.LAST or (step is SmtpStep.RSET and not reply.positive):
            self.abort()
        elif self._envelope is not None:
            self._envelope.hear(step, reply)
        if self._over:
            return
        if reply.code < 0 or reply.code == _CLOSING:
            self._closed()
        elif not self._expected:
            self._go_on(self._envelope)

    def _go_on(self, envelope: Transaction | None) -> None:
        """All that was said is answered."""
        if envelope is None:
            self.start()
        elif envelope.refusal is not None:
            self._refused(envelope, envelope.refusal[1])
        elif envelope.next_step is None:
            self._hand_over(envelope)
        elif envelope.next_step is SmtpStep.DATA and not envelope.mailing.may_leave():
            self._let_go(envelope)
        else:
            self._say(envelope.say(self._expected, all_at_once=False))

    def _next_envelope(self) -> bytes:
        """Begins a transaction for the next letter that may leave; nothing where there is none."""
        pipelining = self._offers.pipelining
        while (mailing := self._queue.next()) is not None:
            if not (mailing.recipient.isascii() or self._offers.smtputf8):
                mailing.finish(Refused(Reason.UNACCEPTABLE))
            elif not pipelining or self._offers.chunking or mailing.may_leave():
                self._queue.begun(mailing, self)
                self._envelope = Transaction(mailing, self._mail(mailing), self._offers, reset=self._unclean)
                self._unclean = True
                return self._envelope.say(self._expected, all_at_once=pipelining)
        return b""

    def _mail(self, mailing: Mailing) -> bytes:
        sender = mailing.sender
        if not sender or sender == self._sender:
            return self._usual_mail
        return b"MAIL FROM:<%b>" % sender.encode()

    def _hand_over(self, envelope: Transaction) -> None:
        if self._transport.is_closing():
            self.abort()
            return
        if not envelope.mailing.may_leave():
            self._let_go(envelope)
            return
        letter = envelope.mailing.letter
        self._envelope, self._written, self._unclean = None, envelope.mailing, False
        self._expected.append(SmtpStep.LETTER)
        self._left -= 1
        if self._offers.chunking:
            octets = letter.as_it_is()
            self._say(b"BDAT %d LAST\r\n" % len(octets), octets, self._behind())
        else:
            self._say(letter.dotted(), self._behind())

    def _behind(self) -> bytes:
        """What goes out with a letter."""
        if self._ahead:
            return self._next_envelope() if self._left > 0 and self._refusals < _MOST_REFUSALS else b""
        known = self._queue.ahead
        if not (self._offers.pipelining and self._queue.waits() and known.may_ask()):
            return b""
        known.asks()
        self._asking = True
        self._expected.append(SmtpStep.NOOP)
        return b"NOOP\r\n"

    def _has_asked(self, *, well: bool) -> None:
        self._asking, self._ahead = False, well
        self._queue.ahead.answered(well=well)

    def _rescue(self) -> None:
        """Nothing was said to what stands behind a letter. Where the letter was answered, that was not heard; else it
        may have been taken for more of the letter, which ends with one dot more, and the session with the answer."""
        self._has_asked(well=False)
        if self._written is None:
            self.abort()
        else:
            self._rescued = True
            self._say(b"\r\n.\r\n")

    def _answered(self, reply: SmtpReply) -> None:
        mailing, self._written = self._written, None
        assert mailing is not None
        if reply.positive:
            mailing.finish(Sent(code=reply.code))
        elif reply.code == _CLOSING and not self._new:
            self._queue.again(mailing)
        else:
            self._refusals += 1
            mailing.finish(read_reply(reply.code, reply.text, Stage.CONTENT, last_try=mailing.last_try))
        self._new = False
        if self._rescued:
            self.abort()
        elif self._envelope is not None and not self._envelope.mailing.done:
            self._queue.begun(self._envelope.mailing, self)  # for what was before it, it only waited

    def _refused(self, envelope: Transaction, stage: Stage) -> None:
        self._envelope = None
        self._refusals += 1
        if stage is Stage.SENDER and not self._new:  # a server may have enough of a session, and says it of MAIL
            self._left = 0
            self._queue.again(envelope.mailing)
        else:
            envelope.finish_refused()
        self._new = False
        if envelope.data_open:  # a letter to nobody, as RFC 2920, section 3.1, wants it
            self._expected.append(SmtpStep.LAST)
            self._say(b".\r\n")
        else:
            self.start()

    def _closed(self) -> None:
        """The server ends the session, or says what nobody understands."""
        if self._envelope is not None and self._new:
            self._envelope.finish_refused()
        self.abort()

    def _let_go(self, envelope: Transaction) -> None:
        """The letter that was announced does not come."""
        self._envelope = None
        if envelope.data_open:  # a dot would send what was never said
            self.abort()
        else:
            self.start()

    def _say(self, *what: bytes) -> None:
        self.since = time.monotonic()
        try:
            self._transport.writelines(what)
        except (RuntimeError, OSError):  # uvloop's word for a connection that was reset
            self.abort()

    def _end(self, why: Retry) -> None:
        if self._over:
            return
        self._over = True
        if self._asking:
            self._has_asked(well=False)
        self._queue.gone(self)
        written, envelope, self._written, self._envelope = self._written, self._envelope, None, None
        if written is not None:
            written.finish(replace(why, may_have_arrived=True))
        if envelope is None:
            return
        if self._new and written is None:
            envelope.mailing.finish(why)
        else:
            self._queue.again(envelope.mailing)
