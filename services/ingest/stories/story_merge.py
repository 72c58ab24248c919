"""An operator says that two stories are one happening: the first takes the reports of the second, which ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from services.ingest.reports import Report
from services.ingest.stories.absorbing import absorb_report, derived
from services.ingest.stories.accounts import Account, carried_over
from services.ingest.stories.deciding import Step, WrongState, accounts, must_go_on
from services.ingest.stories.known_acts import count_in
from services.ingest.stories.materiality import changes_since_announced
from services.ingest.stories.story import MergedStory, Story, StoryState, announced_revision, let_go
from services.ingest.stories.why import Why
from services.runtime.clock import rfc3339


def merge_stories(
    kept: Story, ended: Story, reports: Mapping[str, Report], reason: str | Why, now: datetime
) -> tuple[Step, Step]:
    """What becomes of the story that goes on and of the one that ends, whose reports the first takes over.

    Where readers know both, one event of the story that goes on tells all of them that these are one; where they know
    only the first, they hear what is materially new. A held story says so once it is let go. Raises WrongState.
    """
    _check(kept, ended)
    whole = _with_all(kept, ended, accounts(ended, ended.report_ids, reports), now)
    if announced_revision(ended):
        at = ended.announcement.at if ended.announcement else ""
        whole = msgspec.structs.replace(whole, owed_merge=MergedStory(id=ended.id, at=at))
    return _goes_on(whole, reason, now), _ends(ended, whole, now)


def _check(kept: Story, ended: Story) -> None:
    if kept.id == ended.id:
        raise WrongState(f"{kept.id} cannot be merged with itself; name two stories")
    if kept.kind is not ended.kind or kept.status is not ended.status:
        raise WrongState(f"{kept.id} and {ended.id} are not of one kind: they cannot be one happening")
    if not kept.is_preexisting:
        must_go_on(kept, "merge with")
    must_go_on(ended, "merge")
    if announced_revision(ended) and not announced_revision(kept):
        remedy = (
            f"retract {ended.id}, since it was no news"
            if kept.is_preexisting
            else "merge the other way round, so that what they know goes on"
        )
        raise WrongState(f"readers know {ended.id} and not {kept.id}: {remedy}")


def _with_all(kept: Story, ended: Story, reports: Sequence[Report], now: datetime) -> Story:
    whole = kept
    for report in reports:
        if report.id not in whole.report_ids:
            whole = (count_in if kept.is_preexisting else absorb_report)(whole, report, now)
    known = {correction.field for correction in kept.corrections}
    carried = tuple(one for one in ended.corrections if one.field not in known and not kept.is_preexisting)
    whole = msgspec.structs.replace(
        whole,
        accounts=_as_announced_of(ended, whole),
        corrections=(*kept.corrections, *carried),
        released=tuple(dict.fromkeys((*kept.released, *ended.released))),
        candidates=tuple(one for one in kept.candidates if one != ended.id),
    )
    return whole if kept.is_preexisting else derived(whole)


def _as_announced_of(ended: Story, whole: Story) -> tuple[Account, ...]:
    """What readers of the ended story know stands beside what those of the other know, even where the two differ."""
    announced = tuple(one for one in ended.accounts if one.announced)
    return carried_over(msgspec.structs.replace(ended, accounts=announced), whole)


def _goes_on(whole: Story, reason: str | Why, now: datetime) -> Step:
    stamp = rfc3339(now.timestamp())
    decided = msgspec.structs.replace(whole, decided_at=stamp, updated_at=stamp)
    if decided.owed_merge:
        why = Why.of(reason) if isinstance(reason, str) else reason
        decided = msgspec.structs.replace(decided, reason_code=why.code, reason_lines=dict(why.lines))
    changes = changes_since_announced(decided) if decided.state is StoryState.OPEN else ()
    if decided.state is not StoryState.OPEN or not (changes or decided.owed_merge):
        return Step(decided)
    return Step(msgspec.structs.replace(decided, revision=announced_revision(whole) + 1), publish=True, changes=changes)


def _ends(ended: Story, whole: Story, now: datetime) -> Step:
    """Silently: the story that goes on tells its readers too."""
    stamp = rfc3339(now.timestamp())
    over = msgspec.structs.replace(
        let_go(ended, StoryState.MERGED),
        merged_into=whole.id,
        candidates=(),
        revision=announced_revision(ended),
        decided_at=stamp,
        updated_at=stamp,
    )
    return Step(over)
