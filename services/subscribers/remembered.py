"""The vault's way to the file of stops: beside the event loop, and without failing a stop that Redis has taken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from services.subscribers.stops import Said, Stops
from services.subscribers.subscriber import Subscriber

__all__ = ["Remembered", "Said"]

log = structlog.get_logger(__name__)


class Remembered:
    """`stops`: None where there is no folder to keep them in."""

    def __init__(self, stops: Stops | None) -> None:
        self._stops = stops

    def honoured(self, subscriber: Subscriber) -> Subscriber | None:
        """See `Stops.honoured`."""
        return subscriber if self._stops is None else self._stops.honoured(subscriber)

    def reading(self) -> Callable[[Subscriber], Subscriber | None]:
        """`honoured` by what the file says at this moment, for many at once."""
        return (lambda one: one) if self._stops is None else self._stops.reading()

    async def newest(self) -> str:
        """See `Stops.newest`; "" as well where there is nothing outside Redis. Raises OSError."""
        return "" if self._stops is None else await asyncio.to_thread(self._stops.newest)

    async def note(self, said: Said, subscriber: Subscriber, *, only_if_said: bool = False) -> None:
        """`only_if_said`: where nothing was said before, there is nothing to take back. Never raises OSError: the stop
        stands in Redis by now, and whoever asked for it must hear so."""
        if self._stops is None or (only_if_said and not self._stops.is_known(subscriber)):
            return
        try:
            await asyncio.to_thread(self._stops.note, said, subscriber)
        except OSError as error:
            log.error("stop_not_kept_outside_redis", error=error.strerror, todo="see VESTKA_STATE_DIR and its disk")
