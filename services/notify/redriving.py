"""A dead letter goes back on the road: its entry is written anew, or its delivery is taken up as if never attempted."""

from __future__ import annotations

from collections.abc import Callable

from redis.asyncio import Redis

from services.contract import deliveries_stream
from services.notify.ledger import Ledger, State
from services.notify.subscribers import shard_of
from services.notify.vault import UnknownSubscriber, Vault
from services.runtime.dead_letters import Buried, DeadLetter, DeadLetters
from services.runtime.streams import entries_between


class CannotRedrive(ValueError):
    """What the letter stands for is no longer there, or could not be sent. The text says what, and what to do."""


async def redrive(redis: Redis, buried: Buried, ledger_of: Callable[[str], Ledger]) -> None:
    """Raises CannotRedrive. The letter is dropped last: a crash before redrives again, and the ledger keeps silence."""
    letter = buried.letter
    if letter.channel is not None and letter.event_id is not None and letter.number is not None:
        await _check_address(redis, letter.channel, letter.number)
        await ledger_of(letter.channel).forget(letter.event_id, letter.number, State.REFUSED)
        work = {"entry": str(letter.entry), "shard": str(shard_of(letter.number)), "numbers": str(letter.number)}
        await redis.xadd(deliveries_stream(letter.channel), work)  # type: ignore[arg-type]
    else:
        await redis.xadd(str(letter.stream), await _fields(redis, letter))  # type: ignore[arg-type]
    await DeadLetters(redis).drop(buried)


async def _fields(redis: Redis, letter: DeadLetter) -> dict[str, str]:
    if letter.work:
        return letter.work
    found = (
        await entries_between(redis, letter.stream, letter.entry, letter.entry)
        if letter.stream and letter.entry
        else []
    )
    if not found:
        raise CannotRedrive(f"the entry {letter.entry} is no longer in {letter.stream}; drop the letter")
    return found[0].fields


async def _check_address(redis: Redis, channel: str, number: int) -> None:
    """Without it a redriven delivery would be skipped in silence, and its letter gone."""
    try:
        address = (await Vault(redis).get(number)).address_on(channel)
    except UnknownSubscriber:
        raise CannotRedrive(f"subscriber {number} is erased; drop the letter") from None
    if address is None:
        raise CannotRedrive(
            f"the {channel} address of subscriber {number} has ended: first 'vestka subscriber resume {number}'"
        )
