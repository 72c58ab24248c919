"""One attempt: who, by today's consent; claimed in the ledger; sent within the deadline; its outcome written down."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import structlog
from redis.exceptions import RedisError

from services.contract import Event, event_id
from services.notify.channels.base import Address, Channel, Delivery, Outcome, Reason, Refused, Retry, Sent
from services.notify.crew import Crew
from services.notify.gates import ChannelGate, Lanes
from services.notify.ledger import Claim, Ledger, State
from services.notify.renderings import Renderings
from services.notify.retries import ATTEMPTS, SCHEDULE, Due, wait_before_next
from services.notify.revisions import Revisions
from services.notify.routing import NotSent, route
from services.notify.subscribers import Subscriber
from services.notify.vault import UnknownSubscriber, Vault
from services.runtime.clock import rfc3339, unix_of
from services.runtime.dead_letters import DeadLetter
from services.runtime.metrics import Metrics

log = structlog.get_logger(__name__)

_CLAIM_MARGIN = 5.0
"""Seconds beyond the channel's deadline after which a claim counts as a dead process's."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What one channel needs to make attempts. `stop_url` gives a subscriber's own link."""

    channel: Channel
    ledger: Ledger
    vault: Vault
    renderings: Renderings
    gate: ChannelGate
    revisions: Revisions
    metrics: Metrics
    stop_url: Callable[[int], str]
    now: Callable[[], float] = time.time
    dice: Callable[[], float] = random.random
    lanes: Lanes = field(default_factory=Lanes)
    crew: Crew = field(default_factory=Crew)


async def attempt(desk: Desk, event: Event, due: Due) -> bool:
    """Claims the next attempt of a delivery and starts it; False: somebody else has it, it is closed, or not yet due.

    When this returns the delivery is safe: what was claimed and not closed is due again when the claim ends.
    Raises RedisError: then nothing was claimed, or it is due again just the same.
    """
    await desk.crew.place()
    try:
        hold = desk.channel.deadline + _CLAIM_MARGIN
        claims = await desk.ledger.claim(event.id, due.entry, [due.number], desk.now(), hold)
    except BaseException:
        desk.crew.leave()
        raise
    if not claims:
        desk.crew.leave()
        return False
    desk.crew.start(_carry_out(desk, event, due, claims[0]))
    return True


async def had_earlier(ledger: Ledger, event: Event, numbers: Iterable[int] | None = None) -> dict[int, str]:
    """Who may have an earlier revision of this story, with the far side's reference of the first that surely came."""
    got: dict[int, str] = {}
    for revision in range(1, event.data.revision):
        records = await ledger.records(event_id(event.data.story_id, revision), numbers)
        for number, record in records.items():
            if record.may_have_arrived:
                reference = record.note if record.state is State.SENT else ""
                got[number] = got.get(number) or reference
    return got


async def _carry_out(desk: Desk, event: Event, due: Due, claim: Claim) -> None:
    try:
        await _make(desk, event, due, claim)
    except RedisError:
        raise
    except Exception as error:
        # Ours: a template, a channel or a record is broken. It would fail again, so it waits for an operator.
        log.exception("delivery_poisoned", channel=desk.channel.name, event_id=event.id, number=claim.number)
        await _give_up(desk, event.id, due, claim, "poison", type(error).__name__)


async def _make(desk: Desk, event: Event, due: Due, claim: Claim) -> None:
    earlier = await had_earlier(desk.ledger, event, [claim.number])
    open_at = await desk.gate.open_at(desk.now())
    replaced = await desk.revisions.is_replaced(event.data)
    # Consent is asked again last of all, so that nothing goes out after an acknowledged stop.
    subscriber = await _today(desk.vault, claim.number)
    target = _target(event, subscriber, desk.channel.name, claim.number in earlier, replaced)
    if isinstance(target, NotSent):
        await _skip(desk, event, due, claim, target)
        return
    assert subscriber is not None
    now = desk.now()
    open_at = max(open_at, desk.lanes.open_at(target.target, now))
    if open_at > now:
        await desk.ledger.close_waiting(event.id, claim, due.member, open_at, claim.progress, attempted=False)
        return
    await _send(desk, _delivery(desk, event, subscriber, target, claim, earlier.get(claim.number)), due, claim)


def _target(
    event: Event, subscriber: Subscriber | None, channel: str, had_earlier: bool, replaced: bool
) -> Address | NotSent:
    if replaced:
        return NotSent.REPLACED
    return NotSent.INACTIVE if subscriber is None else route(event, subscriber, channel, had_earlier)


