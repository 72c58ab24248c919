"""News that was past its age when we heard of it: it is kept, so that later reports meet it, and it alerts nobody."""

from __future__ import annotations

from datetime import datetime

import msgspec

from services.ingest.stories.story import Placement, Story, StoryState, announced_revision
from services.runtime.clock import rfc3339


def set_aside(placement: Placement, now: datetime) -> Story:
    """The state to keep of a placement that is not told: a story that this report opened is old; any other stays what
    it is, and tells what it gained with its next revision."""
    story = placement.story
    opened_it = story.report_ids[:1] == story.report_ids
    return msgspec.structs.replace(
        story,
        state=StoryState.OLD if opened_it and not story.held_by_operator else story.state,
        hold_reason=None if opened_it and not story.held_by_operator else story.hold_reason,
        revision=announced_revision(story),
        updated_at=rfc3339(now.timestamp()),
    )
