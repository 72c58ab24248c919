"""What an entry of a deliveries stream says: which event, which shards, and whom in them. Written and read here alone.

    entry  where the event stands on its stream
    work   sealed: w for those who watch somebody in it or e for everybody, of how many shards, a bit for each that is
           meant, and after a colon the subscribers' numbers, where it is for some alone

A shard of a small house is a person, so they are sealed like the numbers. Entries of before this was so, with fields
`shard` and `numbers`, and those that name one shard are read as well; those that do not say of how many are of sixteen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from services.contract import deliveries_stream
from services.notify.references import References
from services.subscribers.keyring import OtherKey
from services.subscribers.sealing import is_sealed

_ONCE: Final = 16
_ENTRY: Final = re.compile(r"[0-9]{1,20}-[0-9]{1,20}")
_MANY: Final = re.compile(r"([we])([0-9]{4})/([0-9a-f]+)")
_ONE: Final = re.compile(r"([0-9]{1,4})(?:/([0-9]{1,4}))?")


class UnreadableWork(ValueError):
    """The fields are no work of ours. The text repeats nothing of them."""


@dataclass(frozen=True, slots=True)
class ShardWork:
    entry: str
    shards: tuple[int, ...]
    """In increasing order; none where the numbers say it all."""
    of: int
    """How many shards there are."""
    numbers: tuple[int, ...] | None = None
    """None: everybody in the shards."""
    watchers: bool = False
    """Only those who watch somebody in the event: they go before the others."""

    def encode(self, channel: str, references: References) -> dict[str, str]:
        whom = "" if self.numbers is None else ":" + ",".join(f"{number:016}" for number in self.numbers)
        bits = sum(1 << shard for shard in self.shards)
        # Digits of one length each: how long the text is, sealing does not hide.
        text = f"{'w' if self.watchers else 'e'}{self.of:04}/{bits:0{-(-self.of // 4)}x}{whom}"
        return {"entry": self.entry, "work": references.seal(text, deliveries_stream(channel), self.entry)}

    @classmethod
    def decode(cls, fields: Mapping[str, str], channel: str, references: References) -> ShardWork:
        """Raises UnreadableWork, and OtherKey where it was sealed with a key that we do not hold."""
        entry = fields.get("entry", "")
        if not _ENTRY.fullmatch(entry):
            raise UnreadableWork("the work names no entry of the events stream")
        if "work" in fields:
            where, whom, listed = references.open(fields["work"], deliveries_stream(channel), entry).partition(":")
        else:
            where, listed = fields.get("shard", ""), fields.get("numbers", "")
            whom = ":" if "numbers" in fields else ""
        try:
            numbers = tuple(map(int, listed.split(","))) if whom else None
        except ValueError:
            raise UnreadableWork("the work names no numbers") from None
        if many := _MANY.fullmatch(where):
            of = int(many[2])
            shards = tuple(_places(int(many[3], 16) & (1 << of) - 1))
            return cls(entry, shards, of, numbers, many[1] == "w")
        if one := _ONE.fullmatch(where):
            return cls(entry, (int(one[1]),), int(one[2] or _ONCE), numbers)
        raise UnreadableWork("the work names no shard")


def _places(bits: int) -> Iterator[int]:
    """Of the bits that are set: where none is, as in most work for some alone, none is looked for."""
    while bits:
        last = bits & -bits
        yield last.bit_length() - 1
        bits ^= last


def sealed_fields(fields: dict[str, str], channel: str, references: References) -> dict[str, str]:
    """The same work sealed with the key in use; as they are, where they are no work that we can read."""
    with suppress(UnreadableWork, OtherKey):
        return ShardWork.decode(fields, channel, references).encode(channel, references)
    return fields


def safe_to_keep(fields: Mapping[str, str]) -> bool:
    """Whether the fields show nobody to whoever lacks the key, read or not."""
    return set(fields) == {"entry", "work"} and bool(_ENTRY.fullmatch(fields["entry"])) and is_sealed(fields["work"])
