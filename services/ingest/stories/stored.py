"""A story as it is kept: the same parts, and why it waits and what was announced in fields of their own names.

That form does not change: processes of two versions may share one store, and what an earlier version wrote opens.
"""

from __future__ import annotations

from typing import Any

import msgspec

from services.ingest.stories.story import Announcement, Hold, Story, StoryParts, StoryState


class StoredStory(StoryParts, frozen=True, kw_only=True, omit_defaults=True):
    hold_reason: str | None = None
    held_by_operator: bool = False
    held_since: str | None = None
    told: Announcement | None = None
    """Without the event's id."""
    last_event_id: str | None = None


def stored(story: Story) -> StoredStory:
    hold, announcement = story.hold, story.announcement
    return StoredStory(
        **_parts(story),
        hold_reason=hold.reason if hold else None,
        held_by_operator=story.is_held_by_operator,
        held_since=hold.since if hold else None,
        told=msgspec.structs.replace(announcement, event_id="") if announcement else None,
        last_event_id=story.last_event_id,
    )


def opened(kept: StoredStory) -> Story:
    return Story(**_parts(kept), hold=_hold(kept), announcement=_announcement(kept))


def _parts(story: StoryParts) -> dict[str, Any]:
    return {name: getattr(story, name) for name in StoryParts.__struct_fields__}


def _hold(kept: StoredStory) -> Hold | None:
    if kept.state is not StoryState.HELD:
        return None
    return Hold(reason=kept.hold_reason or "held", by_operator=kept.held_by_operator, since=kept.held_since)


def _announcement(kept: StoredStory) -> Announcement | None:
    return kept.told and msgspec.structs.replace(kept.told, event_id=kept.last_event_id or "")
