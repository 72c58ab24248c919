"""An operator corrects one fact of a story: its readers are told what changed, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from services.contract import Party, Source, Value
from services.ingest.stories.correcting import corrected, overruled_by
from services.ingest.stories.deciding import Step, WrongState, must_go_on
from services.ingest.stories.fields import POLICIES, Weight
from services.ingest.stories.materiality import changes_since_told
from services.ingest.stories.merging import weighed
from services.ingest.stories.story import Correction, Story, told_revision
from services.runtime.clock import rfc3339

CORRECTABLE: Final = tuple(field for field, policy in POLICIES.items() if policy.weight is not Weight.NEVER)


def correct(
    story: Story, field: str, value: Value | None, *, said_by: Party, source: Source, reason: str, now: datetime
) -> Step:
    """The story with `value` for `field`; None: it is not known. `said_by` is whom the operator has it from, `source`
    the operator's own word. A held story is corrected silently; its next revision says why. Raises WrongState."""
    must_go_on(story, "correct")
    correction = Correction(
        field=field,
        value=value,
        said_by=said_by,
        source=source,
        overruled=overruled_by(story, field, value),
        at=rfc3339(now.timestamp()),
    )
    others = tuple(one for one in story.corrections if one.field != field)
    changed = corrected(msgspec.structs.replace(story, corrections=(*others, correction)))
    if changed.facts == story.facts and not correction.overruled:
        raise WrongState(f"story {story.id} says so already: there is nothing to correct")
    return as_operator_says(weighed(changed), reason, now)


def as_operator_says(story: Story, reason: str, now: datetime) -> Step:
    """A story that an operator changed. An open one goes out at once where its readers know otherwise; any other keeps
    the reason for its next revision."""
    stamp, told = rfc3339(now.timestamp()), told_revision(story)
    changed = msgspec.structs.replace(story, owed_reason=reason if told else None, decided_at=stamp, updated_at=stamp)
    changes = changes_since_told(changed)
    if story.state != "open":
        return Step(changed)
    if not changes:
        return Step(msgspec.structs.replace(changed, owed_reason=None))
    return Step(msgspec.structs.replace(changed, revision=told + 1), publish=True, changes=changes)
