"""News that was past its age when we heard of it: it is kept, so that later reports meet it, and it alerts nobody."""

from __future__ import annotations

from datetime import datetime

import msgspec

from services.ingest.stories.story import Placement, Story, StoryState, announced_revision, let_go
from services.runtime.clock import rfc3339


def set_aside(placement: Placement, now: datetime) -> Story:
    """The state to keep of a placement that is not told: a story that this report opened is old; any other stays what
    it is, and tells what it gained with its next revision."""
    story = placement.story
    opened_it = story.report_ids[:1] == story.report_ids
    if opened_it and not story.is_held_by_operator:
        story = let_go(story, StoryState.OLD)
    return msgspec.structs.replace(
        story,
        revision=announced_revision(story),
        updated_at=rfc3339(now.timestamp()),
    )
