"""What an operator answers to a near miss: that it is news, by number or names, or that it is none, and why.

News takes the road of every report from there on: it joins a story or opens one, and the release rules hold. What
becomes of it, the entry in the audit and the answer are written at once, or none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from redis.asyncio.client import Pipeline

from services.contract import Event, Kind, Party
from services.fact_table import ACTS
from services.ingest.desk.correction_request import UnusableCorrection, read_correction_request, read_reason
from services.ingest.desk.decisions import Decision, Operator
from services.ingest.desk.foreseen import check_as_shown
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.near_misses.answered import ToldByOperator, report_of_answer, voice_of
from services.ingest.near_misses.kept_near_miss import KeptNearMiss, OperatorAnswer
from services.ingest.near_misses.near_miss_store import NearMisses, near_miss_key
from services.ingest.news_time import day_in_minsk
from services.ingest.publishing import Publisher
from services.ingest.release.rules import Rules, rule
from services.ingest.reports import Report
from services.ingest.ruled_step import step_of
from services.ingest.stories import WINDOW_DAYS, Step, Story, place, without_later_acts
from services.operations.audit import AuditEntry, note_down
from services.runtime.clock import rfc3339

_MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class NewsAnswer:
    """What is news in it. `said_by`: the party's id; None: the source itself. `occurred_on`: an ISO date."""

    kind: str
    number: int | None = None
    names: tuple[str, ...] = ()
    said_by: str | None = None
    occurred_on: str | None = None


class NearMissDesk:
    """Every verb raises UnknownNearMiss, WrongState where it was answered already, and UnusableCorrection over an
    answer that cannot be used."""

    def __init__(
        self,
        publisher: Publisher,
        near_misses: NearMisses,
        rules: Rules,
        now: Callable[[], float],
        window_days: int = WINDOW_DAYS,
    ) -> None:
        """`now`: Unix seconds."""
        self.near_misses = near_misses
        self._publisher = publisher
        self._rules = rules
        self._now = now
        self._window = window_days
        self._on_trial = False
        self._shown: Collection[str] | None = None

    def on_trial(self) -> NearMissDesk:
        """Decides, and writes nothing at all."""
        other = copy(self)
        other._on_trial = True
        return other

    def if_still(self, shown: Collection[str]) -> NearMissDesk:
        """Does only what comes to events of one of these fingerprints."""
        other = copy(self)
        other._shown = shown
        return other

    async def news(self, by: Operator, near_miss_id: str, given: NewsAnswer, reason: str = "") -> Decision:
        """It is news: a report is made of it, which goes the normal road."""
        why = read_reason(reason, needed=False)
        one = await self.near_misses.check_waits(near_miss_id)
        told = _told(one, given)
        report = report_of_answer(one, told)
        if report is None:
            raise UnusableCorrection("say how many, or give at least one name")
        made: list[Step] = []

        def decide(stories: list[Story]) -> Step:
            made[:] = [self._step(report, one, stories)]
            return made[0]

        def also(pipe: Pipeline, events: tuple[Event, ...]) -> None:
            answer = _answer(told, by, self._now(), why, made[0].story.id)
            self._close(pipe, one, answer, by, events)

        if self._on_trial:
            foreseen = await self._publisher.foresee_report(decide, self._check)
            return Decision((made[0].story,), foreseen.events, foreseen.announced)
        events = await self._publisher.add(
            decide, also, self._check, lambda: self.near_misses.check_waits(one.id), near_miss_key(one.id)
        )
        return Decision((made[0].story,), events)

    async def dismiss(self, by: Operator, near_miss_id: str, reason: str) -> Decision:
        """It is no news, and why; nobody hears of it."""
        why = read_reason(reason)
        one = await self.near_misses.check_waits(near_miss_id)
        if not self._on_trial:
            answer = OperatorAnswer(kind=Kind.OTHER, by=by.name, at=rfc3339(self._now()), reason=why)

            def also(pipe: Pipeline) -> None:
                self._close(pipe, one, answer, by)

            await self.near_misses.answer(one.id, also)
        return Decision((), ())

    def _step(self, report: Report, one: KeptNearMiss, stories: list[Story]) -> Step:
        article = one.article
        joinable = without_later_acts(stories, article.as_of or day_in_minsk(article.received))
        placement = place(report, joinable, article.received, self._window)
        ruling = rule(placement, report, self._rules)
        return replace(step_of(placement, ruling, datetime.fromtimestamp(self._now(), UTC)), report=report)

    def _check(self, events: tuple[Event, ...]) -> None:
        if self._shown is not None:
            check_as_shown(events, self._shown)

    def _close(
        self, pipe: Pipeline, one: KeptNearMiss, answer: OperatorAnswer, by: Operator, events: tuple[Event, ...] = ()
    ) -> None:
        now = self._now()
        self.near_misses.close(pipe, one, answer, now)
        entry = AuditEntry(
            who=by.name,
            what="near-miss news" if answer.story else "near-miss dismiss",
            story=answer.story or one.id,
            revision=events[0].data.revision if events else 0,
            reason=answer.reason,
            detail=one.id if answer.story else "",
            via=by.via,
        )
        note_down(pipe, entry, now)


def _answer(told: ToldByOperator, by: Operator, now: float, why: str, story: str) -> OperatorAnswer:
    return OperatorAnswer(
        kind=told.kind,
        by=by.name,
        at=rfc3339(now),
        reason=why,
        number=told.number,
        names=told.names,
        said_by=told.said_by.id,
        occurred_on=told.occurred_on,
        story=story,
    )


def _told(one: KeptNearMiss, given: NewsAnswer) -> ToldByOperator:
    """Raises UnusableCorrection."""
    kind = next((kind for kind in ACTS if kind.value == given.kind), None)
    if kind is None:
        raise UnusableCorrection(f"kind: say which, {' or '.join(kind.value for kind in ACTS)}")
    if given.number is None and not given.names:
        raise UnusableCorrection("say how many, or who: a near miss is never told without number or names")
    if given.number is not None and not 0 < given.number <= _MOST:
        raise UnusableCorrection(f"number takes a whole number from 1 to {_MOST:,}")
    if given.number is not None and given.number < len(given.names):
        raise UnusableCorrection("there are more names than the number says; mend either")
    act = ACTS[kind]
    names = read_correction_request(act.names, list(given.names), None).value if given.names else ()
    day = read_correction_request("occurred_on", given.occurred_on, None).value if given.occurred_on else None
    return ToldByOperator(
        kind,
        given.number,
        names if isinstance(names, tuple) else (),
        _speaker(one, given.said_by),
        day if isinstance(day, str) else None,
    )


def _speaker(one: KeptNearMiss, said_by: str | None) -> Party:
    voice = voice_of(one)
    if said_by is None or said_by == voice.id:
        return voice
    known = {party.id: party for _, party in gazetteer().parties}
    if said_by not in known:
        raise UnusableCorrection(f"nobody is known by that id; there are: {', '.join(sorted(known))}")
    return known[said_by]
