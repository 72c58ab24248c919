"""What became of an attempt is written down: taken, to be tried again, given up, unsure, or not made at all."""

from __future__ import annotations

from contextlib import suppress
from typing import Final, Literal

import structlog

from services.notify.channels.base import Delivery, Outcome, Reason, Refused, Retry, Sent
from services.notify.delivery.carried import Attempt
from services.notify.delivery.outage import PROBE_AGAIN_AFTER
from services.notify.delivery.retries import SCHEDULE, wait_before_next
from services.notify.fanout.routing import NotSent
from services.runtime.clock import rfc3339, unix_of
from services.runtime.connections import until_written
from services.runtime.dead_letters import DeadLetter
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


async def write_down(one: Attempt, delivery: Delivery, outcome: Outcome) -> None:
    sender = one.sender
    match outcome:
        case Sent(reference):
            await sender.ledger.close_sent(one.event.id, one.claim, one.due.member, reference)
            _count(one, "sent", "")
            sender.metrics.lag.labels(sender.channel.name).observe(max(0.0, sender.now() - unix_of(one.event.time)))
        case Refused(Reason.STOPPED):
            await skip(one, NotSent.INACTIVE)
        case Retry():
            await _again(one, delivery, outcome)
        case Refused(reason, ends_address):
            await give_up(one, "undeliverable", reason)
            if ends_address:
                await _end_address(one, reason)
    await _note_far_side(one, outcome)
    await until_written(lambda: sender.health.note(one.claim.number, outcome))
    log.info(
        "attempt",
        channel=sender.channel.name,
        event_id=one.event.id,
        delivery=one.tag,
        attempt=one.claim.attempt,
        outcome=type(outcome).__name__.lower(),
        reason=getattr(outcome, "reason", None),
    )


async def skip(one: Attempt, reason: NotSent) -> None:
    one.sender.metrics.not_sent.labels(one.sender.channel.name, reason).inc()
    await one.sender.ledger.close_skipped(one.event.id, one.claim, one.due.member, str(reason))


async def put_off(one: Attempt, wait: float | None = None) -> None:
    """Not attempted, or broken off by a fault of ours: it waits without spending an attempt.

    `wait`: seconds, where it is known what for.
    """
    if one.out:
        await _unanswered(one, Retry(Reason.UNREACHABLE, after=OURS_AGAIN_AFTER, progress=one.claim.progress))
        return
    await _wait(one, OURS_AGAIN_AFTER if wait is None else wait, one.claim.progress, attempted=False)


async def give_up(one: Attempt, kind: Literal["poison", "undeliverable"], reason: str) -> None:
    await one.sender.ledger.close_refused(one.event.id, one.claim, one.due.member, _letter(one, kind, reason))
    _count(one, "refused", reason)


async def _again(one: Attempt, delivery: Delivery, retry: Retry) -> None:
    sender, after = one.sender, retry.after or SCHEDULE[0]
    if retry.holds_channel:
        await until_written(lambda: sender.channel_hold.hold(after, retry.reason))
    if retry.reason in (Reason.RATE_LIMITED, Reason.TIMEOUT):
        sender.throttle.slow(delivery.address.target, sender.ticks() + after)
    if retry.may_have_arrived:
        await _unanswered(one, retry)
    elif retry.moved_to is not None:
        moved = retry.moved_to
        with suppress(UnknownSubscriber):
            await until_written(lambda: sender.vault.move_address(one.claim.number, moved))
        await _spend(one, retry, at_once=True)
    elif one.probe or not retry.spends_attempt or await _away(one, retry):
        again = PROBE_AGAIN_AFTER if one.probe and one.claim.resume_at is None else 0.0
        again = again if retry.spends_attempt else max(again, 1.0)
        await _wait(one, max(again, retry.after or 0.0), retry.progress, attempted=False)
        _count(one, "retry", retry.reason)
    else:
        await _spend(one, retry)


async def _away(one: Attempt, retry: Retry) -> bool:
    """The far side as a whole could not be reached, or asked us all to wait: this reader's schedule is not touched."""
    if not one.sender.channel.shared:
        return False
    if retry.holds_channel:
        return True
    return (retry.of_all or retry.reason in _AWAY) and await until_written(lambda: one.sender.outage.failed(one.began))


async def _spend(one: Attempt, retry: Retry, *, at_once: bool = False, copies: int | None = None) -> None:
    wait = wait_before_next(one.claim.attempt, retry.after, one.sender.dice())
    if wait is None:
        await give_up(one, "undeliverable", Reason.EXHAUSTED)
        return
    await _wait(one, 0.0 if at_once else wait, retry.progress, copies=copies)
    _count(one, "retry", retry.reason)


async def _unanswered(one: Attempt, retry: Retry) -> None:
    """All of it was on its way and nobody said what became of it: so many copies, and no more."""
    copies = one.claim.copies + 1
    if one.sender.channel.shared and copies >= MOST_COPIES:
        letter = _letter(one, "unsure", retry.reason)
        await one.sender.ledger.close_unsure(one.event.id, one.claim, one.due.member, letter)
        _count(one, "unsure", retry.reason)
        return
    if one.probe:
        await _wait(one, retry.after or 0.0, retry.progress, attempted=False, copies=copies)
        _count(one, "retry", retry.reason)
    else:
        await _spend(one, retry, copies=copies)


async def _wait(
    one: Attempt, wait: float, progress: str | None, *, attempted: bool = True, copies: int | None = None
) -> None:
    await one.sender.ledger.close_waiting(
        one.event.id, one.claim, one.due.member, wait, progress, attempted=attempted, copies=copies
    )


async def _end_address(one: Attempt, reason: str) -> None:
    with suppress(UnknownSubscriber):  # erased meanwhile
        await until_written(lambda: one.sender.vault.end_address(one.claim.number, one.sender.channel.name, reason))


async def _note_far_side(one: Attempt, outcome: Outcome) -> None:
    """Whoever says anything at all, a refusal too, is there."""
    sender, number = one.sender, one.claim.number
    reason = None if isinstance(outcome, Sent) else outcome.reason
    of_all = isinstance(outcome, Retry) and outcome.of_all
    if sender.channel.shared:
        if reason not in _NO_ANSWER and not of_all:
            await until_written(sender.outage.answered)
    elif isinstance(outcome, Retry) and outcome.may_have_arrived:
        return  # a probe would be one more copy, perhaps
    elif reason in _AWAY or of_all:
        await until_written(lambda: sender.probes.failed(number, one.event.id, one.due.entry))
    elif reason not in _NO_ANSWER:
        for waiting in await until_written(lambda: sender.probes.answered(number)):
            await sender.ledger.hasten(waiting.event_id, waiting.entry, [number])


def _letter(one: Attempt, kind: Literal["poison", "undeliverable", "unsure"], reason: str) -> DeadLetter:
    sender = one.sender
    return DeadLetter(
        kind=kind,
        reason=reason,
        at=rfc3339(sender.now()),
        entry=one.due.entry,
        event_id=one.event.id,
        channel=sender.channel.name,
        reference=sender.references.letter(sender.channel.name, one.event.id, one.claim.number),
        attempts=one.claim.attempt,
    )


def _count(one: Attempt, outcome: str, reason: str) -> None:
    one.sender.metrics.deliveries.labels(one.sender.channel.name, outcome, reason).inc()
