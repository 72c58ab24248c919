"""What of a message differs between readers of one language and mode: the clock they live by, and whom they watch of
those whom the event names. Nothing of it is kept anywhere but in the memory of the process that sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from services.contract import Event
from services.subscribers.persons_named import persons_watched
from services.subscribers.subscriber import Subscriber


@dataclass(frozen=True, slots=True)
class ReaderView:
    """`zone`: an IANA name, None for whoever gave none. `watched`: keys of the event's own persons."""

    zone: str | None = None
    watched: frozenset[str] = field(default=frozenset(), repr=False)


EVERYBODY: Final = ReaderView()


def reader_view(subscriber: Subscriber, event: Event) -> ReaderView:
    return ReaderView(subscriber.zone, persons_watched(subscriber.interests, event.data))
