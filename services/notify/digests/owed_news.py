"""What a reader is owed of the time when they asked for it daily or weekly: told by the next digest, then settled."""

from __future__ import annotations

from contextlib import suppress

from services.contract import Event
from services.notify.delivery.sender import ChannelSender
from services.notify.fanout.digest_rule import has_digests, is_owed_on, owed_frequencies, waits_for_digest
from services.subscribers.owed import settled_on
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import UnknownSubscriber
from services.subscribers.watched_persons import MatchAnswers


def may_be_told(event: Event, reader: Subscriber, channel: str, answers: MatchAnswers) -> bool:
    """Does it wait for a digest of theirs, or did it until they wanted it sooner?"""
    owed = is_owed_on(reader, channel) and bool(owed_frequencies(event, reader, answers))
    return owed or waits_for_digest(event, reader, channel, answers)


async def settle_owed(sender: ChannelSender, reader: Subscriber) -> None:
    """Nothing waits any more of what `reader`, as they were read, is owed: neither on this channel nor where nothing
    comes of it. Who changed their mind once more since then is owed of that. Raises RedisError."""
    if not is_owed_on(reader, sender.name):
        return
    idle = [one for one in reader.owed_on if reader.address_on(one) is None or not has_digests(one)]

    def settled(known: Subscriber) -> Subscriber:
        return settled_on(known, (sender.name, *idle)) if known.owed == reader.owed else known

    with suppress(UnknownSubscriber):  # erased in between
        await sender.vault.amend(reader.number, settled)
