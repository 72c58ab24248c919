"""The operator's desk: what a person decides about a story, one method a verb. The command line and the HTTP doors both
call it, so that the same decision has the same effect and leaves the same trace in the audit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.contract import Event
from services.ingest.audit import AuditEntry, Via
from services.ingest.desk.wishes import Wish, as_correction, shown
from services.ingest.publishing import Publisher
from services.ingest.reports import Report
from services.ingest.stories import (
    Step,
    Story,
    approve,
    correct,
    hold,
    retract,
    split,
    told_revision,
    unite,
)


@dataclass(frozen=True, slots=True)
class Operator:
    name: str
    via: Via


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of it: the stories as they are now, the one that was asked for first, and the events that went out."""

    stories: tuple[Story, ...]
    events: tuple[Event, ...]


class Desk:
    """Every method raises UnknownStory where there is no such story, and WrongState where it cannot be done to it."""

    def __init__(self, publisher: Publisher, now: Callable[[], float], known_acts: Iterable[Story] = ()) -> None:
        """`now`: Unix seconds. `known_acts`: as their file tells them."""
        self._publisher = publisher
        self._clock = now
        self._acts = {act.id: act for act in known_acts}

    async def approve(self, by: Operator, story_id: str, reason: str = "") -> Decision:
        """Lets a held story go out, with the names in it."""
        return await self._decide(by, "approve", [story_id], lambda story, _: [approve(story[0], self._now())], reason)

    async def hold(self, by: Operator, story_id: str, reason: str) -> Decision:
        """Nothing more of it goes out until it is approved."""

        def change(stories: list[Story], _: Mapping[str, Report]) -> list[Step]:
            return [Step(hold(stories[0], reason, self._now(), by_operator=True))]

        return await self._decide(by, "hold", [story_id], change, reason)

    async def retract(self, by: Operator, story_id: str, reason: str) -> Decision:
        """Takes it back: everybody who got it is told."""

        def change(stories: list[Story], _: Mapping[str, Report]) -> list[Step]:
            return [retract(stories[0], reason, self._now())]

        return await self._decide(by, "retract", [story_id], change, reason)

    async def merge(self, by: Operator, kept_id: str, ended_id: str, reason: str) -> Decision:
        """The first takes the reports of the second, which ends; whoever got the second is told once."""

        def change(stories: list[Story], reports: Mapping[str, Report]) -> list[Step]:
            kept, ended = stories
            return list(unite(kept, ended, reports, reason, self._now()))

        return await self._decide(by, "merge", [kept_id, ended_id], change, reason, f"{kept_id} takes {ended_id}")

    async def split(self, by: Operator, story_id: str, report_ids: Sequence[str], reason: str) -> Decision:
        """These reports leave into a story of their own, which is held."""

        def change(stories: list[Story], reports: Mapping[str, Report]) -> list[Step]:
            act = self._acts.get(story_id)
            return list(split(stories[0], report_ids, reports, reason, self._now(), act))

        detail = f"{', '.join(report_ids)} left {story_id}"
        return await self._decide(by, "split", [story_id], change, reason, detail)

    async def correct(self, by: Operator, story_id: str, wish: Wish, reason: str) -> Decision:
        """One fact is otherwise. Raises UnusableWish where nobody knows the party that is to have said so."""

        def change(stories: list[Story], _: Mapping[str, Report]) -> list[Step]:
            story, now = stories[0], self._now()
            return [correct(story, as_correction(wish, story, reason, now), reason, now)]

        return await self._decide(by, "correct", [story_id], change, reason, shown(wish))

    async def _decide(
        self,
        by: Operator,
        what: str,
        story_ids: Sequence[str],
        change: Callable[[list[Story], Mapping[str, Report]], Sequence[Step]],
        reason: str,
        detail: str = "",
    ) -> Decision:
        made: list[Step] = []

        def remembered(stories: list[Story], reports: Mapping[str, Report]) -> Sequence[Step]:
            made[:] = change(stories, reports)  # deciding again forgets what was decided on an older snapshot
            return made

        def note(step: Step) -> AuditEntry:
            return AuditEntry(
                who=by.name,
                what=what,
                story=step.story.id,
                revision=step.story.revision if step.publish else told_revision(step.story),
                reason=reason,
                detail=detail,
                via=by.via,
            )

        events = await self._publisher.amend(story_ids, remembered, note)
        return Decision(tuple(step.story for step in made), events)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)
