"""One attempt: made by what is known of its reader, sent within the deadline. Its end: see `outcomes`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from services.contract import event_id
from services.notify.channels.base import Composed, Delivery, Outcome, Reason, Retry, Sent
from services.notify.channels.composing import CannotCompose, raise_as_poison
from services.notify.content.as_news import as_news
from services.notify.content.reader_view import reader_view
from services.notify.delivery.outcomes import give_up, put_off, write_down, write_down_sent
from services.notify.delivery.record import DIGEST
from services.notify.delivery.retries import ATTEMPTS, SCHEDULE
from services.notify.delivery.sender import Sending
from services.subscribers.address import Address, outer_mode
from services.subscribers.subscriber import Subscriber

log = structlog.get_logger(__name__)


Compose = Callable[[], Composed]


async def carry_out(
    sending: Sending,
    subscriber: Subscriber,
    address: Address,
    first_reference: str | None,
    compose: Compose | None = None,
) -> None:
    """To its end, which is told to the sender's `closing`. `first_reference`: None, where they got nothing of the story
    before; `compose`: where it is more than the one event."""
    try:
        delivery, composed = _made(sending, subscriber, address, first_reference, compose)
        throttle, target = sending.sender.throttle, address.target
        entered = throttle.enter(target)
        if entered is None and (entered := await throttle.wait(target)) is None:
            put_off(sending, max(throttle.look_again, sending.sender.throttled_for(target)))
            return
        outcome = await _send(sending, delivery, composed, entered)
        if isinstance(outcome, Sent):
            write_down_sent(sending, outcome)
        else:
            await write_down(sending, delivery, outcome)
    except CannotCompose as error:
        # A template, a channel's text or a record is broken. It would fail again, so it waits for an operator.
        poison(sending, error)
    except Exception as error:
        # Ours, and nobody's fault out there: it spends no attempt.
        broke_off(sending, error)


def poison(sending: Sending, error: CannotCompose) -> None:
    log.exception(
        "delivery_poisoned",
        channel=sending.sender.name,
        event_id=sending.attempt.event.id,
        delivery=sending.tag,
        exc_info=error,
    )
    give_up(sending, "poison", error.kind)


def broke_off(sending: Sending, error: Exception) -> None:
    name = type(error).__name__
    log.warning("attempt_broke_off", channel=sending.sender.name, delivery=sending.tag, error=name)
    put_off(sending)


def _made(
    sending: Sending,
    subscriber: Subscriber,
    address: Address,
    first_reference: str | None,
    compose: Compose | None = None,
) -> tuple[Delivery, Composed]:
    """Raises CannotCompose, and what we were short of."""
    sender, event = sending.sender, sending.attempt.event
    try:
        delivery = _delivery(sending, subscriber, address, first_reference)
        if compose is not None:
            return delivery, compose()
        if not sender.channel.personal:
            return delivery, sender.render_cache.of(event, sender.channel, subscriber.language, subscriber.mode)
        if first_reference is None:
            event = as_news(event)
        view = reader_view(subscriber, event)
        return delivery, sender.render_cache.of(event, sender.channel, subscriber.language, subscriber.mode, view)
    except Exception as error:
        raise_as_poison(error)


def _delivery(sending: Sending, subscriber: Subscriber, address: Address, first_reference: str | None) -> Delivery:
    assert subscriber.stop_seed is not None  # see `batch`
    sender, attempt = sending.sender, sending.attempt
    event, number, ordinal = attempt.event, attempt.number, attempt.ordinal
    stop_url = message_id = first_message_id = ""
    if sender.channel.personal:
        stop_url = sender.stop_url(subscriber.stop_seed, outer_mode(address, subscriber.mode))
        message_id = sender.references.message_id(sender.name, event.id, number)
        first_message_id = _first_message_id(sending, message_id, first_reference or "")
    return Delivery(
        event=event,
        number=number,
        address=address,
        language=subscriber.language,
        mode=subscriber.mode,
        stop_url=stop_url,
        message_id=message_id,
        first_message_id=first_message_id,
        attempt=ordinal,
        retries_remaining=ATTEMPTS - ordinal,
        next_attempt_at=None if ordinal >= ATTEMPTS else int(sender.now() + SCHEDULE[ordinal - 1]),
        first_reference=first_reference or None,
        progress=attempt.progress,
        still_wanted=sending.still_wanted,
        cover=subscriber.covers_with,
        silent=subscriber.silent,
    )


def _first_message_id(sending: Sending, message_id: str, first_reference: str) -> str:
    sender, data = sending.sender, sending.attempt.event.data
    if data.revision == 1:
        return message_id
    if first_reference.startswith(DIGEST):
        return sender.references.message_id(sender.name, first_reference, sending.attempt.number)
    return sender.references.message_id(sender.name, event_id(data.story_id, 1), sending.attempt.number)


async def _send(sending: Sending, delivery: Delivery, composed: Composed, entered: float) -> Outcome:
    """`entered`: see `AddressThrottle.enter`."""
    sender = sending.sender
    if sending.attempt.repeats:
        sender.metrics.repeats.labels(sender.name).inc()
    try:
        return await sender.channel.send(delivery, composed)
    except asyncio.CancelledError:
        if not sending.overdue:
            raise
        return Retry(Reason.TIMEOUT, may_have_arrived=sending.out)
    finally:
        sender.throttle.leave(delivery.address.target, entered)
