"""What is done to a story from outside: it is published, held, approved or retracted; and the step that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from services.contract import Change, event_id
from services.ingest.reports import Report
from services.ingest.stories.absorbing import derived
from services.ingest.stories.accounts import admitted, marked_announced
from services.ingest.stories.materiality import as_announced, changes_since_announced
from services.ingest.stories.publishable import waiting_keys
from services.ingest.stories.story import Hold, Story, StoryState, announced_revision, keep_back, let_go
from services.ingest.stories.why import Why
from services.runtime.clock import rfc3339


class WrongState(ValueError):
    """The story is not in a state in which this can be done. The message says which it is in."""


_UNANNOUNCED: Final = frozenset({StoryState.HELD, StoryState.OLD})
_ENDED: Final = {
    StoryState.RETRACTED: "retracted already",
    StoryState.MERGED: "merged into another one",
    StoryState.PREEXISTING: "a known act",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What a decision comes to: the story's new state, and whether an event tells of it."""

    story: Story
    publish: bool = False
    changes: tuple[Change, ...] = ()
    waits_for: str | None = None
    """Once the event is out the story is held for this reason: there is a name in it that the event left out."""
    write: bool = True
    """False: nothing changed, so nothing is written."""
    report: Report | None = None
    """The report that it comes of, to be kept: a story can be put together anew from its reports."""


def published(story: Story, at: str = "") -> Story:
    """The state to write together with the event: what readers now know. Doing it again changes nothing. `at`: when the
    event goes out, RFC 3339."""
    if story.hold is not None and story.hold.telling and story.announcement is not None:
        known = msgspec.structs.replace(
            story.announcement, event_id=event_id(story.id, story.revision), at=at, on_hold=True
        )
        waiting = msgspec.structs.replace(story.hold, telling=False)
        return msgspec.structs.replace(story, announcement=known, hold=waiting)
    return msgspec.structs.replace(
        let_go(story, StoryState.OPEN if story.state in _UNANNOUNCED else story.state),
        announcement=msgspec.structs.replace(as_announced(story), at=at),
        accounts=marked_announced(story),
        owed_reason=None,
        owed_merge=None,
        **({} if story.state is StoryState.RETRACTED else {"reason_code": None, "reason_lines": {}}),
    )


def has_news(story: Story) -> bool:
    """Something of it waits to be published."""
    if story.state in (StoryState.RETRACTED, StoryState.MERGED):
        return story.revision > announced_revision(story)
    if story.announcement is not None and (story.announcement.on_hold or story.owed_merge):
        return True
    return (
        story.announcement is None or story.revision > announced_revision(story) or bool(changes_since_announced(story))
    )


def hold(story: Story, reason: str, now: datetime, *, by_operator: bool = False) -> Story:
    """Nothing of it goes out until it is approved. A revision that was prepared and not published is taken back.

    A rule's hold ends when a later report satisfies the rules; an operator's only by `approve`. Raises WrongState.
    """
    must_go_on(story, "hold")
    stamp = rfc3339(now.timestamp())
    return msgspec.structs.replace(
        keep_back(story, _longer(story.hold, Hold(reason=reason, by_operator=by_operator, since=stamp))),
        decided_at=stamp if by_operator else story.decided_at,
        revision=announced_revision(story),
        updated_at=stamp,
    )


def hold_of(story: Story, reason: str, now: datetime) -> Step:
    """A person says: wait. Readers who know the story are told not to rely on it until somebody has looked; once.

    Raises WrongState.
    """
    held = hold(story, reason, now, by_operator=True)
    if held.announcement is None or held.announcement.on_hold or held.hold is None:
        return Step(held)
    telling = msgspec.structs.replace(held.hold, telling=True)
    return Step(
        msgspec.structs.replace(held, hold=telling, revision=announced_revision(held) + 1),
        publish=True,
    )


def _longer(before: Hold | None, now: Hold) -> Hold:
    """It waits since it began to; an operator's reason stands until an operator gives another."""
    if before is None:
        return now
    stands = before if before.by_operator and not now.by_operator else now
    return msgspec.structs.replace(stands, since=before.since or now.since)


def must_go_on(story: Story, verb: str) -> None:
    """Raises WrongState for a story that has come to its end, or was never ours to tell."""
    if story.state in _ENDED:
        where = f" ({story.merged_into})" if story.merged_into else ""
        raise WrongState(f"story {story.id} is {_ENDED[story.state]}{where}: there is nothing to {verb}")


def accounts(story: Story, report_ids: Sequence[str], kept: Mapping[str, Report]) -> list[Report]:
    """Those reports of the story. Raises WrongState where one is not kept any more."""
    gone = [one for one in report_ids if one not in kept]
    if gone:
        raise WrongState(
            f"the accounts of {', '.join(gone)} are no longer kept: {story.id} cannot be put together anew"
        )
    return [kept[one] for one in report_ids]


def approve(story: Story, now: datetime) -> Step:
    """A person says that it is a story of its own, and that it, the names now in it and the accounts that say otherwise
    may go out. Raises WrongState.

    Published where that is news to readers. What nobody of weight says later waits again.
    """
    if story.state not in _UNANNOUNCED:
        raise WrongState(f"story {story.id} is {story.state}, not held: there is nothing to approve")
    stamp = rfc3339(now.timestamp())
    freed = msgspec.structs.replace(
        let_go(story, StoryState.OPEN),
        decided_at=stamp,
        released=(*story.released, *waiting_keys(story)),
        accounts=admitted(story.accounts),
        candidates=(),
        updated_at=stamp,
    )
    freed = derived(freed) if freed.accounts else freed
    if not has_news(freed):
        return Step(freed)
    return Step(
        msgspec.structs.replace(freed, revision=announced_revision(story) + 1),
        publish=True,
        changes=changes_since_announced(freed),
    )


def retract(story: Story, reason: str | Why, now: datetime) -> Step:
    """It was wrong. Where it had been published, its next revision says so; where not, nobody needs to hear.

    Raises WrongState when it has ended already.
    """
    must_go_on(story, "retract")
    announced, stamp = announced_revision(story), rfc3339(now.timestamp())
    why = Why.of(reason) if isinstance(reason, str) else reason
    wrong = msgspec.structs.replace(
        let_go(story, StoryState.RETRACTED),
        reason=why.words,
        reason_code=why.code,
        reason_lines=dict(why.lines),
        decided_at=stamp,
        revision=announced + 1 if announced else 0,
        updated_at=stamp,
    )
    return Step(wrong, publish=has_news(wrong))
