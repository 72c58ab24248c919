"""How a verb of `vestka story` is carried out: looked at first, asked about where readers hear of it, and then done."""

from __future__ import annotations

import getpass
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.foreseeing import Trial, counts, look_ahead, trial_text, trial_with_alerts
from services.cli.output import Output, say, show_json
from services.cli.prompts import can_ask, confirmed_or_end
from services.ingest.configured import load_known_acts_file, load_release_rules
from services.ingest.desk.correction_request import UnusableCorrection
from services.ingest.desk.decisions import Decision, Desk, Operator
from services.ingest.desk.documents import decision_document
from services.ingest.desk.foreseen import ChangedMeanwhile
from services.ingest.desk.plain_text import Unusable, read_line
from services.ingest.near_misses.near_miss_store import UnknownNearMiss
from services.ingest.publishing import Publisher, UnknownStory
from services.ingest.release.rules import Rules
from services.ingest.settings import IngestSettings
from services.ingest.stories import Story, WrongState
from services.runtime.settings import SettingsError

AskDesk = Callable[[Any, Operator], Awaitable[Decision]]
"""With the desk of stories or that of near misses: both go on trial, and both do only what was shown."""
DeskOf = Callable[[Redis], Any]
T = TypeVar("T")

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class How:
    """The options that every verb has."""

    by: str | None
    dry_run: bool
    confirm: bool
    output: Output


def decide(ask: AskDesk, how: How, otherwise: Callable[[Decision], str], desk_of: DeskOf | None = None) -> None:
    """Does what is asked, or only shows it. `otherwise`: what to say where nothing is published; `desk_of`: not the
    desk of stories. Raises CliExit."""
    road = _Road(desk_of or _desk_of_stories(), Operator(operator_name(how.by), "cli"))
    if how.dry_run:
        trial = road.foresee(ask)
        _show_trial(trial, how.output)
        return
    if how.confirm:
        _show(road.carry_out(ask), how.output, otherwise)
        return
    trial = road.foresee(ask)
    _ask_about(trial)
    shown = trial.fingerprint
    _show(road.carry_out(lambda desk, who: ask(desk.if_still([shown]), who)), how.output, otherwise)


@dataclass(frozen=True, slots=True)
class _Road:
    desk_of: DeskOf
    who: Operator

    def foresee(self, ask: AskDesk) -> Trial:
        async def work(redis: Redis) -> Trial:
            return await look_ahead(redis, await ask(self.desk_of(redis).on_trial(), self.who))

        return _or_ended(work)

    def carry_out(self, ask: AskDesk) -> Decision:
        async def work(redis: Redis) -> Decision:
            return await ask(self.desk_of(redis), self.who)

        return _or_ended(work)


def _desk_of_stories() -> DeskOf:
    acts, limits = known_acts(), release_rules().limits
    return lambda redis: Desk(Publisher(redis, time.time, acts), time.time, acts, limits)


def _or_ended(work: Callable[[Redis], Coroutine[Any, Any, T]]) -> T:
    try:
        return with_redis(work)
    except UnknownStory as error:
        raise unknown_story(error.args[0]) from None
    except UnknownNearMiss as error:
        said = f"there is no near miss {error.args[0]}; see 'vestka near-miss list'"
        raise CliExit(Code.NOTHING_MATCHED, said) from None
    except UnusableCorrection as error:
        raise CliExit(Code.USAGE, str(error)) from None
    except (WrongState, ChangedMeanwhile) as error:
        raise CliExit(Code.REFUSED, str(error)) from None


def _ask_about(trial: Trial) -> None:
    """Where readers hear nothing of it there is nothing to ask."""
    if not trial.decision.events:
        return
    if can_ask():
        say(trial_text(trial))
        say("")
    confirmed_or_end(
        f"Publish this, and send {trial.deliveries} message{'' if trial.deliveries == 1 else 's'}?",
        confirm=False,
        undone="nothing was done",
        hint=f"it would send {counts(trial)}; add --confirm to do it, or --dry-run to see it first",
    )


def _show_trial(trial: Trial, output: Output) -> None:
    if output is Output.JSON:
        show_json(trial_with_alerts(trial))
    else:
        print(trial_text(trial))


def _show(decision: Decision, output: Output, otherwise: Callable[[Decision], str]) -> None:
    if output is Output.JSON:
        show_json(decision_document(decision))
        return
    for event in decision.events:
        say(f"published {event.id}")
    if not decision.events or (decision.stories and decision.stories[-1].state == "held"):
        say(otherwise(decision))


def known_acts() -> tuple[Story, ...]:
    return _loaded(lambda: load_known_acts_file(settings_or_end(IngestSettings).known_acts_file))


def release_rules() -> Rules:
    """Raises CliExit."""
    return _loaded(lambda: load_release_rules(settings_or_end(IngestSettings).release_rules_file))


def _loaded(load: Callable[[], T]) -> T:
    try:
        return load()
    except SettingsError as error:
        raise CliExit(Code.USAGE, str(error)) from None


def unknown_story(story_id: str) -> CliExit:
    return CliExit(Code.NOTHING_MATCHED, f"there is no story {story_id}; see 'vestka story list'")


def operator_name(by: str | None) -> str:
    """Who decides: as said, as set, or the user that runs the command."""
    given = by or settings_or_end(IngestSettings).operator
    if given:
        try:
            return read_line(given, _LONGEST_NAME)
        except Unusable as error:
            raise CliExit(Code.USAGE, f"--as, VESTKA_OPERATOR: {error}") from None
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no user of that number is known, as in some containers
        raise CliExit(Code.USAGE, "who decides? Say so with --as NAME, or in VESTKA_OPERATOR") from None
