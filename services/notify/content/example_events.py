"""Events to show messages by, and to publish as examples: made by the road that real ones take, of texts written for
the project. `tests/golden/` writes them anew."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from services.contract import Event, EventType, decode_event

_FOLDER: Final = "examples"


@cache
def example_events() -> dict[str, Event]:
    """By name, like "pardon_update", in the order of the alphabet."""
    folder = files(__package__).joinpath(_FOLDER)
    found = sorted((one for one in folder.iterdir() if one.name.endswith(".json")), key=lambda one: one.name)
    return {one.name.removesuffix(".json"): decode_event(one.read_bytes()) for one in found}


def example_of(event_type: EventType) -> Event:
    """The one that stands for its type. Raises StopIteration where there is none."""
    return next(event for event in example_events().values() if event.type is event_type)
