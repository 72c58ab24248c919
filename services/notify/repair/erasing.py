"""What notify keeps under a subscriber's number, and removes when they are erased."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

from redis.asyncio import Redis

from services.notify.channels import CHANNELS
from services.notify.delivery.channel_health import forget_endpoints
from services.notify.delivery.due_queue import DueQueue
from services.notify.delivery.ledger import forget_everything
from services.notify.delivery.probes import Probes
from services.notify.digests.digest_ledger import digest_channel
from services.notify.references import References
from services.notify.repair.redriving import CannotRedrive, subscriber_of
from services.notify.throttle.shared_send_rate import forget_chats
from services.runtime.dead_letters import DeadLetters
from services.subscribers.eraser import Eraser


def eraser_of(redis: Redis, references: Callable[[], Awaitable[References]]) -> Eraser:
    """As the vault calls it. `references`: those that dead letters were sealed with."""

    async def erase(numbers: frozenset[int]) -> None:
        for channel in CHANNELS:
            await _erase_on(redis, channel, numbers)
        await forget_chats(redis, numbers)
        await _drop_letters(redis, await references(), numbers)

    return erase


async def _erase_on(redis: Redis, channel: str, numbers: frozenset[int]) -> None:
    probes = Probes(redis, channel)
    for queue in (DueQueue(redis, channel), DueQueue(redis, digest_channel(channel))):
        for due in await queue.everything():
            if due.number in numbers:
                await queue.drop(due)
    for number in numbers:
        await probes.answered(number)
    await forget_endpoints(redis, channel, numbers)
    await forget_everything(redis, channel, numbers)
    await forget_everything(redis, digest_channel(channel), numbers)


async def _drop_letters(redis: Redis, references: References, numbers: frozenset[int]) -> None:
    letters = DeadLetters(redis)
    for buried in await letters.all():
        with suppress(CannotRedrive):  # sealed with a key that nobody holds: it tells nobody whose it was
            if subscriber_of(buried.letter, references) in numbers:
                await letters.drop(buried)
