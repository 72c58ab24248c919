"""One attempt: claimed in the ledger, made by today's consent, sent within the deadline. Its end: see `outcomes`."""

from __future__ import annotations

import asyncio

import structlog

from services.contract import Event, event_id
from services.notify.channels.base import Delivery, Outcome, Reason, Retry
from services.notify.channels.composing import CannotCompose, composing
from services.notify.delivery.outcomes import give_up, put_off, skip, write_down
from services.notify.delivery.retries import ATTEMPTS, SCHEDULE
from services.notify.delivery.sender import CLAIM_MARGIN, ChannelSender, Sending
from services.notify.fanout.events import Published
from services.notify.fanout.routing import NotSent, route
from services.subscribers.address import Address
from services.subscribers.record_seal import DAMAGED, UnreadableRecord
from services.subscribers.subscriber import Subscriber

log = structlog.get_logger(__name__)


async def start_attempt(sender: ChannelSender, published: Published, number: int, *, probe: bool = False) -> bool:
    """Claims the next attempt of a delivery and starts it; False: somebody else has it, it is closed, or not yet due.

    When this returns the delivery is safe: what was claimed and not closed is due again when the claim ends.
    `probe`: made before its time as well, though the far side is away. Raises RedisError: then nothing was claimed, or
    it is due again just the same.
    """
    name = f"{published.event.id}|{number}"
    if sender.in_flight.has(name):
        return False
    await sender.in_flight.acquire()
    try:
        attempts = await sender.ledger.claim(published, [number], sender.claim_lasts, early=probe)
    except BaseException:
        sender.in_flight.release()
        raise
    if not attempts:
        sender.in_flight.release()
        return False
    sender.in_flight.spawn(name, _carry_out(Sending(sender, attempts[0], probe, sender.ticks())))
    return True


async def _carry_out(sending: Sending) -> None:
    sender, attempt = sending.sender, sending.attempt
    async with sender.ledger.kept_alive(attempt, sender.claim_lasts):
        try:
            await _make(sending)
        except CannotCompose as error:
            # A template, a channel's text or a record is broken. It would fail again, so it waits for an operator.
            log.exception("delivery_poisoned", channel=sender.name, event_id=attempt.event.id, delivery=sending.tag)
            await give_up(sending, "poison", error.kind)
        except Exception as error:
            # Ours, and nobody's fault out there: it spends no attempt.
            log.warning("attempt_broke_off", channel=sender.name, delivery=sending.tag, error=type(error).__name__)
            await put_off(sending)


async def _make(sending: Sending) -> None:
    sender, event, number = sending.sender, sending.attempt.event, sending.attempt.number
    earlier = await sender.had_earlier(event, [number])
    held_for = await sender.held_for()
    replaced = await sender.revisions.is_replaced(event.data)
    # Consent is asked again last of all, so that nothing goes out after an acknowledged stop.
    subscriber = await _reader(sender, number)
    with composing():
        had_one = number in earlier or await _kin_had_one(sender, event, subscriber)
        target = _target(event, subscriber, sender.name, had_one, replaced)
    if isinstance(target, NotSent):
        if target is NotSent.NO_ADDRESS and subscriber is not None:
            await _hand_on(sending, subscriber)
        await skip(sending, target)
        return
    assert subscriber is not None
    wait = max(held_for, sender.throttled_for(target.target))
    if wait > 0 or (not sending.probe and await sender.is_away()):
        await put_off(sending, max(wait, 0.0))
        return
    with composing():
        delivery = _delivery(sending, subscriber, target, earlier.get(number))
    await write_down(sending, delivery, await _send(sending, delivery))


async def _kin_had_one(sender: ChannelSender, event: Event, subscriber: Subscriber | None) -> bool:
    """What somebody got at an address that is another's now, a correction follows there."""
    if subscriber is None or not subscriber.kin:
        return False
    return bool(await sender.had_earlier(event, subscriber.kin))


async def _hand_on(sending: Sending, subscriber: Subscriber) -> None:
    """A delivery to an address that has become another's becomes that one's, unless they have it already."""
    sender, attempt = sending.sender, sending.attempt
    heir = await sender.vault.heir(subscriber, sender.name)
    if heir is None:
        return
    published = Published(attempt.due.entry, attempt.event)
    for theirs in await sender.ledger.claim(published, [heir.number], CLAIM_MARGIN):
        await sender.ledger.close_waiting(theirs, 0.0, None, attempted=False)


def _target(
    event: Event, subscriber: Subscriber | None, channel: str, had_earlier: bool, replaced: bool
) -> Address | NotSent:
    if replaced:
        return NotSent.REPLACED
    return NotSent.INACTIVE if subscriber is None else route(event, subscriber, channel, had_earlier)


def _delivery(sending: Sending, subscriber: Subscriber, address: Address, first_reference: str | None) -> Delivery:
    assert subscriber.stop_seed is not None  # of whom `today` gives
    sender, attempt = sending.sender, sending.attempt
    event, number = attempt.event, attempt.number
    last, first = attempt.ordinal >= ATTEMPTS, event_id(event.data.story_id, 1)

    def still_wanted() -> bool:
        sending.out = True
        return True

    return Delivery(
        event=event,
        number=number,
        address=address,
        language=subscriber.language,
        mode=subscriber.mode,
        stop_url=sender.stop_url(subscriber.stop_seed),
        message_id=sender.references.message_id(sender.name, event.id, number),
        first_message_id=sender.references.message_id(sender.name, first, number),
        attempt=attempt.ordinal,
        retries_remaining=ATTEMPTS - attempt.ordinal,
        next_attempt_at=None if last else int(sender.now() + SCHEDULE[attempt.ordinal - 1]),
        first_reference=first_reference or None,
        progress=attempt.progress,
        still_wanted=still_wanted,
    )


async def _reader(sender: ChannelSender, number: int) -> Subscriber | None:
    """As they stand now. A damaged record stays so, which is poison; one whose key is away is put off until it is
    back."""
    try:
        return await sender.today(number)
    except UnreadableRecord as error:
        if error.reason == DAMAGED:
            raise CannotCompose(type(error).__name__) from error
        raise


async def _send(sending: Sending, delivery: Delivery) -> Outcome:
    sender = sending.sender
    with composing():
        composed = sender.render_cache.of(delivery.event, sender.channel, delivery.language, delivery.mode)
    if sending.attempt.repeats:
        sender.metrics.repeats.labels(sender.name).inc()
    with sender.throttle.busy(delivery.address.target):
        try:
            async with asyncio.timeout(sender.claim_lasts):
                return await sender.channel.send(delivery, composed)
        except TimeoutError:
            return Retry(Reason.TIMEOUT, may_have_arrived=sending.out)
