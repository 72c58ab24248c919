"""A hold is a signal of its own: who knows a story is told not to rely on it, once, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from services.contract import EventType
from services.ingest.desk.correction_request import as_correction, read_correction_request
from services.ingest.reports import Report
from services.ingest.stories import (
    Placement,
    Story,
    approve,
    correct,
    event_data,
    event_type,
    hold,
    hold_of,
    place,
    published,
    retract,
)
from services.ingest.stories.stored import opened, stored

NOW = datetime(2024, 12, 28, 13, tzinfo=UTC)
TOLD = "2024-12-28T12:00:00.000Z"


@pytest.fixture
def told(make_report: Callable[..., Report], tell: Callable[..., Placement]) -> Story:
    return published(tell(make_report(pardoned=20, women=11)).story, TOLD)


def on_hold(story: Story) -> Story:
    return opened(stored(published(hold_of(story, "asking", NOW).story, TOLD)))


def test_who_knows_the_story_is_told_not_to_rely_on_it_and_why_stays_with_us(told: Story) -> None:
    step = hold_of(told, "a reader doubts it", NOW)
    data = event_data(step.story, sequence=2, changes=step.changes, replaces=told.last_event_id)
    assert (step.publish, event_type(step.story), data.revision) == (True, EventType.STORY_HELD, 2)
    assert (data.reason, data.reason_code, data.replaced_at) == (None, None, TOLD)


def test_it_is_told_once(told: Story) -> None:
    assert not hold_of(on_hold(told), "asking again", NOW).publish


def test_a_story_that_nobody_got_is_held_in_silence(make_report: Callable[..., Report]) -> None:
    unknown = hold(place(make_report(pardoned=20), [], NOW).story, "undated", NOW)
    assert not hold_of(unknown, "asking", NOW).publish


def test_what_a_hold_is_about_is_confirmed_even_where_nothing_changed(told: Story) -> None:
    step = approve(on_hold(told), NOW)
    data = event_data(step.story, sequence=3, changes=step.changes, replaces=None)
    assert (step.publish, event_type(step.story), data.revision) == (True, EventType.PARDON_UPDATED, 3)
    assert (data.ends_hold, data.changes) == (True, ())
    assert not event_data(published(step.story), sequence=4, changes=(), replaces=None).ends_hold


def test_or_corrected_or_taken_back(told: Story) -> None:
    waiting = on_hold(told)
    request = as_correction(read_correction_request("pardoned", 22), waiting, "misread", NOW)
    mended = approve(correct(waiting, request, "misread", NOW).story, NOW)
    assert [(change.before, change.after, change.ours) for change in mended.changes] == [(20, 22, True)]
    gone = retract(waiting, "old_event", NOW)
    data = event_data(gone.story, sequence=3, changes=gone.changes, replaces=None)
    assert (event_type(gone.story), data.reason_code, data.ends_hold) == (
        EventType.STORY_RETRACTED,
        "old_event",
        False,
    )
