"""What became of an attempt is written down: taken, to be tried again, given up, unsure, or not made at all."""

from __future__ import annotations

from contextlib import suppress
from typing import Final, Literal

import structlog

from services.notify.channels.base import Delivery, Reason, Refused, Retry, Sent
from services.notify.delivery.delivery_log import LogRow
from services.notify.delivery.ending import Ending, refused, sent, skipped, unsure, waiting
from services.notify.delivery.outage import PROBE_AGAIN_AFTER
from services.notify.delivery.retries import SCHEDULE, wait_before_next
from services.notify.delivery.sender import Sending
from services.notify.fanout.routing import NotSent
from services.runtime.clock import rfc3339
from services.runtime.connections import until_written
from services.runtime.dead_letters import DeadLetter
from services.subscribers.address import Address
from services.subscribers.vault import UnknownSubscriber

log = structlog.get_logger(__name__)

MOST_COPIES: Final = 2
"""Copies whose end nobody knows, to one reader through a far side that knows no repeats; after these it is unsure."""
OURS_AGAIN_AFTER: Final = 5.0
"""Seconds after which what broke off by a fault of ours is attempted again."""
_AWAY: Final = frozenset({Reason.UNREACHABLE, Reason.TIMEOUT, Reason.TLS})
"""Nobody was reached, so nothing was said about the reader."""


_NO_ANSWER: Final = _AWAY | {Reason.STOPPED, Reason.RATE_LIMITED, Reason.MISCONFIGURED, Reason.FORBIDDEN_TARGET}
"""Ended before anybody was asked, or by somebody who will not talk to us now."""


def write_down_sent(sending: Sending, outcome: Sent) -> None:
    """What is said of many that arrived is said together, see `closing`."""
    _tell(sending, sent(sending.attempt, outcome.reference), "sent", "", outcome.code)


async def write_down(sending: Sending, delivery: Delivery, outcome: Retry | Refused) -> None:
    sender, attempt = sending.sender, sending.attempt
    match outcome:
        case Refused(Reason.STOPPED):
            put_off(sending, 0.0)  # changed since it was read: by what, the next look tells
            return
        case Retry():
            await _again(sending, delivery, outcome)
        case Refused(reason, ends_address):
            give_up(sending, "undeliverable", reason, outcome.code)
            if ends_address:
                await _end_address(sending, reason, delivery.address)
    await _note_far_side(sending, outcome)
    await until_written(lambda: sender.health.note(attempt.number, outcome))
    log.info(
        "attempt",
        channel=sender.name,
        event_id=attempt.event.id,
        delivery=sending.tag,
        attempt=attempt.ordinal,
        outcome=type(outcome).__name__.lower(),
        reason=outcome.reason,
    )


def skip(sending: Sending, reason: NotSent) -> None:
    sending.sender.metrics.not_sent.labels(sending.sender.name, reason).inc()
    _tell(sending, skipped(sending.attempt, str(reason)), "skipped", str(reason))


def put_off(sending: Sending, wait: float | None = None) -> None:
    """Not attempted, or broken off by a fault of ours: it waits without spending an attempt.

    `wait`: seconds, where it is known what for.
    """
    if sending.out:
        _unanswered(sending, Retry(Reason.UNREACHABLE, after=OURS_AGAIN_AFTER, progress=sending.attempt.progress))
        return
    wait = OURS_AGAIN_AFTER if wait is None else wait
    _tell(sending, waiting(sending.attempt, wait, sending.attempt.progress, attempted=False), "put_off", "")


def defer(sending: Sending, wait: float) -> None:
    """Their quiet hours last `wait` seconds more; no attempt is spent, and no trouble counted."""
    _tell(sending, waiting(sending.attempt, wait, sending.attempt.progress, attempted=False), "deferred", "")


def give_up(sending: Sending, kind: Literal["poison", "undeliverable"], reason: str, code: int | None = None) -> None:
    _tell(sending, refused(sending.attempt, _letter(sending, kind, reason)), "refused", reason, code)
    _count(sending, "refused", reason)


