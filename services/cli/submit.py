"""`vestka submit`: hands an article to ingest and says what became of it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Final

import msgspec
import typer
from redis.asyncio import Redis

from services.cli.arguments import AsOf, day, read_bytes
from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.output import Output, OutputOption, say, show_record
from services.egress import EgressError
from services.ingest.articles import UnreadableItem, decode, item_from_page, item_from_text
from services.ingest.configured import open_egress
from services.ingest.intake import Accepted, Intake
from services.ingest.known_parties import KnownParties
from services.ingest.settings import IngestSettings
from services.ingest.sources.base import Item
from services.ingest.sources.kinds import SourcesError, load_names, load_outlets
from services.ingest.store import ReadResult, Results

_MINSK = timezone(timedelta(hours=3))
_FETCH_DEADLINE = 20.0
_MOST_BYTES = 5_000_000


def register(app: typer.Typer) -> None:
    app.command()(submit)


def submit(
    what: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="the article: a file, an address, or - for stdin")],
    as_of: AsOf = None,
    source: Annotated[str, typer.Option(help="the outlet whose text it is, as readers should see it")] = "submitted",
    wait: Annotated[float, typer.Option(min=0, help="seconds to wait for what becomes of it")] = 10.0,
    output: OutputOption = Output.TABLE,
) -> None:
    """Hands an article to ingest. Handing in the same one again changes nothing.

    Example:  vestka submit article.txt --as-of 2024-12-28
              id         it-5f0c…
              duplicate  no
              outcome    new
              story      pardon-20241228-k7q2mx
              event      pardon-20241228-k7q2mx-r1
    """
    settings = settings_or_end(IngestSettings)
    item = _dated(_read(what, source, settings), as_of)

    async def hand_in(redis: Redis) -> tuple[Accepted, ReadResult | None]:
        accepted = await Intake(redis).accept(item)
        return accepted, await _result(Results(redis), accepted.id, wait)

    accepted, result = with_redis(hand_in, settings)
    show_record({**msgspec.to_builtins(accepted), **(msgspec.to_builtins(result) if result else {})}, output)
    if result is None or result.state == "accepted":
        say("Accepted. No ingest has read it yet; it will be read when one runs (vestka run ingest).")
    elif result.outcome == "unreadable":
        raise CliExit(Code.FAILED, result.reason or "it could not be read")
    else:
        _explain(result)


_SAYS: Final = {
    "nothing": "It was read, and tells of no pardon and no arrest in Belarus that is news.",
    "old": "It was read, and nobody is alerted: the news is older than the limits in the release rules. "
    "To read it as on its own day, hand it in with --as-of.",
    "known_act": "It was read, and nobody is alerted: it tells of an act that was known before.",
    "undated": "It waits, since nobody says when it came out. To read it as on its own day, hand it in with --as-of.",
}


def _explain(result: ReadResult) -> None:
    """Why nobody hears of it, where that is so."""
    text = _SAYS.get(result.outcome or "") or _SAYS.get(result.reason or "")
    if text:
        say(text)


def _read(what: str, source: str, settings: IngestSettings) -> Item:
    try:
        if what.startswith(("http://", "https://")):
            return asyncio.run(_fetch(what, settings))
        return _as_claimed(item_from_text(decode(read_bytes(what)), received=datetime.now(UTC)), source, settings)
    except UnreadableItem as error:
        raise CliExit(Code.USAGE, f"{what}: {error}") from None
    except SourcesError as error:
        raise CliExit(Code.USAGE, str(error)) from None


async def _fetch(url: str, settings: IngestSettings) -> Item:
    egress = open_egress(settings)
    try:
        answer = await egress.request("GET", url, deadline=_FETCH_DEADLINE, max_bytes=_MOST_BYTES)
    except EgressError as error:
        raise CliExit(Code.DEPENDENCY_DOWN, f"the page could not be fetched: {error}") from None
    finally:
        await egress.close()
    if answer.status != 200:
        raise CliExit(Code.DEPENDENCY_DOWN, f"the page answered {answer.status}; fetch it yourself and submit the file")
    outlets = load_outlets(settings.sources_file)
    return item_from_page(decode(answer.body), url, received=datetime.now(UTC), outlets=outlets)


def _as_claimed(item: Item, source: str, settings: IngestSettings) -> Item:
    """Under the name that the operator gives it; a known party's is what the text claims, since nobody saw it there."""
    if KnownParties(load_names(settings.sources_file)).is_known(source):
        return replace(item, claims_to_be=source)
    return replace(item, source_name=source)


def _dated(item: Item, as_of: str | None) -> Item:
    today = day(as_of)
    if today is None:
        return replace(item, received=datetime.now(UTC), solicited=True)
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=_MINSK)
    return replace(item, received=noon, as_of=today, solicited=True)


async def _result(results: Results, item_id: str, wait: float) -> ReadResult | None:
    until = time.monotonic() + wait
    while True:
        result = await results.get(item_id)
        if result is None or result.state == "read" or time.monotonic() >= until:
            return result
        await asyncio.sleep(0.1)
