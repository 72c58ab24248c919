"""The form in which the store keeps a subscriber: what is sealed, and what leads to it."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from services.subscribers import record_codec
from services.subscribers.digest_topics import digest_topics
from services.subscribers.lookups import Lookups
from services.subscribers.record_seal import DAMAGED, RecordSeal, UnreadableRecord
from services.subscribers.redis_keys import RedisKeys
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import topics_of_subscriber


@dataclass(frozen=True, slots=True)
class SealedStore:
    keys: RedisKeys
    lookups: Lookups
    seal: RecordSeal

    def encode(self, subscriber: Subscriber) -> bytes:
        return self.seal.close(subscriber.number, record_codec.encode(subscriber))

    def decode(self, number: int, record: bytes) -> Subscriber:
        """Raises UnreadableRecord."""
        try:
            return record_codec.decode(number, self.seal.open(number, record))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise UnreadableRecord(DAMAGED) from None

    def zone_gone(self, number: int, record: bytes) -> str | None:
        """See `record_codec.zone_gone`. Raises UnreadableRecord."""
        return record_codec.zone_gone(self.seal.open(number, record))

    def hashes(self, subscriber: Subscriber) -> set[bytes]:
        """What it is found by."""
        found = {bytes.fromhex(one.digest) for one in subscriber.addresses if one.digest is not None}
        if subscriber.label is not None:
            found.add(self.lookups.label(subscriber.label))
        if subscriber.stop_seed is not None:
            found.add(self.lookups.seed(subscriber.stop_seed))
        return found

    def asks(self, subscriber: Subscriber) -> set[str]:
        """The keys of the sets of those who asked for a topic, in which it stands."""
        if not subscriber.active:
            return set()
        shard = self.keys.shard_of(subscriber.number)
        channels = [one.channel for one in subscriber.addresses if one.ended is None]
        topics = topics_of_subscriber(subscriber.interests, tests=subscriber.tests) | digest_topics(subscriber)
        return {self.keys.asks(shard, self.lookups.topic(channel, topic)) for channel in channels for topic in topics}
