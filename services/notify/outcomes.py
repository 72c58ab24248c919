"""What became of an attempt is written down: taken, to be tried again, given up, or not made at all."""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

import structlog

from services.contract import Event
from services.notify.channels.base import Delivery, Outcome, Reason, Refused, Retry, Sent
from services.notify.desk import Desk
from services.notify.ledger import Claim
from services.notify.retries import SCHEDULE, Due, wait_before_next
from services.notify.routing import NotSent
from services.notify.vault import UnknownSubscriber
from services.runtime.clock import rfc3339, unix_of
from services.runtime.dead_letters import DeadLetter

log = structlog.get_logger(__name__)


async def write_down(desk: Desk, delivery: Delivery, due: Due, claim: Claim, outcome: Outcome) -> None:
    match outcome:
        case Sent(reference):
            await desk.ledger.close_sent(delivery.event.id, claim, due.member, reference)
            _count(desk, "sent", "")
            desk.metrics.lag.labels(desk.channel.name).observe(max(0.0, desk.now() - unix_of(delivery.event.time)))
        case Refused(Reason.STOPPED):
            await skip(desk, delivery.event, due, claim, NotSent.INACTIVE)
        case Retry():
            await _wait(desk, delivery, due, claim, outcome)
        case Refused(reason, ends_address):
            await give_up(desk, delivery.event.id, due, claim, "undeliverable", reason)
            if ends_address:
                with suppress(UnknownSubscriber):  # erased meanwhile
                    await desk.vault.end_address(claim.number, desk.channel.name, reason)
    await desk.health.note(claim.number, outcome)
    log.info(
        "attempt",
        channel=desk.channel.name,
        event_id=delivery.event.id,
        delivery=desk.references.log_tag(desk.channel.name, delivery.event.id, claim.number),
        attempt=claim.attempt,
        outcome=type(outcome).__name__.lower(),
        reason=getattr(outcome, "reason", None),
    )


async def skip(desk: Desk, event: Event, due: Due, claim: Claim, reason: NotSent) -> None:
    desk.metrics.not_sent.labels(desk.channel.name, reason).inc()
    await desk.ledger.close_skipped(event.id, claim, due.member, str(reason))


async def _wait(desk: Desk, delivery: Delivery, due: Due, claim: Claim, retry: Retry) -> None:
    now = desk.now()
    if retry.holds_channel:
        await desk.gate.hold(retry.after or SCHEDULE[0], retry.reason)
    if retry.reason in (Reason.RATE_LIMITED, Reason.TIMEOUT):
        desk.lanes.slow(delivery.address.target, now + (retry.after or SCHEDULE[0]))
    if retry.moved_to is not None:
        with suppress(UnknownSubscriber):
            await desk.vault.move_address(claim.number, retry.moved_to)
    unspent = None if retry.spends_attempt else max(retry.after or 0.0, 1.0)
    wait = unspent or wait_before_next(claim.attempt, retry.after, desk.dice())
    if wait is None:
        await give_up(desk, delivery.event.id, due, claim, "undeliverable", Reason.EXHAUSTED)
        return
    if retry.moved_to is not None:
        wait = 0.0
    await desk.ledger.close_waiting(
        delivery.event.id, claim, due.member, now + wait, retry.progress, retry.spends_attempt
    )
    _count(desk, "retry", retry.reason)


async def give_up(
    desk: Desk, event: str, due: Due, claim: Claim, kind: Literal["poison", "undeliverable"], reason: str
) -> None:
    letter = DeadLetter(
        kind=kind,
        reason=reason,
        at=rfc3339(desk.now()),
        entry=due.entry,
        event_id=event,
        channel=desk.channel.name,
        reference=desk.references.letter(desk.channel.name, event, claim.number),
        attempts=claim.attempt,
    )
    await desk.ledger.close_refused(event, claim, due.member, letter)
    _count(desk, "refused", reason)


def _count(desk: Desk, outcome: str, reason: str) -> None:
    desk.metrics.deliveries.labels(desk.channel.name, outcome, reason).inc()
