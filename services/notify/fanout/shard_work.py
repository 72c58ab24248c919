"""What an entry of a deliveries stream says: which event, which shard, and whom in it. Written and read here alone.

    entry  where the event stands on its stream
    work   sealed: the shard, of how many, and after a colon the subscribers' numbers, where it is not for all in it

A shard of a small house is a person, so it is sealed like the numbers. Entries of before this was so, with fields
`shard` and `numbers`, are read as well; those that do not say of how many are of sixteen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from services.contract import deliveries_stream
from services.notify.references import References
from services.subscribers.keyring import OtherKey
from services.subscribers.sealing import is_sealed

_ONCE: Final = 16
_ENTRY: Final = re.compile(r"[0-9]{1,20}-[0-9]{1,20}")


class UnreadableWork(ValueError):
    """The fields are no work of ours. The text repeats nothing of them."""


@dataclass(frozen=True, slots=True)
class ShardWork:
    entry: str
    shard: int
    shards: int
    """Of how many."""
    numbers: tuple[int, ...] | None = None
    """None: everybody in the shard."""

    def encode(self, channel: str, references: References) -> dict[str, str]:
        whom = "" if self.numbers is None else ":" + ",".join(f"{number:016}" for number in self.numbers)
        # Digits of one length each: how long the text is, sealing does not hide.
        sealed = references.seal(f"{self.shard:04}/{self.shards:04}{whom}", deliveries_stream(channel), self.entry)
        return {"entry": self.entry, "work": sealed}

    @classmethod
    def decode(cls, fields: Mapping[str, str], channel: str, references: References) -> ShardWork:
        """Raises UnreadableWork, and OtherKey where it was sealed with a key that we do not hold."""
        entry = fields.get("entry", "")
        if not _ENTRY.fullmatch(entry):
            raise UnreadableWork("the work names no entry of the events stream")
        if "work" in fields:
            shard, whom, numbers = references.open(fields["work"], deliveries_stream(channel), entry).partition(":")
        else:
            shard, numbers = fields.get("shard", ""), fields.get("numbers", "")
            whom = ":" if "numbers" in fields else ""
        try:
            number, _, of = shard.partition("/")
            return cls(entry, int(number), int(of or _ONCE), tuple(map(int, numbers.split(","))) if whom else None)
        except ValueError:
            raise UnreadableWork("the work names no shard, or no numbers") from None


def sealed_fields(fields: dict[str, str], channel: str, references: References) -> dict[str, str]:
    """The same work sealed with the key in use; as they are, where they are no work that we can read."""
    with suppress(UnreadableWork, OtherKey):
        return ShardWork.decode(fields, channel, references).encode(channel, references)
    return fields


def safe_to_keep(fields: Mapping[str, str]) -> bool:
    """Whether the fields show nobody to whoever lacks the key, read or not."""
    return set(fields) == {"entry", "work"} and bool(_ENTRY.fullmatch(fields["entry"])) and is_sealed(fields["work"])
