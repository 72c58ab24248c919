"""`vestka event`: what stands on the events stream."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer
from redis.asyncio import Redis

from services.cli.arguments import Since, Until, time_span
from services.cli.connection import with_redis
from services.cli.exits import CliExit, Code
from services.cli.output import Output, OutputOption, show_json, show_rows
from services.contract import document
from services.notify.assembly import ledger_of
from services.notify.channels import CHANNELS
from services.notify.fanout.events import Events, Published

app = typer.Typer(no_args_is_help=True, help="Events: what was announced, updated or retracted.", rich_markup_mode=None)


@app.command("list")
def list_events(
    since: Since = None,
    until: Until = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Lists events, the oldest first.

    Example:  vestka event list --since 24h
              SEQUENCE  TIME                      TYPE              CERTAINTY  ID
              1         2024-12-28T09:14:03.120Z  pardon.announced  reported   pardon-20241228-k7q2mx-r1
    """
    first, last = time_span(since, until, time.time())

    async def work(redis: Redis) -> list[dict[str, Any]]:
        return [_row(one) async for one in Events(redis).between(first, last)]

    rows = with_redis(work)
    if not rows:
        raise CliExit(
            Code.NOTHING_MATCHED, "there is no event yet" if first is last is None else "there is no event of that time"
        )
    show_rows(rows, output)


@app.command("show")
def show_event(event_id: Annotated[str, typer.Argument(metavar="ID", help="as 'vestka event list' shows it")]) -> None:
    """Shows one event as it stands on the stream, and how many deliveries are in which state.

    Example:  vestka event show pardon-20241228-k7q2mx-r1
              {"entry": "1735377243120-0", "event": {"id": …}, "deliveries": {"email": {"sent": 12}}}
    """

    async def work(redis: Redis) -> dict[str, Any]:
        found = await Events(redis).by_id(event_id)
        if found is None:
            raise CliExit(Code.NOTHING_MATCHED, f"there is no event {event_id}; see 'vestka event list'")
        return {
            "entry": found.entry,
            "event": document(found.event),
            "deliveries": {name: await _states(redis, name, event_id) for name in CHANNELS},
        }

    show_json(with_redis(work))


def _row(published: Published) -> dict[str, Any]:
    event = published.event
    return {
        "sequence": event.data.sequence,
        "time": event.time,
        "type": event.type.value,
        "certainty": event.data.certainty.value,
        "id": event.id,
    }


async def _states(redis: Redis, channel: str, event_id: str) -> dict[str, int]:
    states: dict[str, int] = {}
    for record in (await ledger_of(redis, channel).records(event_id)).values():
        states[record.state.value] = states.get(record.state.value, 0) + 1
    return states
