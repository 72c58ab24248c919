"""What readers were told of a story before: its earlier revisions, wherever their events still are."""

from __future__ import annotations

import asyncio
from typing import Final

from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, Event, Undecodable, decode_event, event_id
from services.runtime.kept_events import KeptEvents
from services.runtime.streams import all_entries, entries_between

MOST_SHOWN: Final = 40
"""Revisions of one story on one page, the newest of them."""


class StoryRevisions:
    """An event stands beside its stream for a month; later it is found on the stream, by an index that is read on as it
    grows. The stream is long, so it is read only for a story that is older than that."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._kept = KeptEvents(redis)
        self._places: dict[str, str] = {}
        self._read_to = "-"
        self._reading = asyncio.Lock()

    async def of(self, last: Event) -> tuple[Event, ...]:
        """Those that can be had, the first of them first and `last` at the end."""
        data = last.data
        first = max(1, data.revision - MOST_SHOWN + 1)
        ids = [event_id(data.story_id, revision) for revision in range(first, data.revision)]
        found = await self._kept.events(ids)
        if missing := [one for one in ids if one not in found]:
            found |= await self._on_the_stream(missing)
        return (*(found[one] for one in ids if one in found), last)

    async def _on_the_stream(self, ids: list[str]) -> dict[str, Event]:
        async with self._reading:
            async for entry in all_entries(self._redis, EVENTS_STREAM, self._read_to):
                self._places[entry.fields.get("id", "")] = entry.id
                self._read_to = f"({entry.id}"
        found = {}
        for one in ids:
            place = self._places.get(one)
            entries = await entries_between(self._redis, EVENTS_STREAM, place, place) if place else []
            if entries and (event := _read(entries[0].fields.get("event", ""))) is not None:
                found[one] = event
        return found


def _read(raw: str) -> Event | None:
    try:
        return decode_event(raw)
    except Undecodable:
        return None
