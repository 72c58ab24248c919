"""`vestka story`: what ingest knows of each happening; what an operator decides about it stands in `decisions`."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer
from redis.asyncio import Redis

from services.cli import decisions
from services.cli.connection import with_redis
from services.cli.deciding import known_acts, unknown_story
from services.cli.decisions import StoryArgument
from services.cli.exits import CliExit, Code
from services.cli.output import Output, OutputOption, show_json, show_rows
from services.ingest.desk.documents import Background, story_whole
from services.ingest.desk.overdue import waiting_since
from services.ingest.evidence import EvidenceStore
from services.ingest.store import Reports, Stories
from services.ingest.stories import Story
from services.ingest.watching.removals import Removals
from services.runtime.clock import rfc3339

app = typer.Typer(
    no_args_is_help=True, help="Stories: what several reports agree is one happening.", rich_markup_mode=None
)


@app.command("list")
def list_stories(
    held: Annotated[bool, typer.Option("--held", help="only those that wait for an operator")] = False,
    known: Annotated[bool, typer.Option("--known", help="the acts that were known before")] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Lists the stories that a new report may still join; those that wait show since when.

    Example:  vestka story list --held
              ID                      STATE  REVISION  REPORTS  CERTAINTY  WAITS FOR           SINCE  AGE
              arrest-20241203-p2k4vd  held   0         1        reported   media_origins_only  2024…  1h 20m
    """
    acts = known_acts()

    async def work(redis: Redis) -> list[Story]:
        stories = Stories(redis, acts)
        return await (stories.preexisting() if known else stories.open())

    rows = [_row(story, time.time()) for story in with_redis(work) if not held or story.state == "held"]
    if not rows:
        raise CliExit(Code.NOTHING_MATCHED, "no story waits" if held else "there is no story yet")
    show_rows(rows, output)


@app.command("show")
def show_story(story_id: StoryArgument) -> None:
    """Shows everything ingest knows of one story, and the reports it is made of.

    Example:  vestka story show pardon-20241228-k7q2mx
              {"id": "pardon-20241228-k7q2mx", "state": "open", "facts": {"pardoned": 20, …}, …}
    """
    acts = known_acts()

    async def work(redis: Redis) -> dict[str, Any]:
        story = await Stories(redis, acts).get(story_id)
        if story is None:
            raise unknown_story(story_id)
        reports = await Reports(redis).of(story)
        now, sources = time.time(), [report.source for report in reports.values()]
        background = Background(
            await Removals(redis).dates(source.url for source in sources),
            await EvidenceStore(redis).of((source.evidence for source in sources), now),
        )
        return story_whole(story, reports.values(), now, background)

    show_json(with_redis(work))


decisions.register(app)


def _row(story: Story, now: float) -> dict[str, Any]:
    since = waiting_since(story)
    return {
        "id": story.id,
        "state": story.state,
        "revision": story.revision,
        "reports": len(story.report_ids),
        "certainty": story.certainty.value,
        "waits for": story.hold.reason if story.hold else None,
        "since": since and rfc3339(since),
        "age": since and age(now - since),
    }


def age(seconds: float) -> str:
    """Days and hours, or hours and minutes: whatever somebody who waits would say."""
    minutes = max(0, int(seconds)) // 60
    hours, days = minutes // 60, minutes // (24 * 60)
    return f"{days}d {hours % 24}h" if days else f"{hours}h {minutes % 60}m"
