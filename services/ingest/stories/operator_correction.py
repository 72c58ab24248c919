"""An operator corrects one fact of a story: its readers are told what changed, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from services.contract import ReasonCode
from services.ingest.stories.absorbing import weighed
from services.ingest.stories.corrections import apply_corrections, overruled_by
from services.ingest.stories.deciding import Step, WrongState, must_go_on
from services.ingest.stories.fields import POLICIES, Materiality
from services.ingest.stories.materiality import changes_since_announced
from services.ingest.stories.story import Correction, Story, StoryState, announced_revision
from services.ingest.stories.why import Why
from services.runtime.clock import rfc3339

CORRECTABLE: Final = tuple(field for field, policy in POLICIES.items() if policy.materiality is not Materiality.NEVER)


def correct(story: Story, correction: Correction, reason: str | Why, now: datetime) -> Step:
    """The story with this correction; what it overrules is found here. A held story is corrected silently, and its next
    revision says why. Raises WrongState."""
    must_go_on(story, "correct")
    field, overruled = correction.field, overruled_by(story, correction.field, correction.value)
    ours = (Why.of(reason) if isinstance(reason, str) else reason).code is not ReasonCode.SOURCE_CORRECTED
    correction = msgspec.structs.replace(correction, overruled=overruled, ours=ours)
    before = next((one for one in story.corrections if one.field == field), None)
    others = tuple(one for one in story.corrections if one.field != field)
    changed = apply_corrections(msgspec.structs.replace(story, corrections=(*others, correction)))
    if changed.facts == story.facts and (not overruled or _stands_already(correction, before)):
        raise WrongState(f"story {story.id} says so already: there is nothing to correct")
    return as_operator_says(weighed(changed), reason, now)


def _stands_already(correction: Correction, before: Correction | None) -> bool:
    """Was it corrected to this value by this party before, and nothing said since that it would overrule?"""
    return (
        before is not None
        and before.said_by == correction.said_by
        and set(correction.overruled) <= set(before.overruled)
    )


def as_operator_says(story: Story, reason: str | Why, now: datetime) -> Step:
    """A story that an operator changed. An open one goes out at once where its readers know otherwise; any other keeps
    the reason for its next revision."""
    stamp, announced = rfc3339(now.timestamp()), announced_revision(story)
    why = Why.of(reason) if isinstance(reason, str) else reason
    changed = msgspec.structs.replace(
        story,
        owed_reason=why.words if announced else None,
        reason_code=why.code if announced else None,
        reason_lines=dict(why.lines) if announced else {},
        decided_at=stamp,
        updated_at=stamp,
    )
    changes = changes_since_announced(changed)
    if story.state is not StoryState.OPEN:
        return Step(changed)
    if not changes:
        return Step(msgspec.structs.replace(changed, owed_reason=None, reason_code=None, reason_lines={}))
    return Step(msgspec.structs.replace(changed, revision=announced + 1), publish=True, changes=changes)
