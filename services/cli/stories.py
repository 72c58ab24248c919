"""`vestka story`: what ingest knows of each happening, and what an operator decides about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.endings import Code, Ended
from services.cli.output import Output, OutputOption, say, show_json, show_rows
from services.ingest.app import load_known_acts_file
from services.ingest.publishing import Publisher
from services.ingest.settings import IngestSettings
from services.ingest.store import Stories
from services.ingest.stories import Step, Story, WrongState, approve, hold, retract
from services.runtime.settings import SettingsError

app = typer.Typer(
    no_args_is_help=True, help="Stories: what several reports agree is one happening.", rich_markup_mode=None
)

StoryId = Annotated[str, typer.Argument(metavar="ID")]
Reason = Annotated[str, typer.Option(help="why; readers of a retraction see it")]


@app.command("list")
def list_stories(
    held: Annotated[bool, typer.Option("--held", help="only those that wait for an operator")] = False,
    known: Annotated[bool, typer.Option("--known", help="the acts that were known before")] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Lists the stories that a new report may still join.

    Example:  vestka story list --held
              ID                      STATE  REVISION  REPORTS  WAITS FOR
              arrest-20241203-p2k4vd  held   0         1        person_named_by_media_only
    """
    acts = _known_acts()

    async def work(redis: Redis) -> list[Story]:
        stories = Stories(redis, acts)
        return await (stories.known() if known else stories.open())

    rows = [_row(story) for story in with_redis(work) if not held or story.state == "held"]
    if not rows:
        raise Ended(Code.NOTHING_MATCHED, "no story waits" if held else "there is no story yet")
    show_rows(rows, output)


@app.command("show")
def show_story(story_id: StoryId) -> None:
    """Shows everything ingest knows of one story.

    Example:  vestka story show pardon-20241228-k7q2mx
              {"id": "pardon-20241228-k7q2mx", "state": "open", "facts": {"pardoned": 20, …}, …}
    """
    acts = _known_acts()

    async def work(redis: Redis) -> Story:
        story = await Stories(redis, acts).get(story_id)
        if story is None:
            raise _unknown(story_id)
        return story

    show_json(msgspec.to_builtins(with_redis(work)))


@app.command("approve")
def approve_story(story_id: StoryId) -> None:
    """Lets a held story go out, with the names in it.

    Example:  vestka story approve arrest-20241203-p2k4vd
              published arrest-20241203-p2k4vd-r1
    """
    _amend(
        story_id, lambda story: approve(story, datetime.now(UTC)), "approved; it has no news that readers do not have"
    )


@app.command("hold")
def hold_story(story_id: StoryId, reason: Reason) -> None:
    """Holds a story: nothing more of it goes out until it is approved.

    Example:  vestka story hold pardon-20241228-k7q2mx --reason "the number is being checked"
              held
    """
    _amend(story_id, lambda story: Step(hold(story, reason, datetime.now(UTC), by_operator=True)), "held")


@app.command("retract")
def retract_story(story_id: StoryId, reason: Reason) -> None:
    """Takes a story back: everybody who got it is told, with the reason.

    Example:  vestka story retract pardon-20241228-k7q2mx --reason "the decree is of last year"
              published pardon-20241228-k7q2mx-r2
    """
    _amend(story_id, lambda story: retract(story, reason, datetime.now(UTC)), "retracted; nobody had got it")


def _amend(story_id: str, change: Callable[[Story], Step], otherwise: str) -> None:
    acts = _known_acts()

    async def work(redis: Redis) -> str | None:
        try:
            event = await Publisher(redis, time.time, acts).amend(story_id, change)
        except KeyError:
            raise _unknown(story_id) from None
        except WrongState as error:
            raise Ended(Code.REFUSED, str(error)) from None
        return event.id if event else None

    event_id = with_redis(work)
    say(f"published {event_id}" if event_id else otherwise)


def _known_acts() -> tuple[Story, ...]:
    try:
        return load_known_acts_file(settings_or_end(IngestSettings).known_acts_file)
    except SettingsError as error:
        raise Ended(Code.USAGE, str(error)) from None


def _row(story: Story) -> dict[str, Any]:
    return {
        "id": story.id,
        "state": story.state,
        "revision": story.revision,
        "reports": len(story.report_ids),
        "certainty": story.certainty.value,
        "waits for": story.hold_reason,
    }


def _unknown(story_id: str) -> Ended:
    return Ended(Code.NOTHING_MATCHED, f"there is no story {story_id}; see 'vestka story list'")
