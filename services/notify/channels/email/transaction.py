"""What is said of one letter before the letter itself (RFC 5321, section 3.3), and what the server says to it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from services.notify.channels.email.mailing import Mailing
from services.notify.channels.email.replies import SmtpReply
from services.notify.channels.email.smtp_replies import Stage, read_reply

_GO_ON: Final = 354


@dataclass(frozen=True, slots=True)
class Offers:
    """What the mail server can do beyond RFC 5321."""

    pipelining: bool = False
    """RFC 2920."""
    chunking: bool = False
    """RFC 3030."""
    smtputf8: bool = False
    """RFC 6531."""


class SmtpStep(Enum):
    """What a reply answers."""

    RSET = auto()
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    LETTER = auto()
    NOOP = auto()  # said behind a letter, see `reading_ahead`
    LAST = auto()  # QUIT, or a dot to nobody: nothing comes after it


_STAGE: Final = {SmtpStep.MAIL: Stage.SENDER, SmtpStep.RCPT: Stage.RECIPIENT, SmtpStep.DATA: Stage.CONTENT}


class Transaction:
    """`mail`: MAIL and the sender; `reset`: one before it was not brought to its end."""

    __slots__ = ("_commands", "data_open", "mailing", "refusal")

    def __init__(self, mailing: Mailing, mail: bytes, offers: Offers, *, reset: bool) -> None:
        self.mailing = mailing
        self.refusal: tuple[SmtpReply, Stage] | None = None
        """The first, and to what."""
        self.data_open = False
        """The server waits for a letter and its dot."""
        recipient = mailing.recipient
        more = b"\r\n" if recipient.isascii() else b" SMTPUTF8 BODY=8BITMIME\r\n"
        commands = [(SmtpStep.MAIL, mail + more), (SmtpStep.RCPT, b"RCPT TO:<%b>\r\n" % recipient.encode())]
        if reset:
            commands.insert(0, (SmtpStep.RSET, b"RSET\r\n"))
        if not offers.chunking:
            commands.append((SmtpStep.DATA, b"DATA\r\n"))
        self._commands = commands

    @property
    def next_step(self) -> SmtpStep | None:
        """None: all was said."""
        return self._commands[0][0] if self._commands else None

    def say(self, expected: deque[SmtpStep], *, all_at_once: bool) -> bytes:
        """The next command, or all of them; what will be answered is added to `expected`."""
        said, self._commands = (self._commands, []) if all_at_once else (self._commands[:1], self._commands[1:])
        expected.extend([step for step, _ in said])
        return b"".join([command for _, command in said])

    def hear(self, step: SmtpStep, reply: SmtpReply) -> None:
        if step is SmtpStep.DATA:
            if reply.code == _GO_ON:
                self.data_open = True
                return
        elif reply.positive or step is SmtpStep.RSET:
            return
        self.refusal = self.refusal or (reply, _STAGE[step])

    def finish_refused(self) -> None:
        """The letter's end, where there was a refusal."""
        if self.refusal is not None:
            reply, stage = self.refusal
            self.mailing.finish(read_reply(reply.code, reply.text, stage, last_try=self.mailing.last_try))
