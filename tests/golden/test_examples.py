"""The events that schemas, the gallery and `vestka template` show messages by are those that the road makes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import pytest

from services.contract import Event, EventType, document
from services.notify.content import example_events as room
from services.notify.content.example_events import example_events, example_of
from tests.golden.road import STEPS, event_of

FOLDER: Final = Path(room.__file__).parent / "examples"


def _held() -> Event:
    return msgspec.structs.replace(event_of("retraction"), type=EventType.STORY_HELD)


def _merged() -> Event:
    return msgspec.structs.replace(event_of("pardon_merged"), type=EventType.STORY_MERGED)


ALL: Final[dict[str, Callable[[], Event]]] = {
    "held": _held,
    "merged": _merged,
    **{name: lambda name=name: event_of(name) for name in (*STEPS, "system_test")},  # type: ignore[misc]
}


@pytest.mark.parametrize("name", ALL)
def test_an_example_is_an_event_of_the_road(name: str) -> None:
    agreed, text = FOLDER / f"{name}.json", json.dumps(document(ALL[name]()), ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("VESTKA_GOLDEN") == "write":
        agreed.write_text(text, encoding="utf-8")
    assert agreed.read_text(encoding="utf-8") == text


def test_there_are_no_other_examples() -> None:
    assert example_events().keys() == ALL.keys()


@pytest.mark.parametrize("event_type", EventType)
def test_every_type_of_event_has_an_example(event_type: EventType) -> None:
    assert example_of(event_type).type is event_type
