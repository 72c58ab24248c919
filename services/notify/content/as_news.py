"""An update, as it is told to whoever never got what it updates: to them the story is simply news. Pure.

"Update", "Correction" and "these are one event" speak of a message that they do not have. What stands in the event now
is told as a first alert tells it; where it stands in its thread stays the same.
"""

from __future__ import annotations

from typing import Final

import msgspec

from services.contract import Event, EventData, EventType, Kind

_UPDATES: Final = (EventType.PARDON_UPDATED, EventType.ARREST_UPDATED, EventType.STORY_MERGED)
_MARK: Final = "-news"


def as_news(event: Event) -> Event:
    """Itself, where it is no update. Its id is another, so that the two are not taken for one where they are kept."""
    if event.type not in _UPDATES:
        return event
    data = msgspec.structs.replace(without_before(event.data), merged_into=None)
    first = EventType.ARREST_REPORTED if data.kind is Kind.ARREST else EventType.PARDON_ANNOUNCED
    return msgspec.structs.replace(event, id=event.id + _MARK, type=first, data=data)


def without_before(data: EventData) -> EventData:
    """What stands in it now, and nothing that answers to an earlier message."""
    return msgspec.structs.replace(
        data,
        changes=(),
        reason=None,
        reason_code=None,
        reason_lines={},
        ends_hold=False,
        merged_from=None,
        merged_at=None,
        replaced_at=None,
    )


def id_of_original(event: Event) -> str:
    """By which an operator finds it."""
    return event.id.removesuffix(_MARK)
