"""Where our own pages answer: what a message may lead to. An address stands in it only where somebody serves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from services.contract import EventType


@dataclass(frozen=True, slots=True)
class PublicAddresses:
    """`base`: where partners and readers reach us (VESTKA_PUBLIC_URL). `pages`: where the stories' pages are, for
    everybody; "" where there are none."""

    base: str
    pages: str = ""

    def schema(self, event_type: EventType) -> str:
        """Where the schema of such an event's `data` is answered (CloudEvents 1.0, dataschema)."""
        return f"{self.base.rstrip('/')}{schema_path(event_type)}"

    def story(self, story_id: str) -> str | None:
        return f"{self.pages.rstrip('/')}/s/{story_id}" if self.pages else None


def schema_path(event_type: EventType) -> str:
    return f"/v1/event-types/{event_type}/schema"


NOWHERE: Final = PublicAddresses("http://127.0.0.1:8702")
"""Nobody but this machine reaches us, until it is said where."""
