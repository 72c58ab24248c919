"""One attempt: claimed in the ledger, made by today's consent, sent within the deadline. Its end: see `outcomes`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import structlog

from services.contract import Event, event_id
from services.notify.attempts import Attempt
from services.notify.channels.base import Address, Delivery, Outcome, Reason, Retry
from services.notify.channels.composing import CannotCompose, composing
from services.notify.desk import Desk
from services.notify.ledger import Ledger, State
from services.notify.outcomes import give_up, put_off, skip, write_down
from services.notify.retries import ATTEMPTS, SCHEDULE, Due
from services.notify.revisions import Revisions
from services.notify.routing import NotSent, route
from services.subscribers.record_seal import DAMAGED, UnreadableRecord
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import UnknownSubscriber, Vault

log = structlog.get_logger(__name__)

_CLAIM_MARGIN = 5.0
"""Seconds beyond the channel's deadline after which a claim counts as a dead process's."""


async def attempt(desk: Desk, event: Event, due: Due, *, probe: bool = False) -> bool:
    """Claims the next attempt of a delivery and starts it; False: somebody else has it, it is closed, or not yet due.

    When this returns the delivery is safe: what was claimed and not closed is due again when the claim ends.
    `probe`: made before its time as well, though the far side is away. Raises RedisError: then nothing was claimed, or
    it is due again just the same.
    """
    name = f"{event.id}|{due.number}"
    if desk.crew.has(name):
        return False
    await desk.crew.place()
    try:
        claims = await desk.ledger.claim(event.id, due.entry, [due.number], _hold(desk), early=probe)
    except BaseException:
        desk.crew.leave()
        raise
    if not claims:
        desk.crew.leave()
        return False
    desk.crew.start(name, _carry_out(Attempt(desk, event, due, claims[0], probe, desk.ticks())))
    return True


async def had_earlier(
    ledger: Ledger, revisions: Revisions, event: Event, numbers: Iterable[int] | None = None
) -> dict[int, str]:
    """Who may have an earlier revision of this story, with the far side's reference of the first that surely came."""
    wanted = None if numbers is None else list(numbers)
    got: dict[int, str] = {}
    for revision in await revisions.before(event.data):
        records = await ledger.records(event_id(event.data.story_id, revision), wanted)
        for number, record in records.items():
            if record.may_have_arrived:
                reference = record.note if record.state is State.SENT else ""
                got[number] = got.get(number) or reference
    return got


def _hold(desk: Desk) -> float:
    return desk.channel.deadline + _CLAIM_MARGIN


async def _carry_out(one: Attempt) -> None:
    async with one.desk.ledger.kept_alive(one.event.id, one.claim, one.due.member, _hold(one.desk)):
        try:
            await _make(one)
        except CannotCompose as error:
            # A template, a channel's text or a record is broken. It would fail again, so it waits for an operator.
            log.exception("delivery_poisoned", channel=one.desk.channel.name, event_id=one.event.id, delivery=one.tag)
            await give_up(one, "poison", error.kind)
        except Exception as error:
            # Ours, and nobody's fault out there: it spends no attempt.
            log.warning(
                "attempt_broke_off", channel=one.desk.channel.name, delivery=one.tag, error=type(error).__name__
            )
            await put_off(one)


async def _make(one: Attempt) -> None:
    desk, event, number = one.desk, one.event, one.claim.number
    earlier = await had_earlier(desk.ledger, desk.revisions, event, [number])
    closed_for = await _closed_for(one)
    replaced = await desk.revisions.is_replaced(event.data)
    # Consent is asked again last of all, so that nothing goes out after an acknowledged stop.
    subscriber = await _reader(desk.vault, number)
    with composing():
        had_one = number in earlier or await _kin_had_one(desk, event, subscriber)
        target = _target(event, subscriber, desk.channel.name, had_one, replaced)
    if isinstance(target, NotSent):
        if target is NotSent.NO_ADDRESS and subscriber is not None:
            await _hand_on(one, subscriber)
        await skip(one, target)
        return
    assert subscriber is not None
    now = desk.ticks()
    closed_for = max(closed_for, desk.lanes.open_at(target.target, now) - now)
    if closed_for > 0 or (await _far_side_is_away(one)):
        await put_off(one, max(closed_for, 0.0))
        return
    with composing():
        delivery = _delivery(one, subscriber, target, earlier.get(number))
    await write_down(one, delivery, await _send(one, delivery))


