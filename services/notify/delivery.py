"""One attempt: claimed in the ledger, made by today's consent, sent within the deadline. Its end: see `outcomes`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import structlog
from redis.exceptions import RedisError

from services.contract import Event, event_id
from services.notify.channels.base import Address, Delivery
from services.notify.desk import Desk
from services.notify.ledger import Claim, Ledger, State
from services.notify.outcomes import give_up, skip, write_down
from services.notify.retries import ATTEMPTS, SCHEDULE, Due
from services.notify.routing import NotSent, route
from services.notify.subscribers import Subscriber
from services.notify.vault import UnknownSubscriber, Vault

log = structlog.get_logger(__name__)

_CLAIM_MARGIN = 5.0
"""Seconds beyond the channel's deadline after which a claim counts as a dead process's."""


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
        tag = desk.references.log_tag(desk.channel.name, event.id, claim.number)
        log.exception("delivery_poisoned", channel=desk.channel.name, event_id=event.id, delivery=tag)
        await give_up(desk, event.id, due, claim, "poison", type(error).__name__)


async def _make(desk: Desk, event: Event, due: Due, claim: Claim) -> None:
    earlier = await had_earlier(desk.ledger, event, [claim.number])
    open_at = await desk.gate.open_at(desk.now())
    replaced = await desk.revisions.is_replaced(event.data)
    # Consent is asked again last of all, so that nothing goes out after an acknowledged stop.
    subscriber = await _today(desk.vault, claim.number)
    had_one = claim.number in earlier or await _kin_had_one(desk.ledger, event, subscriber)
    target = _target(event, subscriber, desk.channel.name, had_one, replaced)
    if isinstance(target, NotSent):
        if target is NotSent.NO_ADDRESS and subscriber is not None:
            await _hand_on(desk, event, due, subscriber)
        await skip(desk, event, due, claim, target)
        return
    assert subscriber is not None
    now = desk.now()
    open_at = max(open_at, desk.lanes.open_at(target.target, now))
    if open_at > now:
        await desk.ledger.close_waiting(event.id, claim, due.member, open_at, claim.progress, attempted=False)
        return
    await _send(desk, _delivery(desk, event, subscriber, target, claim, earlier.get(claim.number)), due, claim)


async def _kin_had_one(ledger: Ledger, event: Event, subscriber: Subscriber | None) -> bool:
    """What somebody got at an address that is another's now, a correction follows there."""
    return subscriber is not None and bool(await had_earlier(ledger, event, subscriber.kin))


async def _hand_on(desk: Desk, event: Event, due: Due, subscriber: Subscriber) -> None:
    """A delivery to an address that has become another's becomes that one's, unless they have it already."""
    heir = await desk.vault.heir(subscriber, desk.channel.name)
    if heir is None:
        return
    now, theirs = desk.now(), Due(due.entry, heir.number)
    for claim in await desk.ledger.claim(event.id, due.entry, [heir.number], now, _CLAIM_MARGIN):
        await desk.ledger.close_waiting(event.id, claim, theirs.member, now, None, attempted=False)


def _target(
    event: Event, subscriber: Subscriber | None, channel: str, had_earlier: bool, replaced: bool
) -> Address | NotSent:
    if replaced:
        return NotSent.REPLACED
    return NotSent.INACTIVE if subscriber is None else route(event, subscriber, channel, had_earlier)


def _delivery(
    desk: Desk,
    event: Event,
    subscriber: Subscriber,
    address: Address,
    claim: Claim,
    first_reference: str | None,
) -> Delivery:
    assert subscriber.stop_seed is not None  # of whom `_today` gives
    last, first = claim.attempt >= ATTEMPTS, event_id(event.data.story_id, 1)
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
        still_wanted=partial(_still_wanted, desk.vault, claim.number),
    )


async def _still_wanted(vault: Vault, number: int) -> bool:
    subscriber = await _today(vault, number)
    return subscriber is not None and subscriber.active


async def _today(vault: Vault, number: int) -> Subscriber | None:
    try:
        return await vault.with_stop_seed(number)
    except UnknownSubscriber:
        return None


async def _send(desk: Desk, delivery: Delivery, due: Due, claim: Claim) -> None:
    rendered = desk.renderings.of(delivery, desk.channel)
    with desk.lanes.busy(delivery.address.target):
        outcome = await desk.channel.send(delivery, rendered)
    await write_down(desk, delivery, due, claim, outcome)
