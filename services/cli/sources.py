"""`vestka source`: what we watch, and how it is doing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.output import Output, OutputOption, say, show_rows
from services.ingest.configured import open_egress
from services.ingest.settings import IngestSettings
from services.ingest.sources.kinds import SourcesError, WatchedSource, kind_of, load_sources
from services.ingest.watching.build import open_polite_way
from services.ingest.watching.health import CheckReport, SourceCondition, check, judge
from services.ingest.watching.poll_memory import SourceStates

app = typer.Typer(no_args_is_help=True, help="Sources: what we watch.", rich_markup_mode=None)

SourceId = Annotated[str, typer.Argument(metavar="ID", help="as 'vestka source list' shows it")]


@app.command("list")
def list_sources(
    everything: Annotated[bool, typer.Option("--all", help="those that are not enabled as well")] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Lists the enabled sources and their health.

    Example:  vestka source list
              ID         KIND  CLASS     EVERY  ITEMS  NEWEST                     HEALTH   REASON
              viasna-en  feed  defender  60     20     2024-12-28T10:03:00+03:00  failing  refused: spring96.org …
    """
    settings = settings_or_end(IngestSettings)
    enabled = {source.id for source in _sources(settings)}
    sources = _sources(settings, include_disabled=everything)

    async def work(redis: Redis) -> list[dict[str, Any]]:
        states = SourceStates(redis)
        return [await _row(states, source, source.id in enabled) for source in sources]

    rows = with_redis(work, settings)
    if not rows:
        raise CliExit(Code.NOTHING_MATCHED, f"no source is enabled in {settings.sources_file}")
    show_rows(rows, output)
    if not settings.watch_sources:
        say("VESTKA_WATCH_SOURCES is false: none of them is asked")


@app.command("check")
def check_sources(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help="which; none: every enabled one")] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Asks sources once and says what they gave. A disabled one can be named too. Nothing of it is passed on; a source
    that is well again is soon looked at by whoever watches it, however long it was to be left alone.

    Example:  vestka source check viasna-en
              ID         ITEMS  NEWEST                     TROUBLE
              viasna-en  20     2024-12-28T10:03:00+03:00  -
    """
    settings = settings_or_end(IngestSettings)
    chosen = [_find(settings, one) for one in ids] if ids else _sources(settings)
    if not chosen:
        raise CliExit(Code.NOTHING_MATCHED, f"no source is enabled in {settings.sources_file}")
    reports = asyncio.run(_check_all(chosen))
    show_rows([_report_row(report) for report in reports], output)
    _request_looks_at([report.source_id for report in reports if not report.trouble], settings)
    if any(report.trouble for report in reports):
        raise CliExit(Code.FAILED, "not every source gave what it should")


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


@app.command()
def forget(source_id: SourceId) -> None:
    """Forgets what is remembered of a source: its next answer counts as the first. For a list of prisoners that changed
    so much at once that it was taken for broken, and is right: nothing of that change becomes news.

    Example:  vestka source forget viasna-prisoners
              viasna-prisoners is met as if for the first time
    """
    settings = settings_or_end(IngestSettings)
    _find(settings, source_id)
    with_redis(lambda redis: _forget(SourceStates(redis), source_id), settings)
    say(f"{source_id} is met as if for the first time")


async def _forget(states: SourceStates, source_id: str) -> None:
    await states.forget(source_id)
    await states.request_look(source_id)


def _request_looks_at(source_ids: Sequence[str], settings: IngestSettings) -> None:
    """A look by the watcher itself; without Redis there is none, and the check was all that was asked for."""

    async def work(redis: Redis) -> None:
        for source_id in source_ids:
            await SourceStates(redis).request_look(source_id)

    try:
        if source_ids:
            with_redis(work, settings)
    except CliExit as ended:
        say(f"whoever watches them was not told: {ended}")


async def _check_all(sources: Sequence[WatchedSource]) -> list[CheckReport]:
    return list(await asyncio.gather(*(check(source) for source in sources)))


def _sources(settings: IngestSettings, include_disabled: bool = False) -> tuple[WatchedSource, ...]:
    try:
        turns = open_polite_way(open_egress(settings))
        return load_sources(settings.sources_file, turns, include_disabled=include_disabled)
    except SourcesError as error:
        raise CliExit(Code.USAGE, str(error)) from None


def _find(settings: IngestSettings, source_id: str) -> WatchedSource:
    for source in _sources(settings, include_disabled=True):
        if source.id == source_id:
            return source
    raise CliExit(Code.NOTHING_MATCHED, f"{settings.sources_file} has no source {source_id!r}")


async def _row(states: SourceStates, source: WatchedSource, enabled: bool) -> dict[str, Any]:
    state = await states.load(source.id)
    health = judge(state, datetime.now(UTC), timedelta(seconds=source.quiet_after))
    paused = await states.is_paused(source.id)
    return {
        "id": source.id,
        "kind": kind_of(source),
        "class": source.source_class.value,
        "every": int(source.every),
        "items": state.items,
        "newest": state.newest_item and state.newest_item.isoformat(timespec="seconds"),
        "health": "disabled" if not enabled else SourceCondition.PAUSED if paused else health.condition,
        "reason": health.reason,
    }


def _report_row(report: CheckReport) -> dict[str, Any]:
    return {
        "id": report.source_id,
        "items": report.items,
        "newest": report.newest and report.newest.isoformat(timespec="seconds"),
        "trouble": f"{report.trouble.what}: {report.trouble}" if report.trouble else None,
    }
