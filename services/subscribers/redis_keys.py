"""Every key of the subscribers' store. What belongs to a shard bears its hash tag, so that a cluster may part them.

    vestka:shard:{7}:records      number → sealed record
    vestka:shard:{7}:asks:…       the numbers of those who asked for a topic; the topic is a keyed hash
    vestka:shards-asking:…        in which shards somebody asked for a topic
    vestka:shard:{7}:found:…      keyed hash of an address, a label, or the seed of a link → number

Many small hashes and sets of whole numbers: Redis packs each of them tightly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

STORE: Final = "vestka:subscribers:store"
"""A hash: the form of the store, how many shards, the marks of its keys, and what is still to be done."""
NOT_SETTLED: Final = "not-settled"
"""A field there: of those sealed from the plain form two may have one address."""
SHARDS_KNOWN: Final = "shards-known"
"""Another: of every topic there is the set of the shards in which somebody asks for it."""
TOPICS_KNOWN: Final = "topics-known"
"""Another: of which kinds everybody stands under their topics, see `topic_learning`."""
TOPICS_AGAIN: Final = "topics-again"
"""Another: when everybody is looked at once more for that, in Unix seconds, and how often."""
WRAPPING: Final = "wrapping"
"""Another: the id of the wrapping key in use."""
LAST: Final = "vestka:subscribers:last"
ERASED: Final = "vestka:subscribers:erased-hashes"
"""Keyed hashes of the labels of those erased."""
ERASING: Final = "vestka:subscribers:erasing"
"""The numbers of those whose record is gone while something of them may still be about."""
HONOURED: Final = "honoured"
"""A field of STORE: up to where the stops kept outside Redis were followed. A store that was restored is behind."""
LEAVING: Final = "vestka:subscribers:leaving"
"""The numbers of those who stopped or whose addresses ended, by when nothing of them is kept any more."""
UNREADABLE: Final = "vestka:subscribers:unreadable"
"""The numbers of the records that did not open."""
SHARDS: Final = 256
"""Unless told otherwise: with a million subscribers, four thousand each. See decision 0040."""
_PARTS: Final = 16
"""Of what is found by hash in one shard."""


@dataclass(frozen=True, slots=True)
class RedisKeys:
    """`shards`: of how many."""

    shards: int = SHARDS

    def shard_of(self, number: int) -> int:
        return number % self.shards

    def records(self, shard: int) -> str:
        return f"vestka:shard:{{{shard}}}:records"

    def record_of(self, number: int) -> str:
        """The hash in which it stands, under its number."""
        return self.records(self.shard_of(number))

    @property
    def records_parts(self) -> tuple[str, str]:
        """What stands before and after the shard in the key of its records."""
        before, _, after = self.records(0).partition("0")
        return before, after

    def asks(self, shard: int, topic: str) -> str:
        """`topic`: its keyed hash."""
        return f"vestka:shard:{{{shard}}}:asks:{topic}"

    @property
    def asks_parts(self) -> tuple[str, str]:
        """What stands before and after the shard there."""
        before, _, after = self.asks(0, "").partition("0")
        return before, after

    @staticmethod
    def asking(topic: str) -> str:
        """The set of the shards in which somebody may ask for a topic, given as its keyed hash."""
        return f"vestka:shards-asking:{topic}"

    def found(self, digest: bytes) -> str:
        """The hash in which a keyed hash leads to a number."""
        shard = int.from_bytes(digest[:2]) % self.shards
        return f"vestka:shard:{{{shard}}}:found:{digest[2] % _PARTS}"

    def every_found(self) -> str:
        """A pattern."""
        return "vestka:shard:*:found:*"


def topic_of(asks: str) -> str:
    """The keyed hash in a key that `RedisKeys.asks` made."""
    return asks.rpartition(":")[2]
