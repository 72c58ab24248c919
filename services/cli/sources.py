"""`vestka source`: what we watch, and how it is doing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.endings import Code, Ended
from services.cli.output import Output, OutputOption, say, show_rows
from services.ingest.app import open_egress
from services.ingest.settings import IngestSettings
from services.ingest.source_health import CheckReport, check, judge
from services.ingest.source_memory import SourceStates
from services.ingest.sources import Source, SourcesError, load_sources

app = typer.Typer(no_args_is_help=True, help="Sources: what we watch.", rich_markup_mode=None)

SourceId = Annotated[str, typer.Argument(metavar="ID", help="as 'vestka source list' shows it")]


@app.command("list")
def list_sources(output: OutputOption = Output.TABLE) -> None:
    """Lists the enabled sources and their health.

    Example:  vestka source list
              ID         CLASS     EVERY  HEALTH   REASON
              viasna-en  defender  60     failing  status: the site answered 403 …
    """
    settings = settings_or_end(IngestSettings)
    sources = _sources(settings)

    async def work(redis: Redis) -> list[dict[str, Any]]:
        states = SourceStates(redis)
        return [await _row(states, source) for source in sources]

    rows = with_redis(work, settings)
    if not rows:
        raise Ended(Code.NOTHING_MATCHED, f"no source is enabled in {settings.sources_file}")
    show_rows(rows, output)


@app.command("check")
def check_sources(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help="which; none: every enabled one")] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Asks sources once, remembers nothing, and says what they gave. A disabled one can be named too.

    Example:  vestka source check viasna-en
              ID         ITEMS  NEWEST                     TROUBLE
              viasna-en  20     2024-12-28T10:03:00+03:00  -
    """
    settings = settings_or_end(IngestSettings)
    chosen = [_find(settings, one) for one in ids] if ids else _sources(settings)
    if not chosen:
        raise Ended(Code.NOTHING_MATCHED, f"no source is enabled in {settings.sources_file}")
    reports = asyncio.run(_check_all(chosen))
    show_rows([_report_row(report) for report in reports], output)
    if any(report.trouble for report in reports):
        raise Ended(Code.FAILED, "not every source gave what it should")


@app.command()
def pause(source_id: SourceId) -> None:
    """Asks a source no more until it is resumed.

    Example:  vestka source pause viasna-en
              viasna-en is paused
    """
    settings = settings_or_end(IngestSettings)
    _find(settings, source_id)
    with_redis(lambda redis: SourceStates(redis).pause(source_id), settings)
    say(f"{source_id} is paused")


@app.command()
def resume(source_id: SourceId) -> None:
    """Asks a source again.

    Example:  vestka source resume viasna-en
              viasna-en is watched again
    """
    settings = settings_or_end(IngestSettings)
    _find(settings, source_id)
    with_redis(lambda redis: SourceStates(redis).resume(source_id), settings)
    say(f"{source_id} is watched again")


async def _check_all(sources: Sequence[Source]) -> list[CheckReport]:
    return list(await asyncio.gather(*(check(source) for source in sources)))


def _sources(settings: IngestSettings, include_disabled: bool = False) -> tuple[Source, ...]:
    try:
        return load_sources(settings.sources_file, open_egress(settings), include_disabled=include_disabled)
    except SourcesError as error:
        raise Ended(Code.USAGE, str(error)) from None


def _find(settings: IngestSettings, source_id: str) -> Source:
    for source in _sources(settings, include_disabled=True):
        if source.id == source_id:
            return source
    raise Ended(Code.NOTHING_MATCHED, f"{settings.sources_file} has no source {source_id!r}")


async def _row(states: SourceStates, source: Source) -> dict[str, Any]:
    health = judge(await states.load(source.id), datetime.now(UTC))
    paused = await states.is_paused(source.id)
    return {
        "id": source.id,
        "class": source.source_class.value,
        "every": int(source.every),
        "health": "paused" if paused else health.condition.value,
        "reason": health.reason,
    }


def _report_row(report: CheckReport) -> dict[str, Any]:
    return {
        "id": report.source_id,
        "items": report.items,
        "newest": report.newest.isoformat() if report.newest else None,
        "trouble": f"{report.trouble.what}: {report.trouble}" if report.trouble else None,
    }
