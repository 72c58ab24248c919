"""`vestka near-miss`: what reading was not sure to be news, and the two answers to it."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.deciding import DeskOf, How, decide, known_acts, release_rules
from services.cli.decisions import As, Confirm, DryRun, MayReason, decision_reason
from services.cli.exits import CliExit, Code
from services.cli.output import Output, OutputOption, show_json, show_record, show_rows
from services.cli.stories import age
from services.ingest.desk.decisions import Decision
from services.ingest.desk.near_miss_desk import NearMissDesk, NewsAnswer
from services.ingest.desk.near_miss_documents import near_miss_row, near_miss_whole
from services.ingest.near_misses.kept_near_miss import KeptNearMiss
from services.ingest.near_misses.near_miss_store import NearMisses
from services.ingest.publishing import Publisher
from services.ingest.settings import IngestSettings

app = typer.Typer(
    no_args_is_help=True, help="Near misses: what reading was not sure to be news.", rich_markup_mode=None
)
NearMissArgument = Annotated[str, typer.Argument(metavar="ID", help="as 'vestka near-miss list' shows it")]
_SHOWN = 80
"""Characters of the sentence in a table."""


@app.command("list")
def list_near_misses(output: OutputOption = Output.TABLE) -> None:
    """Lists what waits for an answer, the oldest first.

    Example:  vestka near-miss list
              ID               AGE    SOURCE       LANGUAGE  SEEN    VETOED BY   SENTENCE
              nm-4f1c2a9b03de  2h 5m  sample-wire  en        arrest  background  In May police detained …
    """

    async def work(redis: Redis) -> list[KeptNearMiss]:
        return await _store(redis).waiting(time.time())

    found = with_redis(work)
    if not found:
        raise CliExit(Code.NOTHING_MATCHED, "no near miss waits")
    rows = [near_miss_row(one, time.time()) for one in found]
    if output is Output.JSON:
        show_json(rows)
        return
    show_rows(
        [
            {
                "id": row["id"],
                "age": age(row["waiting_seconds"] or 0),
                "source": row["source"],
                "language": row["language"],
                "seen": row["seen"],
                "vetoed by": row["vetoed_by"],
                "sentence": _short(row["sentence"]),
            }
            for row in rows
        ],
        output,
    )


@app.command("show")
def show_near_miss(near_miss_id: NearMissArgument, output: OutputOption = Output.TABLE) -> None:
    """Shows one with its article: what was seen, what vetoed it, and the answer once there is one.

    Example:  vestka near-miss show nm-4f1c2a9b03de
              id         nm-4f1c2a9b03de
              seen       arrest
              vetoed_by  background
              …
    """

    async def work(redis: Redis) -> KeptNearMiss | None:
        return await _store(redis).find(near_miss_id)

    one = with_redis(work)
    if one is None:
        raise CliExit(Code.NOTHING_MATCHED, f"there is no near miss {near_miss_id}; see 'vestka near-miss list'")
    show_record(near_miss_whole(one, time.time()), output)


@app.command()
def news(
    near_miss_id: NearMissArgument,
    kind: Annotated[str, typer.Option(help="pardon or arrest")],
    number: Annotated[int | None, typer.Option(help="how many people the act touched")] = None,
    names: Annotated[str | None, typer.Option(help="- reads their names from stdin, with commas between")] = None,
    said_by: Annotated[
        str | None, typer.Option(metavar="PARTY", help="who says so, like viasna; default: the source itself")
    ] = None,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="the day of the act, like 2024-12-28")] = None,
    reason: MayReason = "",
    by: As = None,
    dry_run: DryRun = False,
    confirm: Confirm = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Says that it is news: it becomes a report, and a story by the normal road.

    It needs --number or --names. Names come from stdin (--names -), where no list of processes shows them.

    Example:  vestka near-miss news nm-4f1c2a9b03de --kind arrest --number 6 --said-by viasna --confirm
              published arrest-20241227-k7q2mx-r1
    """
    if names not in (None, "-"):
        raise CliExit(Code.USAGE, "names: give them on stdin, with --names -, so that no list of processes shows them")
    given = tuple(one.strip() for one in sys.stdin.read().replace("\n", ",").split(",")) if names else ()
    answer = NewsAnswer(kind, number, tuple(one for one in given if one), said_by, on)
    decide(
        lambda desk, who: desk.news(who, near_miss_id, answer, reason),
        How(by, dry_run, confirm, output),
        _became,
        _desk_of(),
    )


@app.command()
def dismiss(
    near_miss_id: NearMissArgument,
    reason: Annotated[str, typer.Option(help="why it is no news", callback=lambda text: decision_reason(text))],
    by: As = None,
    dry_run: DryRun = False,
    confirm: Confirm = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Says that it is no news, and why; nobody hears of it, and it is kept as an example.

    Example:  vestka near-miss dismiss nm-4f1c2a9b03de --reason "an arrest of last year"
              dismissed
    """
    how = How(by, dry_run, confirm, output)
    decide(lambda desk, who: desk.dismiss(who, near_miss_id, reason), how, lambda _: "dismissed", _desk_of())


def _became(decision: Decision) -> str:
    story = decision.stories[-1]
    if story.state == "held":
        return f"{story.id} is held; 'vestka story approve {story.id}' lets it go out"
    return f"{story.id} has it; it has no news that readers are told by itself"


def _desk_of() -> DeskOf:
    acts, rules, settings = known_acts(), release_rules(), settings_or_end(IngestSettings)
    return lambda redis: NearMissDesk(
        Publisher(redis, time.time, acts), _store(redis), rules, time.time, settings.story_window_days
    )


def _store(redis: Redis) -> NearMisses:
    return NearMisses(redis, settings_or_end(IngestSettings).retention)


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= _SHOWN else sentence[: _SHOWN - 1] + "…"
