"""One attempt: who, by today's consent; claimed in the ledger; sent within the deadline; its outcome written down."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from redis.exceptions import RedisError

from services.contract import Event, event_id
from services.notify.channels.base import Channel, Delivery, Outcome, Reason, Refused, Retry, Sent
from services.notify.crew import Crew
from services.notify.dead_letters import DeadLetter
from services.notify.gates import ChannelGate, Lanes
from services.notify.ledger import Claim, Ledger, State
from services.notify.renderings import Renderings
from services.notify.retries import ATTEMPTS, SCHEDULE, Due, wait_before_next
from services.notify.routing import NotSent, route
from services.notify.subscribers import Subscriber
from services.notify.vault import UnknownSubscriber, Vault
from services.runtime.clock import rfc3339
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


async def had_earlier(desk: Desk, event: Event, numbers: list[int]) -> dict[int, str]:
    """Who of them got an earlier revision of this story, with the far side's reference of the first they got."""
    if event.data.revision == 1:
        return {}
    got: dict[int, str] = {}
    for earlier in dict.fromkeys((event_id(event.data.story_id, 1), event.data.replaces)):
        for number, record in (await desk.ledger.records(earlier, numbers)).items() if earlier else ():
            if record.state is State.SENT:
                got.setdefault(number, record.note)
    return got


async def _carry_out(desk: Desk, event: Event, due: Due, claim: Claim) -> None:
    earlier = await had_earlier(desk, event, [claim.number])
    subscriber = await _today(desk.vault, claim.number)
    # Consent is asked again at the very last moment: nothing goes out after an acknowledged stop.
    target = (
        NotSent.INACTIVE if subscriber is None else route(event, subscriber, desk.channel.name, claim.number in earlier)
    )
    if isinstance(target, NotSent) or subscriber is None:
        desk.metrics.not_sent.labels(desk.channel.name, target).inc()
        await desk.ledger.close_skipped(event.id, claim, due.member, str(target))
        return
    now = desk.now()
    open_at = max(await desk.gate.open_at(now), desk.lanes.open_at(target.target, now))
    if open_at > now:
        await desk.ledger.close_waiting(event.id, claim, due.member, open_at, claim.progress, attempted=False)
        return
    delivery = Delivery(
        event=event,
        number=claim.number,
        address=target,
        language=subscriber.language,
        mode=subscriber.mode,
        stop_url=desk.stop_url(claim.number),
        attempt=claim.attempt,
        retries_remaining=ATTEMPTS - claim.attempt,
        next_attempt_at=int(now + SCHEDULE[claim.attempt - 1]) if claim.attempt < ATTEMPTS else None,
        first_reference=earlier.get(claim.number) or None,
        progress=claim.progress,
    )
    await _send(desk, delivery, due, claim)


async def _today(vault: Vault, number: int) -> Subscriber | None:
    try:
        return await vault.get(number)
    except UnknownSubscriber:
        return None


async def _send(desk: Desk, delivery: Delivery, due: Due, claim: Claim) -> None:
    try:
        with desk.lanes.busy(delivery.address.target):
            outcome = await desk.channel.send(delivery, desk.renderings.of(delivery, desk.channel))
    except RedisError:
        raise
    except Exception as error:
        # Ours: a template or a channel is broken. Trying again would fail again, so it waits for an operator.
        log.exception("delivery_poisoned", channel=desk.channel.name, event_id=delivery.event.id)
        await _give_up(desk, delivery, due, claim, "poison", type(error).__name__)
        return
    await _write_down(desk, delivery, due, claim, outcome)


async def _write_down(desk: Desk, delivery: Delivery, due: Due, claim: Claim, outcome: Outcome) -> None:
    match outcome:
        case Sent(reference):
            await desk.ledger.close_sent(delivery.event.id, claim, due.member, reference)
            _count(desk, "sent", "")
            desk.metrics.lag.labels(desk.channel.name).observe(max(0.0, desk.now() - _unix(delivery.event.time)))
        case Retry():
            await _wait(desk, delivery, due, claim, outcome)
        case Refused(reason, ends_address):
            await _give_up(desk, delivery, due, claim, "undeliverable", reason)
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
        await _give_up(desk, delivery, due, claim, "undeliverable", Reason.EXHAUSTED)
        return
    if retry.moved_to is not None:
        wait = 0.0
    await desk.ledger.close_waiting(delivery.event.id, claim, due.member, now + wait, retry.progress)
    _count(desk, "retry", retry.reason)


async def _give_up(desk: Desk, delivery: Delivery, due: Due, claim: Claim, kind: str, reason: str) -> None:
    letter = DeadLetter(
        kind="poison" if kind == "poison" else "undeliverable",
        reason=reason,
        at=rfc3339(desk.now()),
        entry=due.entry,
        event_id=delivery.event.id,
        channel=desk.channel.name,
        number=claim.number,
        attempts=claim.attempt,
    )
    await desk.ledger.close_refused(delivery.event.id, claim, due.member, reason, letter.encode())
    _count(desk, "refused", reason)


def _count(desk: Desk, outcome: str, reason: str) -> None:
    desk.metrics.deliveries.labels(desk.channel.name, outcome, reason).inc()


def _unix(time_: str) -> float:
    return datetime.fromisoformat(time_).timestamp()
