"""Stories that an earlier version wrote (`stored_stories.jsonl`) open, and are written as they were: processes of two
versions may share one store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.ingest.store import decode_story, encode_story
from services.ingest.stories import Story, has_news

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
