"""One letter on its way to the mail server, from when it waits for a session until something is known of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from services.notify.channels.base import NoLongerWanted, Outcome, Retry, StoreTooSlow, TooLate
from services.notify.channels.email.smtp_replies import NotForThisReader
from services.notify.channels.email.splicing import Letter


class Carrier(Protocol):
    def give_up(self, mailing: Mailing, why: Retry) -> None:
        """The time for this letter is over, or nobody waits for it any more."""
        ...


class Mailing:
    """`leave` is called right before DATA (or BDAT) and before the letter itself, see `Delivery.leave`; times are
    of the monotonic clock. `session` has it in hand, or it waits; `sender`: in MAIL, where it is not the
    session's."""

    __slots__ = (
        "began",
        "created",
        "deadline",
        "last_try",
        "leave",
        "letter",
        "recipient",
        "result",
        "sender",
        "session",
    )

    def __init__(
        self, recipient: str, letter: Letter, leave: Callable[[], None], *, last_try: bool, sender: str = ""
    ) -> None:
        self.recipient, self.letter, self.leave, self.last_try = recipient, letter, leave, last_try
        self.sender = sender
        self.created = self.began = time.monotonic()
        self.deadline = self.created
        self.result: asyncio.Future[Outcome | NotForThisReader] = asyncio.get_running_loop().create_future()
        self.session: Carrier | None = None

    @property
    def done(self) -> bool:
        """Nobody waits for it any more."""
        return self.result.done()

    def may_leave(self) -> bool:
        """Otherwise it ends here."""
        if self.result.done():
            return False
        try:
            self.leave()
        except (NoLongerWanted, TooLate, StoreTooSlow) as error:
            self.result.set_exception(error)
            return False
        return True

    def finish(self, outcome: Outcome | NotForThisReader) -> None:
        if not self.result.done():
            self.result.set_result(outcome)

    def fail(self, error: Exception) -> None:
        """A fault of ours, which goes through."""
        if not self.result.done():
            self.result.set_exception(error)