async def _skip(desk: Desk, event: Event, due: Due, claim: Claim, reason: NotSent) -> None:
    desk.metrics.not_sent.labels(desk.channel.name, reason).inc()
    await desk.ledger.close_skipped(event.id, claim, due.member, str(reason))


def _delivery(
    desk: Desk, event: Event, subscriber: Subscriber, address: Address, claim: Claim, first_reference: str | None
) -> Delivery:
    last = claim.attempt >= ATTEMPTS
    return Delivery(
        event=event,
        number=claim.number,
        address=address,
        language=subscriber.language,
        mode=subscriber.mode,
        stop_url=desk.stop_url(claim.number),
        attempt=claim.attempt,
        retries_remaining=ATTEMPTS - claim.attempt,
        next_attempt_at=None if last else int(desk.now() + SCHEDULE[claim.attempt - 1]),
        first_reference=first_reference or None,
        progress=claim.progress,
        still_wanted=partial(_still_wanted, desk.vault, claim.number),
    )


async def _still_wanted(vault: Vault, number: int) -> bool:
    subscriber = await _today(vault, number)
    return subscriber is not None and subscriber.active


async def _today(vault: Vault, number: int) -> Subscriber | None:
    try:
        return await vault.get(number)
    except UnknownSubscriber:
        return None


async def _send(desk: Desk, delivery: Delivery, due: Due, claim: Claim) -> None:
    rendered = desk.renderings.of(delivery, desk.channel)
    with desk.lanes.busy(delivery.address.target):
        outcome = await desk.channel.send(delivery, rendered)
    await _write_down(desk, delivery, due, claim, outcome)


async def _write_down(desk: Desk, delivery: Delivery, due: Due, claim: Claim, outcome: Outcome) -> None:
    match outcome:
        case Sent(reference):
            await desk.ledger.close_sent(delivery.event.id, claim, due.member, reference)
            _count(desk, "sent", "")
            desk.metrics.lag.labels(desk.channel.name).observe(max(0.0, desk.now() - unix_of(delivery.event.time)))
        case Refused(Reason.STOPPED):
            await _skip(desk, delivery.event, due, claim, NotSent.INACTIVE)
        case Retry():
            await _wait(desk, delivery, due, claim, outcome)
        case Refused(reason, ends_address):
            await _give_up(desk, delivery.event.id, due, claim, "undeliverable", reason)
            if ends_address:
                await desk.vault.end_address(claim.number, desk.channel.name, reason)
    log.info(
        "attempt",
        channel=desk.channel.name,
        event_id=delivery.event.id,
        number=claim.number,
        attempt=claim.attempt,
        outcome=type(outcome).__name__.lower(),
        reason=getattr(outcome, "reason", None),
    )


async def _wait(desk: Desk, delivery: Delivery, due: Due, claim: Claim, retry: Retry) -> None:
    now = desk.now()
    if retry.holds_channel:
        await desk.gate.hold(retry.after or SCHEDULE[0])
    if retry.reason in (Reason.RATE_LIMITED, Reason.TIMEOUT):
        desk.lanes.slow(delivery.address.target, now + (retry.after or SCHEDULE[0]))
    if retry.moved_to is not None:
        await desk.vault.move_address(claim.number, retry.moved_to)
    wait = wait_before_next(claim.attempt, retry.after, desk.dice())
    if wait is None:
        await _give_up(desk, delivery.event.id, due, claim, "undeliverable", Reason.EXHAUSTED)
        return
    if retry.moved_to is not None:
        wait = 0.0
    await desk.ledger.close_waiting(delivery.event.id, claim, due.member, now + wait, retry.progress)
    _count(desk, "retry", retry.reason)


async def _give_up(
    desk: Desk, event: str, due: Due, claim: Claim, kind: Literal["poison", "undeliverable"], reason: str
) -> None:
    letter = DeadLetter(
        kind=kind,
        reason=reason,
        at=rfc3339(desk.now()),
        entry=due.entry,
        event_id=event,
        channel=desk.channel.name,
        number=claim.number,
        attempts=claim.attempt,
    )
    await desk.ledger.close_refused(event, claim, due.member, letter)
    _count(desk, "refused", reason)


def _count(desk: Desk, outcome: str, reason: str) -> None:
    desk.metrics.deliveries.labels(desk.channel.name, outcome, reason).inc()
