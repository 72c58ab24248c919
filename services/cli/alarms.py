"""`vestka alarm`: conditions that need a person."""

from __future__ import annotations

import time
from typing import Annotated

import msgspec
import typer
from redis.asyncio import Redis

from services.cli.connection import with_redis
from services.cli.deciding import operator_name
from services.cli.decisions import As
from services.cli.exits import CliExit, Code
from services.cli.output import Output, OutputOption, say, show_rows
from services.notify.fanout.gaps import know_of_lost
from services.operations.alarms import Alarms
from services.runtime.metrics import Metrics

app = typer.Typer(no_args_is_help=True, help="Alarms: conditions that need a person.", rich_markup_mode=None)


@app.command("list")
def list_alarms(output: OutputOption = Output.TABLE) -> None:
    """Lists the alarms that sound, the oldest first.

    Example:  vestka alarm list
              KIND            ABOUT                   SINCE                     SAYS
              waits_too_long  pardon-20241228-k7q2mx  2024-12-28T11:14:03.120Z  it waits for an operator: …
    """
    alarms = with_redis(lambda redis: _alarms(redis).list())
    if not alarms:
        raise CliExit(Code.NOTHING_MATCHED, "no alarm sounds")
    columns = ("kind", "about", "since", "says")
    show_rows([{name: msgspec.to_builtins(alarm)[name] for name in columns} for alarm in alarms], output)


@app.command("clear")
def clear_alarm(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="as 'vestka alarm list' shows it")],
    about: Annotated[str, typer.Argument(metavar="ABOUT", help="the same")],
    by: As = None,
) -> None:
    """Silences an alarm that is known. It sounds again only when its cause has ended and come back.

    Example:  vestka alarm clear official_silent pardon-20241228-k7q2mx
              silent
    """
    who = operator_name(by)

    async def acknowledge(redis: Redis) -> bool:
        known = await _alarms(redis).acknowledge(kind, about, who)
        if known:
            await know_of_lost(redis, kind)
        return known

    if not with_redis(acknowledge):
        raise CliExit(Code.NOTHING_MATCHED, f"no alarm {kind} sounds about {about}; see 'vestka alarm list'")
    say("silent")


def _alarms(redis: Redis) -> Alarms:
    return Alarms(redis, Metrics(), time.time)
