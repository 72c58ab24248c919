"""Email: one letter for one reader, handed to our mail server."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import ClassVar, Literal, get_args

from services.contract import Event
from services.notify.channels.base import (
    FOR_THE_ANSWER,
    Delivery,
    NoLongerWanted,
    Outcome,
    Reason,
    Refused,
    Rendered,
    Retry,
    Sent,
    TooLate,
    Trouble,
)
from services.notify.channels.composing import raise_as_poison
from services.notify.channels.email.guarded_letter import GuardedLetter, guarded
from services.notify.channels.email.letter import Own
from services.notify.channels.email.mail_addresses import is_written_plainly, read_mail_address
from services.notify.channels.email.mail_settings import EmailSettings, trusted
from services.notify.channels.email.mail_trouble import trouble_at
from services.notify.channels.email.mailing import Mailing
from services.notify.channels.email.plain_letter import PlainLetter, write_guarded
from services.notify.channels.email.session_opening import NotOpened, Opening
from services.notify.channels.email.session_pool import SessionPool
from services.notify.channels.email.smtp_replies import NotForThisReader
from services.notify.channels.email.splicing import Letter
from services.notify.channels.email.writing_desk import WritingDesk, desk_for
from services.notify.channels.far_side_standing import Standing
from services.notify.throttle.shared_places import Places
from services.subscribers.address import Address, InvalidAddress, Mode, outer_mode

__all__ = ["EmailChannel", "EmailSettings"]


class EmailChannel:
    name: ClassVar[str] = "email"
    parts: ClassVar[tuple[str, ...]] = ("subject", "text", "html")
    languages: ClassVar[Literal["reader", "all"]] = "reader"
    personal: ClassVar[bool] = True
    shared: bool = True

    def __init__(
        self, settings: EmailSettings, places: Places | None = None, now: Callable[[], float] = time.time
    ) -> None:
        """`places`: what limits the sessions of all notifiers at the relay; None: each has its own limit. `now`: Unix
        seconds, by which a reader's certificate has expired or not."""
        self.deadline = settings.deadline
        self._settings, self._now = settings, now
        self._sessions = SessionPool(settings, places)
        self._standing, self._put_off = Standing(time.monotonic), Standing(time.monotonic)
        self._desks: dict[Mode, WritingDesk] = {mode: desk_for(mode, settings) for mode in get_args(Mode)}

    def read_address(self, target: str, secrets: tuple[str, ...] = ()) -> Address:
        return Address(self.name, read_mail_address(target).text, secrets)

    def compose(self, event: Event, rendered: Mapping[str, Rendered], mode: Mode) -> GuardedLetter:
        (one,) = rendered.values()
        return guarded(event, one, mode, self._desks[mode], self._desks["discreet"])

    async def send(self, delivery: Delivery, composed: GuardedLetter) -> Outcome:
        recipient = delivery.address.target
        if not is_written_plainly(recipient):
            try:
                recipient = read_mail_address(recipient).text
            except InvalidAddress:
                return Refused(Reason.UNKNOWN_ADDRESS)
        try:
            own = Own(recipient, delivery.stop_url, delivery.message_id, delivery.first_message_id)
            letter = composed.of(own, delivery.address.openpgp, delivery.cover, self._now())
        except Exception as error:
            raise_as_poison(error)

        def leave() -> None:
            delivery.leave(mailing.began + self.deadline * (1 - FOR_THE_ANSWER) - time.monotonic())

        last_try = delivery.attempt > 1 and delivery.retries_remaining == 0
        sender = self._desks[outer_mode(delivery.address, delivery.mode)].head.sender.text
        mailing = Mailing(recipient, letter, leave, last_try=last_try, sender=sender)
        try:
            outcome = await self._sessions.carry(mailing)
        except NoLongerWanted:
            return Refused(Reason.STOPPED)
        except TooLate:
            waited = mailing.began - mailing.created
            return Retry(Reason.TIMEOUT, spends_attempt=waited < self.deadline / 2)
        return self._judged(delivery.number, outcome, mailing.began)

    async def post(self, note: PlainLetter) -> Outcome:
        """One attempt at a letter about a subscription, as neutral as a discreet one; by the same sessions, so within
        what is set for all."""
        desk = self._desks["discreet"]
        letter = Letter(write_guarded(note, desk.head, self._now()), signer=desk.signer)
        mailing = Mailing(note.recipient, letter, lambda: None, last_try=False, sender=desk.head.sender.text)
        outcome = await self._sessions.carry(mailing)
        return outcome.why if isinstance(outcome, NotForThisReader) else outcome

    async def ask(self) -> Trouble | None:
        """EHLO, STARTTLS and AUTH as they are set, and QUIT."""
        opening = Opening(self._settings, trusted(self._settings))
        try:
            await opening.greet()
        except NotOpened as refusal:
            return trouble_at(refusal.stage, refusal.outcome)
        await opening.leave()
        return None

    async def close(self) -> None:
        await self._sessions.close()

    def _judged(self, number: int, outcome: Outcome | NotForThisReader, began: float) -> Outcome:
        match outcome:
            case NotForThisReader(why, for_now=True):
                return self._put_off.put_off(number, why)
            case NotForThisReader(why):
                return self._standing.wait_after(number, why)
            case Sent():
                self._standing.taken(number, began)
                self._put_off.taken(number, began)
        return outcome
