"""What is done to a story from outside: it is published, held, approved or retracted."""

from __future__ import annotations

from datetime import datetime

import msgspec

from services.contract import event_id
from services.ingest.stories.materiality import as_told, changes_since_told
from services.ingest.stories.story import Story, rfc3339, told_revision


class WrongState(ValueError):
    """The story is not in a state in which this can be done. The message says which it is in."""


def published(story: Story) -> Story:
    """The state to write together with the event: what readers now know. Doing it again changes nothing."""
    return msgspec.structs.replace(
        story,
        told=as_told(story),
        last_event_id=event_id(story.id, story.revision),
        state="open" if story.state == "held" else story.state,
        hold_reason=None,
        held_by_operator=False,
    )


def has_news(story: Story) -> bool:
    """Something of it waits to be published."""
    if story.state == "retracted":
        return story.revision > told_revision(story)
    return story.told is None or story.revision > told_revision(story) or bool(changes_since_told(story))


def hold(story: Story, reason: str, now: datetime, *, by_operator: bool = False) -> Story:
    """Nothing of it goes out until it is approved. A revision that was prepared and not published is taken back.

    A rule's hold ends when a later report satisfies the rules; an operator's only by `approve`. Raises WrongState.
    """
    if story.state == "retracted":
        raise WrongState(f"story {story.id} is retracted: there is nothing left to hold")
    return msgspec.structs.replace(
        story,
        state="held",
        hold_reason=story.hold_reason if story.held_by_operator and not by_operator else reason,
        held_by_operator=by_operator or story.held_by_operator,
        revision=told_revision(story),
        updated_at=rfc3339(now),
    )


def approve(story: Story, now: datetime) -> Story:
    """A person says that it is a story of its own, and that it and the names in it may go out. Raises WrongState.

    Its revision is then the one to publish, with `changes_since_told(story)`; where there is no news it stays.
    """
    if story.state != "held":
        raise WrongState(f"story {story.id} is {story.state}, not held: there is nothing to approve")
    freed = msgspec.structs.replace(
        story,
        state="open",
        hold_reason=None,
        held_by_operator=False,
        names_released=True,
        candidates=(),
        updated_at=rfc3339(now),
    )
    return msgspec.structs.replace(freed, revision=story.revision + 1) if has_news(freed) else freed


def retract(story: Story, reason: str, now: datetime) -> Story:
    """It was wrong. Where it had been published, its next revision says so; where not, nobody needs to hear.

    Raises WrongState when it is retracted already.
    """
    if story.state == "retracted":
        raise WrongState(f"story {story.id} is retracted already")
    told = told_revision(story)
    return msgspec.structs.replace(
        story,
        state="retracted",
        reason=reason,
        hold_reason=None,
        held_by_operator=False,
        revision=told + 1 if told else 0,
        updated_at=rfc3339(now),
    )
