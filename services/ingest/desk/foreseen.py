"""What readers would hear of a decision: how it differs from what they were told last, and a mark to know it again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from services.contract import Event, EventData, EventType, Facts, Role, Value


class ChangedMeanwhile(ValueError):
    """It would not come to what was shown: a story changed in between."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that readers of a story would know otherwise. None: not known, or not told."""

    story: str
    field: str
    before: Value | None
    after: Value | None


def differences(events: Iterable[Event], announced: Mapping[str, Event]) -> list[Difference]:
    """`announced`: the last event of each story that readers know, by the story's id."""
    return [one for event in events for one in _of_one(announced.get(event.data.story_id), event)]


def fingerprint(events: Iterable[Event]) -> str:
    """The same for events that tell readers the same, whenever they are made and whatever else went out before."""
    announced = [(event.id, event.type, _as_read(event.data)) for event in events]
    return hashlib.sha256(msgspec.json.encode(announced)).hexdigest()[:32]


def check_as_shown(events: Iterable[Event], shown: Collection[str]) -> None:
    """Raises ChangedMeanwhile where the events have none of these fingerprints."""
    if fingerprint(events) not in shown:
        raise ChangedMeanwhile(
            "it would not come to what was shown any more: a story changed meanwhile. Nothing was done; look again"
        )


def _as_read(data: EventData) -> EventData:
    """An operator's own word is a source of the very moment; readers see the day."""
    sources = (msgspec.structs.replace(one, published=(one.published or "")[:10] or None) for one in data.sources)
    return msgspec.structs.replace(data, sequence=0, sources=tuple(sources))


def _of_one(before: Event | None, after: Event) -> list[Difference]:
    old, new = ({} if before is None else _known(before)), _known(after)
    return [
        Difference(after.data.story_id, field, old.get(field), new.get(field))
        for field in (*new, *(one for one in old if one not in new))
        if old.get(field) != new.get(field)
    ]


_NAMED: Final = {Role.PARDONED: "named as pardoned", Role.DETAINED: "named as detained", Role.STILL_HELD: "still held"}


def _known(event: Event) -> dict[str, Any]:
    """What a reader of this event knows, by field. Who got a retraction knows that nothing of it stands."""
    data = event.data
    state = "retracted" if event.type is EventType.STORY_RETRACTED else "merged" if data.merged_into else "told"
    if state == "retracted":
        return {"state": state}
    facts: dict[str, Any] = {name: getattr(data.headline_facts, name) for name in Facts.__struct_fields__}
    named = {word: tuple(sorted(one.name for one in data.persons if one.role is role)) for role, word in _NAMED.items()}
    known = {"state": state, "merged into": data.merged_into, "certainty": data.certainty.value, **facts, **named}
    return {field: value for field, value in known.items() if value not in (None, ())}
