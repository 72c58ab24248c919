"""`vestka audit`: who decided what, and why."""

from __future__ import annotations

import time
from typing import Annotated, Any

import msgspec
import typer

from services.cli.arguments import Since, Until, time_span
from services.cli.connection import with_redis
from services.cli.exits import CliExit, Code
from services.cli.output import Output, OutputOption, show_rows
from services.operations.audit import AUDIT, REPORTS_AUDIT, Audit

app = typer.Typer(no_args_is_help=True, help="The audit: who decided what, and why.", rich_markup_mode=None)

_COLUMNS = ("at", "who", "via", "what", "story", "revision", "reason", "detail")


@app.callback()
def audit() -> None:
    """The audit: who decided what, and why."""


@app.command("list")
def list_entries(
    story: Annotated[str | None, typer.Option(metavar="ID", help="only of this story, or of a partner's item")] = None,
    since: Since = None,
    until: Until = None,
    reports: Annotated[bool, typer.Option("--reports", help="what partners handed in, instead of decisions")] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Lists what operators decided, or what partners handed in; the oldest first.

    Example:  vestka audit list --since 24h
              AT                        WHO    VIA  WHAT     STORY                   REVISION  REASON   DETAIL
              2024-12-28T09:20:11.000Z  maria  cli  retract  pardon-20241228-k7q2mx  2         a hoax   -
              vestka audit list --reports --story it-5f0c…
    """
    first, last = time_span(since, until, time.time())
    of = REPORTS_AUDIT if reports else AUDIT
    entries = with_redis(lambda redis: Audit(redis).entries(story=story, since=first, until=last, of=of))
    if not entries:
        what = "no partner handed in anything" if reports else "nobody has decided anything"
        raise CliExit(Code.NOTHING_MATCHED, f"{what} of that kind")
    rows: list[dict[str, Any]] = [msgspec.structs.asdict(entry) for entry in entries]
    show_rows([{name: row[name] for name in _COLUMNS} for row in rows], output)
