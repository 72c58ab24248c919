"""The operator's desk: what a person decides about a story, one method a verb. The command line and the HTTP routes
both call it, so that the same decision has the same effect and leaves the same trace in the audit. On trial it decides
in the same way and writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from services.contract import Event
from services.ingest.desk.correction_request import (
    CorrectionRequest,
    UnusableCorrection,
    as_correction,
    read_reason,
    read_why,
    shown,
)
from services.ingest.desk.foreseen import check_as_shown
from services.ingest.desk.plausible import implausible, impossible
from services.ingest.news_time import day_in_minsk
from services.ingest.publishing import Publisher
from services.ingest.release.conditions import FactLimits
from services.ingest.reports import Report
from services.ingest.stories import (
    Step,
    Story,
    StoryState,
    WrongState,
    announced_revision,
    approve,
    correct,
    hold_of,
    merge_stories,
    retract,
    split,
)
from services.operations.audit import AuditEntry, Via

_Lines = Mapping[str, str]
"""What the operator adds to the reason, by language."""
_NONE: _Lines = {}


@dataclass(frozen=True, slots=True)
class Operator:
    name: str
    via: Via


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of it: the stories as they are now, the one that was asked for first, and the events that went out.
    On trial: what would come of it."""

    stories: tuple[Story, ...]
    events: tuple[Event, ...]
    announced: Mapping[str, Event] = field(default_factory=dict)
    """On trial: what readers of each story were told last, by the story's id."""


class Desk:
    """Every verb raises UnknownStory where there is no such story, WrongState where it cannot be done to it or would
    tell readers what cannot be, and UnusableCorrection over a reason that readers cannot be given."""

    def __init__(
        self,
        publisher: Publisher,
        now: Callable[[], float],
        known_acts: Iterable[Story] = (),
        limits: FactLimits | None = None,
    ) -> None:
        """`now`: Unix seconds. `known_acts`: as their file tells them. `limits`: those of the release rules; without
        them a number may be of any size."""
        self._publisher = publisher
        self._clock = now
        self._acts = {act.id: act for act in known_acts}
        self._limits = limits
        self._on_trial = False
        self._shown: Collection[str] | None = None

    def on_trial(self) -> Desk:
        """Decides, and writes nothing at all: neither story nor event nor audit."""
        other = copy(self)
        other._on_trial = True
        return other

    def if_still(self, shown: Collection[str]) -> Desk:
        """Does only what comes to events of one of these fingerprints. Its verbs raise ChangedMeanwhile as well."""
        other = copy(self)
        other._shown = shown
        return other

    async def approve(self, by: Operator, story_id: str, reason: str = "") -> Decision:
        """Lets a held story go out, with the names in it."""
        why = read_reason(reason, needed=False)
        return await self._decide(by, "approve", [story_id], lambda story, _: [approve(story[0], self._now())], why)

    async def hold(self, by: Operator, story_id: str, reason: str) -> Decision:
        """Nothing more of it goes out until it is approved; who knows it is told not to rely on it. Why, only the audit
        knows."""
        reason = read_reason(reason)

        def change(stories: list[Story], _: Mapping[str, Report]) -> list[Step]:
            return [hold_of(stories[0], reason, self._now())]

        return await self._decide(by, "hold", [story_id], change, reason)

    async def retract(self, by: Operator, story_id: str, reason: str, lines: _Lines = _NONE) -> Decision:
        """Takes it back: everybody who got it is told."""
        why = read_why(reason, lines)

        def change(stories: list[Story], _: Mapping[str, Report]) -> list[Step]:
            return [retract(stories[0], why, self._now())]

        return await self._decide(by, "retract", [story_id], change, why.words)

    async def merge(self, by: Operator, kept_id: str, ended_id: str, reason: str, lines: _Lines = _NONE) -> Decision:
        """The first takes the reports of the second, which ends; readers of both are told once that these are one."""
        why = read_why(reason, lines)

        def change(stories: list[Story], reports: Mapping[str, Report]) -> list[Step]:
            kept, ended = stories
            return list(merge_stories(kept, ended, reports, why, self._now()))

        return await self._decide(by, "merge", [kept_id, ended_id], change, why.words, f"{kept_id} takes {ended_id}")

    async def split(
        self, by: Operator, story_id: str, report_ids: Sequence[str], reason: str, lines: _Lines = _NONE
    ) -> Decision:
        """These reports leave into a story of their own, which is held."""
        why = read_why(reason, lines)

        def change(stories: list[Story], reports: Mapping[str, Report]) -> list[Step]:
            act = self._acts.get(story_id)
            return list(split(stories[0], report_ids, reports, why, self._now(), act))

        detail = f"{', '.join(report_ids)} left {story_id}"
        return await self._decide(by, "split", [story_id], change, why.words, detail)

    async def correct(
        self, by: Operator, story_id: str, request: CorrectionRequest, reason: str, lines: _Lines = _NONE
    ) -> Decision:
        """One fact is otherwise. Raises UnusableCorrection where nobody knows the party that is to have said so, and
        where it cannot be beside all else that is told."""
        why = read_why(reason, lines)

        def change(stories: list[Story], _: Mapping[str, Report]) -> list[Step]:
            story, now = stories[0], self._now()
            step = correct(story, as_correction(request, story, why.words, now), why, now)
            fault = implausible(request.field, step.story.facts, story.kind, day_in_minsk(now), self._limits)
            if fault is not None:
                raise UnusableCorrection(fault)
            return [step]

        return await self._decide(by, "correct", [story_id], change, why.words, shown(request))

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
            for step in made:
                _check_possible(step, day_in_minsk(self._now()))
            return made

        def note(step: Step) -> AuditEntry:
            return AuditEntry(
                who=by.name,
                what=what,
                story=step.story.id,
                revision=step.story.revision if step.publish else announced_revision(step.story),
                reason=reason,
                detail=detail,
                via=by.via,
            )

        if self._on_trial:
            foreseen = await self._publisher.foresee(story_ids, remembered, self._check)
            return Decision(tuple(step.story for step in made), foreseen.events, foreseen.announced)
        events = await self._publisher.amend(story_ids, remembered, note, self._check)
        return Decision(tuple(step.story for step in made), events)

    def _check(self, events: tuple[Event, ...]) -> None:
        if self._shown is not None:
            check_as_shown(events, self._shown)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


def _check_possible(step: Step, today: date) -> None:
    """Raises WrongState where readers would be told what cannot be. What they were told already must not stand in the
    way of mending something else."""
    story = step.story
    if not step.publish or story.state is StoryState.RETRACTED:
        return
    fault = impossible(story.facts, story.kind, today)
    if fault is not None and not (
        story.announcement and impossible(story.announcement.facts, story.kind, today) == fault
    ):
        raise WrongState(f"story {story.id} would tell readers what cannot be; {fault}")