async def _again(sending: Sending, delivery: Delivery, retry: Retry) -> None:
    sender, after = sending.sender, retry.after or SCHEDULE[0]
    if retry.holds_channel:
        await until_written(lambda: sender.channel_hold.hold(after, retry.reason))
    if retry.reason in (Reason.RATE_LIMITED, Reason.TIMEOUT):
        sender.throttle.slow(delivery.address.target, sender.ticks() + after)
    if retry.may_have_arrived:
        _unanswered(sending, retry)
    elif retry.moved_to is not None:
        moved = retry.moved_to
        with suppress(UnknownSubscriber):
            await until_written(lambda: sender.vault.move_address(sending.attempt.number, moved))
        _spend(sending, retry, at_once=True)
    elif sending.probe or not retry.spends_attempt or await _away(sending, retry):
        again = PROBE_AGAIN_AFTER if sending.probe and sending.attempt.resume_at is None else 0.0
        again = again if retry.spends_attempt else max(again, 1.0)
        _wait(sending, retry, max(again, retry.after or 0.0), attempted=False)
        _count(sending, "retry", retry.reason)
    else:
        _spend(sending, retry)


async def _away(sending: Sending, retry: Retry) -> bool:
    """The far side as a whole could not be reached, or asked us all to wait: this reader's schedule is not touched."""
    if not sending.sender.channel.shared:
        return False
    if retry.holds_channel:
        return True
    if not retry.of_all and retry.reason not in _AWAY:
        return False
    return await until_written(lambda: sending.sender.outage.failed(sending.began))


def _spend(sending: Sending, retry: Retry, *, at_once: bool = False, copies: int | None = None) -> None:
    wait = wait_before_next(sending.attempt.ordinal, retry.after, sending.sender.dice())
    if wait is None:
        give_up(sending, "undeliverable", Reason.EXHAUSTED, retry.code)
        return
    _wait(sending, retry, 0.0 if at_once else wait, copies=copies)
    _count(sending, "retry", retry.reason)


def _unanswered(sending: Sending, retry: Retry) -> None:
    """All of it was on its way and nobody said what became of it: so many copies, and no more."""
    copies = sending.attempt.copies + 1
    if sending.sender.channel.shared and copies >= MOST_COPIES:
        letter = _letter(sending, "unsure", retry.reason)
        _tell(sending, unsure(sending.attempt, letter), "unsure", retry.reason, retry.code)
        _count(sending, "unsure", retry.reason)
        return
    if sending.probe:
        _wait(sending, retry, retry.after or 0.0, attempted=False, copies=copies)
        _count(sending, "retry", retry.reason)
    else:
        _spend(sending, retry, copies=copies)


def _wait(sending: Sending, retry: Retry, wait: float, *, attempted: bool = True, copies: int | None = None) -> None:
    ending = waiting(sending.attempt, wait, retry.progress, attempted=attempted, copies=copies)
    _tell(sending, ending, "retry", retry.reason, retry.code)


async def _end_address(sending: Sending, reason: str, tried: Address) -> None:
    with suppress(UnknownSubscriber):  # erased meanwhile
        sender, number = sending.sender, sending.attempt.number
        await until_written(lambda: sender.vault.end_address(number, sender.name, reason, tried))


async def _note_far_side(sending: Sending, outcome: Retry | Refused) -> None:
    """Whoever says anything at all, a refusal too, is there. What was taken tells so in `closing`."""
    sender, number, reason = sending.sender, sending.attempt.number, outcome.reason
    of_all = isinstance(outcome, Retry) and outcome.of_all
    if sender.channel.shared:
        if reason not in _NO_ANSWER and not of_all:
            await until_written(sender.outage.answered)
    elif isinstance(outcome, Retry) and outcome.may_have_arrived:
        return  # a probe would be one more copy, perhaps
    elif reason in _AWAY or of_all:
        await until_written(lambda: sender.probes.failed(number, sending.attempt.event.id, sending.attempt.due.entry))
    elif reason not in _NO_ANSWER:
        for back in await until_written(lambda: sender.probes.answered(number)):
            await sender.ledger.hasten(back.event_id, back.entry, [number])


def _tell(sending: Sending, ending: Ending, outcome: str, reason: str, code: int | None = None) -> None:
    attempt, took = sending.attempt, max(0.0, sending.sender.ticks() - sending.began)
    row = LogRow(attempt.number, attempt.ordinal, outcome, reason, took, code or 0)
    sending.sender.closing.tell(ending, row)


def _letter(sending: Sending, kind: Literal["poison", "undeliverable", "unsure"], reason: str) -> DeadLetter:
    sender = sending.sender
    return DeadLetter(
        kind=kind,
        reason=reason,
        at=rfc3339(sender.now()),
        entry=sending.attempt.due.entry,
        event_id=sending.attempt.event.id,
        channel=sender.name,
        reference=sender.references.letter(sender.name, sending.attempt.event.id, sending.attempt.number),
        attempts=sending.attempt.ordinal,
    )


def _count(sending: Sending, outcome: str, reason: str) -> None:
    sending.sender.metrics.deliveries.labels(sending.sender.name, outcome, reason).inc()
