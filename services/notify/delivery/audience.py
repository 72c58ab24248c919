"""Who may want an event on one channel: where they are, who they are, and their deliveries begun."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.notify.delivery.batch import Batch
from services.notify.delivery.sender import ChannelSender
from services.notify.fanout.events import Published
from services.notify.fanout.shard_work import ShardWork
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import topics_of, topics_of_persons

READERS_AN_ENTRY: Final = 512
"""Of a deliveries stream, about."""


@dataclass(frozen=True, slots=True)
class Audience:
    sender: ChannelSender
    published: Published

    async def if_few(self, most: int) -> list[int] | None:
        """Whoever may want it, those who watch a person that it names before the others; None where they may be more
        than `most`, and where that is 0. Who got an earlier revision is not looked for."""
        if not most:
            return None
        persons = topics_of_persons(self.published.event.data)
        return await self.sender.asking.few(persons, topics_of(self.published.event), most)

    async def begin_soon(self, numbers: Sequence[int], patience: float) -> list[int]:
        """See `Batch.begin_soon`."""
        return await Batch(self.sender, self.published, fresh=True).begin_soon(numbers, patience)

    async def works(self, earlier: Sequence[str]) -> list[ShardWork]:
        """For those who watch a person that the event names, and then for everybody: whoever had it is passed over.

        `earlier`: the ids of the events before it. A correction also goes where what it corrects went.
        """
        data, vault, name = self.published.event.data, self.sender.vault, self.sender.name
        watching = await vault.shards_asking(name, topics_of_persons(data))
        asking = Counter(await vault.shards_asking(name, topics_of(self.published.event)))
        for event_id in earlier:
            records = await self.sender.ledger.records(event_id)
            asking.update(vault.shard_of(number) for number in records)
        entry, shards = self.published.entry, vault.shards
        first = [ShardWork(entry, part, shards, watchers=True) for part in _parts(watching)]
        return first + [ShardWork(entry, part, shards) for part in _parts(asking)]

    async def begin(self, work: ShardWork) -> None:
        """The deliveries to all whom the work means. Raises RedisError, see `Batch.begin`."""
        batch = Batch(self.sender, self.published, fresh=True, met_again=work.watchers)
        await batch.begin(await self._meant_by(work))

    async def _meant_by(self, work: ShardWork) -> list[int]:
        """Whoever may want it: all others in the shards surely do not. Who got an earlier revision is among them."""
        event, vault = self.published.event, self.sender.vault
        if work.numbers is not None:
            return list(work.numbers)
        if work.watchers:
            return await vault.numbers_asking(work.shards, self.sender.name, topics_of_persons(event.data))
        if work.of != vault.shards:  # of before there were as many
            return [one.number for one in await vault.everybody() if one.number % work.of in work.shards]
        asking = await vault.numbers_asking(work.shards, self.sender.name, topics_of(event))
        if not await self.sender.revisions.earlier(event.data):
            return asking
        shards = set(work.shards)
        earlier = {number for number in await self.sender.had_earlier(event) if vault.shard_of(number) in shards}
        # An address that became another's since: what they got at it, a correction follows there.
        known = await vault.some(sorted(earlier))
        kin = {kin for one in known.values() if isinstance(one, Subscriber) for kin in one.kin}
        return sorted(earlier.union(asking, kin))


def _parts(asking: Mapping[int, int]) -> Iterator[tuple[int, ...]]:
    """Shards, by how many in each may ask: enough together that a batch is worth it, and few enough to be shared."""
    part, count = list[int](), 0
    for shard in sorted(asking):
        part.append(shard)
        count += asking[shard]
        if count >= READERS_AN_ENTRY:
            yield tuple(part)
            part, count = [], 0
    if part:
        yield tuple(part)
