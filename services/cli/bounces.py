"""`vestka bounces`: takes in what came back to our sender, from a file or stdin, or from its mailbox."""

from __future__ import annotations

import time
from collections import Counter
from typing import Annotated

import typer
from redis.asyncio import Redis

from services.cli.arguments import read_bytes
from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.keys import references_or_end
from services.cli.output import Output, OutputOption, show_record
from services.notify.bounces.bounce_desk import BounceDesk
from services.notify.bounces.bounce_mailbox import MailboxAway, empty_mailbox
from services.notify.opened_vault import vault_of
from services.notify.settings import NotifySettings
from services.operations.alarms import Alarms
from services.runtime.metrics import Metrics

_DID_NOTHING = {"unmatched", "nothing", "no_report"}


def register(app: typer.Typer) -> None:
    app.command()(bounces)


def bounces(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="one message, as a mail server pipes it")] = "-",
    mailbox: Annotated[bool, typer.Option("--mailbox", help="empty the mailbox of VESTKA_BOUNCES__… instead")] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Takes in what came back to our sender: letters not delivered, complaints.

    An address that does not exist ends, one that fails three times in three days pauses, a complaint ends it, and what
    speaks of us is an alarm. It counts only where a letter of ours came back, which is known by its Message-ID. Shows
    what was done, never whom it was about; with exit code 3 where nothing was.

    Example:  vestka bounces < returned.eml
              ended  1
    """
    settings = settings_or_end(NotifySettings)
    if mailbox and settings.bounces is None:
        raise CliExit(Code.USAGE, "no mailbox is configured: set VESTKA_BOUNCES__HOST, __USERNAME and __PASSWORD")
    raw = b"" if mailbox else read_bytes(file)

    async def work(redis: Redis) -> dict[str, int]:
        desk = await _desk(redis, settings)
        if settings.bounces is None or not mailbox:
            return Counter([await desk.take(raw)])
        try:
            return await empty_mailbox(settings.bounces, desk.take)
        except MailboxAway as error:
            raise CliExit(Code.DEPENDENCY_DOWN, str(error)) from None

    done = with_redis(work, settings)
    if done:
        show_record(dict(done), output)
    if not done.keys() - _DID_NOTHING:
        raise CliExit(Code.NOTHING_MATCHED, "nothing was done: no report about a letter of ours to somebody we know")


async def _desk(redis: Redis, settings: NotifySettings) -> BounceDesk:
    metrics = Metrics()
    references = await references_or_end(redis, settings)
    alarms = Alarms(redis, metrics, time.time)
    return BounceDesk(redis, vault_of(redis, settings), references, alarms, metrics, time.time)
