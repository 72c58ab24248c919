"""Reading the events stream by entry, by event id and by selection; events lately read are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass

from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, Event, Undecodable, decode_event, event_id
from services.runtime.streams import Entry, all_entries, entries_between

_KEPT = 256


@dataclass(frozen=True, slots=True)
class Published:
    """An event and its place in the stream."""

    entry: str
    event: Event


def read_event(entry: Entry) -> Published:
    """Within every bound of the contract, and with an id that follows from its story. Raises Undecodable."""
    if "event" not in entry.fields:
        raise Undecodable("the entry has no field 'event'")
    event = decode_event(entry.fields["event"])
    if event.id != event_id(event.data.story_id, event.data.revision):
        # The ledger knows deliveries by this id: another's would say that they were made.
        raise Undecodable("the event's id does not follow from its story and revision")
    return Published(entry.id, event)


class Events:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._kept: OrderedDict[str, Published] = OrderedDict()

    def keep(self, published: Published) -> None:
        """It is asked for soon."""
        self._kept[published.entry] = published
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    async def at(self, entry_id: str) -> Published | None:
        """The event of an entry, or None where the entry is no longer there. Raises Undecodable."""
        if entry_id not in self._kept:
            found = await entries_between(self._redis, EVENTS_STREAM, entry_id, entry_id)
            if not found:
                return None
            self.keep(read_event(found[0]))
        return self._kept[entry_id]

    async def between(self, since: float | None = None, until: float | None = None) -> AsyncIterator[Published]:
        """The oldest first; Unix seconds by the server's clock. Entries that are no events of ours are passed over."""
        first = "-" if since is None else str(int(since * 1000))
        last = "+" if until is None else str(int(until * 1000))
        async for entry in all_entries(self._redis, EVENTS_STREAM, first, last):
            try:
                yield read_event(entry)
            except Undecodable:
                continue

    async def by_id(self, event_id: str) -> Published | None:
        async for published in self.between():
            if published.event.id == event_id:
                return published
        return None
