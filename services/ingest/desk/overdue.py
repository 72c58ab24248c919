"""What has waited too long for a person, or for the authority itself: judged from the stories, by the clock given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.contract import Kind, PartyClass, Status
from services.ingest.stories import Story, StoryState
from services.runtime.clock import unix_of

WAITS_TOO_LONG: Final = "waits_too_long"
OFFICIAL_SILENT: Final = "official_silent"
KINDS: Final = frozenset({WAITS_TOO_LONG, OFFICIAL_SILENT})

_LATE_NEWS: Final = 2
"""Days between an act and our first word of it after which no official word is awaited any more."""


_SILENCE: Final = (
    "no official source has told of this pardon: see whether one does ('vestka source list'), then approve, hold or "
    "retract the story"
)


_SILENCE_IS_AN_ANSWER: Final = 30 * 24 * 3600.0
"""Seconds after which nobody waits any more; so a text that was read as on a day long past raises no alarm either."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds."""

    for_operators: float = 2 * 3600.0
    for_officials: float = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Overdue:
    kind: str
    about: str
    says: str


def overdue(stories: Iterable[Story], patience: Patience, now: float) -> tuple[Overdue, ...]:
    """All that is overdue now; `now` in Unix seconds. What is decided or settled is not in it any more."""
    return tuple(found for story in stories for found in _of(story, patience, now))


def waiting_since(story: Story) -> float | None:
    """Unix seconds; None where it does not wait."""
    return unix_of(story.hold.since or story.updated_at) if story.hold else None


def _of(story: Story, patience: Patience, now: float) -> Iterator[Overdue]:
    since = waiting_since(story)
    if since is not None and now - since > patience.for_operators:
        says = f"it waits for an operator ({_slug(story)}): 'vestka story show {story.id}', then approve or retract it"
        yield Overdue(WAITS_TOO_LONG, story.id, says)
    due = unix_of(story.opened_at) + patience.for_officials
    if _is_official_awaited(story) and due < now < due + _SILENCE_IS_AN_ANSWER and not _was_decided_after(story, due):
        yield Overdue(OFFICIAL_SILENT, story.id, _SILENCE)


def _slug(story: Story) -> str:
    """The rule that holds it. An operator's own words are not repeated: they may name somebody."""
    if story.hold is None:
        return "held"
    return "an operator held it" if story.hold.by_operator else story.hold.reason


def _is_official_awaited(story: Story) -> bool:
    if (
        story.kind is not Kind.PARDON
        or story.status is not Status.ACTUAL
        or story.state not in (StoryState.OPEN, StoryState.HELD)
    ):
        return False
    if any(source.source_class is PartyClass.OFFICIAL for source in story.sources):
        return False
    late = date.fromisoformat(story.opened_at[:10]) - date.fromisoformat(story.dated.day)
    return late.days <= _LATE_NEWS


def _was_decided_after(story: Story, due: float) -> bool:
    """An operator who decided before the authority was late has not judged its silence."""
    return story.decided_at is not None and unix_of(story.decided_at) > due
