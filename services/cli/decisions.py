"""The verbs by which an operator decides about a story (`vestka story approve` …); each is written to the audit."""

from __future__ import annotations

import getpass
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.endings import Code, Ended
from services.cli.output import Output, OutputOption, say, show_json
from services.ingest.app import load_known_acts_file
from services.ingest.desk.decisions import Decision, Desk, Operator
from services.ingest.desk.documents import decision_document
from services.ingest.desk.wishes import LONGEST_REASON, UnusableWish, read_wish
from services.ingest.publishing import Publisher, UnknownStory
from services.ingest.settings import IngestSettings
from services.ingest.stories import Story, WrongState
from services.ingest.stories.correcting import NAME_FIELDS
from services.runtime.settings import SettingsError

StoryId = Annotated[str, typer.Argument(metavar="ID", help="as 'vestka story list' shows it")]
Reason = Annotated[
    str, typer.Option(help="why; readers of what goes out see it", callback=lambda text: decision_reason(text))
]
MayReason = Annotated[str, typer.Option(help="why, for the audit")]
As = Annotated[str | None, typer.Option("--as", metavar="NAME", help="who decides; default: VESTKA_OPERATOR")]


def register(app: typer.Typer) -> None:
    for verb in (approve, hold, merge, split, correct, retract):
        app.command()(verb)


def approve(story_id: StoryId, reason: MayReason = "", by: As = None, output: OutputOption = Output.TABLE) -> None:
    """Lets a held story go out, with the names in it.

    Example:  vestka story approve arrest-20241203-p2k4vd
              published arrest-20241203-p2k4vd-r1
    """
    decision = _decide(lambda desk, who: desk.approve(who, story_id, reason), by)
    _show(decision, output, "approved; it has no news that readers do not have")


def hold(story_id: StoryId, reason: Reason, by: As = None, output: OutputOption = Output.TABLE) -> None:
    """Holds a story: nothing more of it goes out until it is approved.

    Example:  vestka story hold pardon-20241228-k7q2mx --reason "the number is being checked"
              held
    """
    _show(_decide(lambda desk, who: desk.hold(who, story_id, reason), by), output, "held")


def merge(
    story_id: StoryId,
    other_id: Annotated[str, typer.Argument(metavar="OTHER", help="the same happening; it ends")],
    reason: Reason,
    by: As = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Makes two stories one: the first takes the reports of the other; whoever got the other is told once.

    Example:  vestka story merge pardon-20241228-k7q2mx pardon-20241229-a3b4cd --reason "one decree, told twice"
              published pardon-20241229-a3b4cd-r2
    """
    _show(_decide(lambda desk, who: desk.merge(who, story_id, other_id, reason), by), output, "merged")


def split(
    story_id: StoryId,
    report: Annotated[list[str], typer.Option(metavar="REPORT", help="as 'vestka story show' lists it; repeatable")],
    reason: Reason,
    by: As = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Takes reports out of a story they do not belong to, into one of their own, which is held.

    Example:  vestka story split pardon-20241228-k7q2mx --report rpk7q2mxa3b4cdefgh --reason "that is another decree"
              pardon-20241228-h5j6km is held; 'vestka story approve pardon-20241228-h5j6km' lets it go out
    """
    decision = _decide(lambda desk, who: desk.split(who, story_id, report, reason), by)
    new = decision.stories[-1].id
    _show(decision, output, f"{new} is held; 'vestka story approve {new}' lets it go out")


def correct(
    story_id: StoryId,
    field: Annotated[str, typer.Option(help="which fact, like pardoned, detained, occurred_on or place")],
    value: Annotated[str, typer.Option(help="what it is; 'none' where it is not known; - reads it from stdin")],
    reason: Reason,
    said_by: Annotated[
        str | None, typer.Option(metavar="PARTY", help="who says so, like president; default: we")
    ] = None,
    by: As = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Corrects one fact, over all that reports say; readers are told what changed, and why.

    Names of people come from stdin (--value -), where no list of processes shows them.

    Example:  vestka story correct pardon-20241228-k7q2mx --field pardoned --value 22 --reason "it was misread"
              published pardon-20241228-k7q2mx-r2
    """
    if field in NAME_FIELDS and value not in ("-", "none"):
        raise Ended(
            Code.USAGE, f"{field}: give names on stdin, with --value -, so that no list of processes shows them"
        )
    try:
        wish = read_wish(field, sys.stdin.read() if value == "-" else value, said_by)
    except UnusableWish as error:
        raise Ended(Code.USAGE, str(error)) from None
    decision = _decide(lambda desk, who: desk.correct(who, story_id, wish, reason), by)
    _show(decision, output, "corrected; readers hear of it with the next revision")


def retract(story_id: StoryId, reason: Reason, by: As = None, output: OutputOption = Output.TABLE) -> None:
    """Takes a story back: everybody who got it is told, with the reason.

    Example:  vestka story retract pardon-20241228-k7q2mx --reason "the decree is of last year"
              published pardon-20241228-k7q2mx-r2
    """
    _show(_decide(lambda desk, who: desk.retract(who, story_id, reason), by), output, "retracted; nobody had got it")


def decision_reason(text: str) -> str:
    """Readers and the audit see it, so it says something, and no more than over HTTP. Raises Ended."""
    if not text.strip() or len(text) > LONGEST_REASON:
        raise Ended(Code.USAGE, f"--reason: say why, in at most {LONGEST_REASON:,} characters")
    return text


def known_acts() -> tuple[Story, ...]:
    try:
        return load_known_acts_file(settings_or_end(IngestSettings).known_acts_file)
    except SettingsError as error:
        raise Ended(Code.USAGE, str(error)) from None


def unknown_story(story_id: str) -> Ended:
    return Ended(Code.NOTHING_MATCHED, f"there is no story {story_id}; see 'vestka story list'")


def _decide(ask: Callable[[Desk, Operator], Awaitable[Decision]], by: str | None) -> Decision:
    acts, who = known_acts(), Operator(operator_name(by), "cli")

    async def work(redis: Redis) -> Decision:
        desk = Desk(Publisher(redis, time.time, acts), time.time, acts)
        try:
            return await ask(desk, who)
        except UnknownStory as error:
            raise unknown_story(error.args[0]) from None
        except UnusableWish as error:
            raise Ended(Code.USAGE, str(error)) from None
        except WrongState as error:
            raise Ended(Code.REFUSED, str(error)) from None

    return with_redis(work)


def operator_name(by: str | None) -> str:
    """Who decides: as said, as set, or the user that runs the command."""
    given = by or settings_or_end(IngestSettings).operator
    if given:
        return given
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no user of that number is known, as in some containers
        raise Ended(Code.USAGE, "who decides? Say so with --as NAME, or in VESTKA_OPERATOR") from None


def _show(decision: Decision, output: Output, otherwise: str) -> None:
    if output is Output.JSON:
        show_json(decision_document(decision))
        return
    for event in decision.events:
        say(f"published {event.id}")
    if not decision.events or decision.stories[-1].state == "held":
        say(otherwise)
