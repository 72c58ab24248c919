"""An event, its texts as rendering would give them, and a delivery, for exams of channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.contract import (
    Certainty,
    Claim,
    Event,
    EventData,
    EventType,
    Facts,
    Kind,
    Party,
    PartyClass,
    Status,
    event_id,
)
from services.notify.channels.base import STOP_URL_SLOT, Channel, Delivery, Outcome, Rendered
from services.notify.references import References
from services.subscribers.address import Address, Mode
from services.subscribers.keyring import Keyring

REFERENCES = References(Keyring(b"a key for the exam"))
STOP_URL = "https://vestka.example.org/stop/4tGmXk2"
HEADLINE = {"en": "20 people pardoned, 28 December 2024", "ru": "Помилованы 20 человек, 28 декабря 2024 года"}
UNKNOWN = {"en": "Names were not published.", "ru": "Имена не опубликованы."}


def event(revision: int = 1, claims: int = 1, **changes: Any) -> Event:
    story = "pardon-2024-12-28-9f3c"
    said_by = Party(id="president", name="President's office", party_class=PartyClass.OFFICIAL)
    data: dict[str, Any] = {
        "story_id": story,
        "revision": revision,
        "sequence": 1,
        "kind": Kind.PARDON,
        "status": Status.ACTUAL,
        "certainty": Certainty.CONFIRMED,
        "headline_facts": Facts(pardoned=20),
        "claims": (Claim(field="pardoned", value=20, said_by=said_by, span=(0, 9)),) * claims,
    }
    return Event(
        id=event_id(story, revision),
        source="urn:vestka:ingest",
        type=EventType.PARDON_ANNOUNCED,
        subject=story,
        time="2024-12-28T10:15:00Z",
        data=EventData(**(data | changes)),
    )


def rendered(language: str = "en", **parts: str) -> Rendered:
    """The parts of every channel at once; a channel takes those it knows."""
    headline, unknown = HEADLINE[language], UNKNOWN[language]
    usual = {
        "subject": headline,
        "text": f"{headline}\n{unknown}\n\nStop: {STOP_URL_SLOT}\n",
        "html": f"<b>{headline}</b>\n{unknown}\n\n{STOP_URL_SLOT}\n",
        "plain": f"{headline}\n{unknown}\n\n{STOP_URL_SLOT}\n",
        "headline": headline,
        "summary": f"{headline}. {unknown}",
        "changes": "",
    }
    return Rendered(language, usual | parts)


def delivery(address: Address, *, of: Event | None = None, mode: Mode = "plain", **changes: Any) -> Delivery:
    told, number = of or event(), changes.get("number", 7)
    usual: dict[str, Any] = {
        "number": number,
        "language": "en",
        "stop_url": STOP_URL,
        "message_id": REFERENCES.message_id(address.channel, told.id, number),
        "first_message_id": REFERENCES.message_id(address.channel, event_id(told.data.story_id, 1), number),
    }
    return Delivery(event=told, address=address, mode=mode, **(usual | changes))


async def hand_over(channel: Channel, what: Delivery, rendered: Mapping[str, Rendered]) -> Outcome:
    """As notify does it: composed for all of the reader's language, then sent."""
    mine = rendered if channel.languages == "all" else {what.language: rendered[what.language]}
    return await channel.send(what, channel.compose(what.event, mine, what.mode))
