"""Stories that an earlier version wrote (`stored_stories.jsonl`) open, and are written as they were: processes of two
versions may share one store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.ingest.store import decode_story, encode_story
from services.ingest.stories import Story, has_news
from services.ingest.stories.story import Hold

_LINES = (Path(__file__).parent / "stored_stories.jsonl").read_text().splitlines()
STORED: dict[str, Any] = {one["name"]: one["stored"] for one in map(json.loads, _LINES)}


def opened(name: str) -> Story:
    return decode_story(json.dumps(STORED[name]))


@pytest.mark.parametrize("name", STORED)
def test_a_stored_story_is_written_as_it_was(name: str) -> None:
    assert json.loads(encode_story(opened(name))) == STORED[name]


def test_what_readers_were_told_is_known_again() -> None:
    story = opened("told")
    assert story.announcement is not None
    assert (story.announcement.facts.pardoned, story.announcement.hedges) == (20, {"pardoned": "at_least"})
    assert [account.announced for account in story.accounts] == [True]
    assert not has_news(story)


def test_a_correction_that_waits_is_still_owed() -> None:
    story = opened("corrected_while_held")
    assert (story.owed_reason, story.facts.pardoned) == ("misread", 22)
    assert story.announcement is not None
    assert story.announcement.facts.pardoned == 20


def test_a_story_that_nobody_was_told_of_has_no_announcement() -> None:
    assert opened("held_by_a_rule").announcement is None


def test_why_a_story_waits_is_known_again() -> None:
    assert opened("held_by_a_rule").hold == Hold(reason="lone_deviation", since="2024-12-28T13:00:00.000Z")
    by_operator = opened("held_by_an_operator")
    assert by_operator.is_held_by_operator
    assert by_operator.hold is not None
    assert by_operator.hold.reason == "asking the editor"
    assert by_operator.last_event_id == f"{by_operator.id}-r1"


@pytest.mark.parametrize("name", [name for name, one in STORED.items() if one.get("state") != "held"])
def test_only_a_held_story_has_a_reason_to_wait(name: str) -> None:
    assert opened(name).hold is None


def test_a_story_that_an_early_version_held_without_a_word_still_waits() -> None:
    silent = {name: value for name, value in STORED["held_by_a_rule"].items() if name != "hold_reason"}
    story = decode_story(json.dumps(silent))
    assert story.hold is not None