async def _closed_for(one: Attempt) -> float:
    """Seconds until the channel as a whole may be used; not above 0 where it may now."""
    now = one.desk.now()
    return await one.desk.gate.open_at(now) - now


async def _far_side_is_away(one: Attempt) -> bool:
    return not one.probe and one.desk.channel.shared and await one.desk.outage.is_down()


async def _kin_had_one(desk: Desk, event: Event, subscriber: Subscriber | None) -> bool:
    """What somebody got at an address that is another's now, a correction follows there."""
    if subscriber is None or not subscriber.kin:
        return False
    return bool(await had_earlier(desk.ledger, desk.revisions, event, subscriber.kin))


async def _hand_on(one: Attempt, subscriber: Subscriber) -> None:
    """A delivery to an address that has become another's becomes that one's, unless they have it already."""
    desk, event, entry = one.desk, one.event, one.due.entry
    heir = await desk.vault.heir(subscriber, desk.channel.name)
    if heir is None:
        return
    theirs = Due(entry, heir.number)
    for claim in await desk.ledger.claim(event.id, entry, [heir.number], _CLAIM_MARGIN):
        await desk.ledger.close_waiting(event.id, claim, theirs.member, 0.0, None, attempted=False)


def _target(
    event: Event, subscriber: Subscriber | None, channel: str, had_earlier: bool, replaced: bool
) -> Address | NotSent:
    if replaced:
        return NotSent.REPLACED
    return NotSent.INACTIVE if subscriber is None else route(event, subscriber, channel, had_earlier)


def _delivery(one: Attempt, subscriber: Subscriber, address: Address, first_reference: str | None) -> Delivery:
    assert subscriber.stop_seed is not None  # of whom `_today` gives
    desk, event, claim = one.desk, one.event, one.claim
    last, first = claim.attempt >= ATTEMPTS, event_id(event.data.story_id, 1)

    async def still_wanted() -> bool:
        wanted = await _today(desk.vault, claim.number)
        one.out = wanted is not None and wanted.active
        return one.out

    return Delivery(
        event=event,
        number=claim.number,
        address=address,
        language=subscriber.language,
        mode=subscriber.mode,
        stop_url=desk.stop_url(subscriber.stop_seed),
        message_id=desk.references.message_id(desk.channel.name, event.id, claim.number),
        first_message_id=desk.references.message_id(desk.channel.name, first, claim.number),
        attempt=claim.attempt,
        retries_remaining=ATTEMPTS - claim.attempt,
        next_attempt_at=None if last else int(desk.now() + SCHEDULE[claim.attempt - 1]),
        first_reference=first_reference or None,
        progress=claim.progress,
        still_wanted=still_wanted,
    )


async def _today(vault: Vault, number: int) -> Subscriber | None:
    try:
        return await vault.with_stop_seed(number)
    except UnknownSubscriber:
        return None


async def _reader(vault: Vault, number: int) -> Subscriber | None:
    """As `_today`. A damaged record stays so, which is poison; one whose key is away is put off until it is back."""
    try:
        return await _today(vault, number)
    except UnreadableRecord as error:
        if error.reason == DAMAGED:
            raise CannotCompose(type(error).__name__) from error
        raise


async def _send(one: Attempt, delivery: Delivery) -> Outcome:
    desk = one.desk
    with composing():
        rendered = desk.renderings.of(delivery, desk.channel)
    if one.claim.repeats:
        desk.metrics.repeats.labels(desk.channel.name).inc()
    with desk.lanes.busy(delivery.address.target):
        try:
            async with asyncio.timeout(_hold(desk)):
                return await desk.channel.send(delivery, rendered)
        except TimeoutError:
            return Retry(Reason.TIMEOUT, may_have_arrived=one.out)
