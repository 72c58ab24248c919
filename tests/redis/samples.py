"""Events and subscribers to put on the road: of one invented happening, as small as the road allows."""

from __future__ import annotations

from itertools import count
from typing import Any

from redis.asyncio import Redis

from services.contract import (
    EVENTS_STREAM,
    Certainty,
    Change,
    Claim,
    Event,
    EventData,
    EventType,
    Facts,
    Kind,
    Party,
    PartyClass,
    Person,
    Place,
    Role,
    Status,
    encode_event,
    event_id,
)
from services.names import fold
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.topics import Interest

STORY = "pardon-20241228-aaaaaa"
TIME = "2024-12-28T10:15:00.000Z"
SINCE = "2024-01-01T00:00:00.000Z"
_OFFICE = Party(id="president", name="the president's website", party_class=PartyClass.OFFICIAL)


def pardon(story: str = STORY, *, revision: int = 1, time: str = TIME, of: tuple[str, ...] = (), **data: Any) -> Event:
    """A pardon, or its next revision. `of`: the names that were published."""
    persons = tuple(Person(name=name, role=Role.PARDONED, key=fold(name), said_by=_OFFICE) for name in of)
    changes = (Change(field="pardoned", before=20, after=22, said_by=_OFFICE),) if revision > 1 else ()
    usual = {"kind": Kind.PARDON, "persons": persons, "changes": changes, "headline_facts": Facts(pardoned=20)}
    kind = EventType.PARDON_ANNOUNCED if revision == 1 else EventType.PARDON_UPDATED
    return _event(kind, story, revision, time, usual | data)


def arrest(story: str = "arrest-20241228-bbbbbb", *, region: str | None = None, time: str = TIME) -> Event:
    where = Place(name="Gomel", region=region) if region else None
    data = {"kind": Kind.ARREST, "place": where, "headline_facts": Facts(detained=3)}
    return _event(EventType.ARREST_REPORTED, story, 1, time, data)


def retraction(story: str = STORY, *, revision: int = 2, time: str = TIME) -> Event:
    data = {"kind": Kind.PARDON, "headline_facts": Facts(pardoned=20), "reason": "The website took it back."}
    return _event(EventType.STORY_RETRACTED, story, revision, time, data)


def _event(type_: EventType, story: str, revision: int, time: str, data: dict[str, Any]) -> Event:
    usual: dict[str, Any] = {
        "status": Status.ACTUAL,
        "certainty": Certainty.CONFIRMED,
        "claims": (Claim(field="pardoned", value=20, said_by=_OFFICE, span=(0, 9)),),
        "replaces": event_id(story, revision - 1) if revision > 1 else None,
    }
    return Event(
        id=event_id(story, revision),
        source="/vestka/ingest",
        type=type_,
        subject=story,
        time=time,
        data=EventData(story_id=story, revision=revision, sequence=revision, **(usual | data)),
    )


async def put_event(redis: Redis, event: Event, at: str = "*") -> str:
    """Writes the entry that ingest would write; its id. `at`: the id to give it, for a time of the test's own."""
    fields: dict[Any, Any] = {"id": event.id, "type": event.type.value, "event": encode_event(event)}
    return str(await redis.xadd(EVENTS_STREAM, fields, id=at))


_OWN = count(1)


def subscriber(*interests: Interest, channels: tuple[str, ...] = ("email",), **fields: Any) -> Subscriber:
    """Somebody who asked for everything, unless told otherwise; each has addresses of their own unless given."""
    targets: dict[str, str] = fields.pop("targets", {})
    own = next(_OWN)
    usual: dict[str, Any] = {"number": 0, "since": SINCE}
    return Subscriber(
        **usual | fields,
        addresses=tuple(StoredAddress(channel=one, target=targets.get(one, f"at-{one}-{own}")) for one in channels),
        interests=interests or (Interest(),),
    )
