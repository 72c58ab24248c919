"""`vestka template test-send`: a test message to whoever asked for tests, over the road that alerts take."""

from __future__ import annotations

import time
from typing import Annotated

import typer
from redis.asyncio import Redis

from services.cli.connection import with_redis
from services.cli.exits import CliExit, Code
from services.cli.foreseeing import Trial, counts, look_ahead
from services.cli.output import say
from services.cli.prompts import confirmed_or_end
from services.contract import Event
from services.ingest.desk.decisions import Decision
from services.ingest.publishing import Publisher
from services.ingest.system_test import system_test


def send_test(
    confirm: Annotated[bool, typer.Option("--confirm", help="send it without asking")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say how many would get it")] = False,
) -> None:
    """Sends a test to the subscribers who asked for tests, and to nobody else; subject, first line and body say so.

    Example:  vestka template test-send --confirm
              published test-1735400000000-r1 to 2 readers (email 1, telegram 1, webhook 0)
    """
    trial = with_redis(_foresee)
    if not trial.deliveries:
        raise CliExit(Code.NOTHING_MATCHED, "nobody asked for tests: see 'tests' in 'vestka subscriber edit --help'")
    whom = counts(trial).partition(" to ")[2]
    if dry_run:
        say(f"a test would go to {whom}")
        return
    hint = f"it would go to {whom}; add --confirm to send it, or --dry-run to see how many"
    confirmed_or_end(f"Send a test to {whom}?", confirm=confirm, undone="nothing was sent", hint=hint)
    event = with_redis(_send)
    say(f"published {event.id} to {whom}")


async def _foresee(redis: Redis) -> Trial:
    return await look_ahead(redis, Decision((), (system_test(1, time.time()),)))


async def _send(redis: Redis) -> Event:
    return await Publisher(redis, time.time).test()
