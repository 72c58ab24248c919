"""A dead letter goes back on the road: its entry is written anew, or its delivery is taken up as if never attempted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from redis.asyncio import Redis

from services.contract import deliveries_stream
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.record import DIGEST, DeliveryState
from services.notify.fanout.shard_work import ShardWork
from services.notify.references import References
from services.notify.repair.old_letters import sealed_work
from services.runtime.dead_letters import Buried, DeadLetter, DeadLetters
from services.runtime.streams import entries_between
from services.subscribers.keyring import OtherKey
from services.subscribers.vault import UnknownSubscriber, Vault


class CannotRedrive(ValueError):
    """What the letter stands for is no longer there, or could not be sent. The text says what, and what to do."""


@dataclass(frozen=True, slots=True)
class _Undelivered:
    """The delivery that a letter is about."""

    channel: str
    event_id: str
    entry: str
    number: int


def subscriber_of(letter: DeadLetter, references: References) -> int | None:
    """The subscriber's number; None for a letter that is about no delivery. Raises CannotRedrive."""
    if letter.reference is None or letter.channel is None or letter.event_id is None:
        return letter.number
    try:
        return references.subscriber(letter.reference, letter.channel, letter.event_id)
    except OtherKey as error:
        raise CannotRedrive(f"the letter does not tell whose delivery it was: {error}") from None


async def redrive(
    redis: Redis, buried: Buried, ledger_of: Callable[[str], Ledger], references: References, vault: Vault
) -> None:
    """Raises CannotRedrive. The letter is dropped last: a crash before redrives again, and the ledger keeps silence."""
    undelivered = _undelivered(buried.letter, references)
    if undelivered is not None and undelivered.event_id.startswith(DIGEST):
        raise CannotRedrive("it was a digest: the next one tells what this one did not; drop the letter")
    if undelivered is not None:
        await _check_address(vault, undelivered)
        ended = DeliveryState.UNSURE if buried.letter.kind == "unsure" else DeliveryState.REFUSED
        await ledger_of(undelivered.channel).forget(undelivered.event_id, undelivered.number, ended)
        work = ShardWork(undelivered.entry, (), vault.shards, (undelivered.number,))
        fields = work.encode(undelivered.channel, references)
        await redis.xadd(deliveries_stream(undelivered.channel), fields)  # type: ignore[arg-type]
    else:
        letter = buried.letter
        await redis.xadd(str(letter.stream), await _fields(redis, letter, references))  # type: ignore[arg-type]
    await DeadLetters(redis).drop(buried)


def _undelivered(letter: DeadLetter, references: References) -> _Undelivered | None:
    number = subscriber_of(letter, references)
    if number is None or letter.channel is None or letter.event_id is None:
        return None
    return _Undelivered(letter.channel, letter.event_id, str(letter.entry), number)


async def _fields(redis: Redis, letter: DeadLetter, references: References) -> dict[str, str]:
    return sealed_work(letter.stream, letter.work or await _standing(redis, letter), references)


async def _standing(redis: Redis, letter: DeadLetter) -> dict[str, str]:
    """The entry as it still stands in its stream."""
    found = (
        await entries_between(redis, letter.stream, letter.entry, letter.entry)
        if letter.stream and letter.entry
        else []
    )
    if not found:
        raise CannotRedrive(f"the entry {letter.entry} is no longer in {letter.stream}; drop the letter")
    return found[0].fields


async def _check_address(vault: Vault, undelivered: _Undelivered) -> None:
    """Without it a redriven delivery would be skipped in silence, and its letter gone."""
    channel = undelivered.channel
    try:
        address = (await vault.get(undelivered.number)).address_on(channel)
    except UnknownSubscriber:
        raise CannotRedrive("its subscriber is erased; drop the letter") from None
    if address is None:
        raise CannotRedrive(
            f"the {channel} address it was for has ended: 'vestka dead show ID --subscriber' says whose, "
            "and 'vestka subscriber resume NUMBER' sends there again"
        )
