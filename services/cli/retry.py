"""`vestka retry`: what waits for its next attempt goes now."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.output import say
from services.cli.prompts import can_ask
from services.notify.assembly import ledger_of
from services.notify.channels import CHANNELS
from services.notify.delivery.due_queue import DueQueue
from services.notify.delivery.outage import Outage
from services.notify.fanout.events import Events
from services.notify.opened_vault import vault_of
from services.notify.repair.coming_back import hasten
from services.notify.settings import NotifySettings
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import UnknownSubscriber

_ENDPOINTS = "webhook"


def register(app: typer.Typer) -> None:
    app.command()(retry)


def retry(
    channel: Annotated[str | None, typer.Option(help="email, telegram or webhook: all that waits there")] = None,
    endpoint: Annotated[
        bool,
        typer.Option("--endpoint", help="one endpoint, by its subscriber's number or label on stdin"),
    ] = False,
) -> None:
    """Sends now what waits for its next attempt, for one channel or one endpoint.

    It spends no attempt that would not have been made, and sends nothing twice. A channel that an operator paused, or
    that its far side holds, stays so.

    Example:  vestka retry --channel email
              12 deliveries go now

    Example:  echo newsroom | vestka retry --endpoint
              1 delivery goes now
    """
    if (channel is None) == (not endpoint):
        raise CliExit(Code.USAGE, "say which: --channel NAME, or --endpoint with a number or label on stdin")
    if channel is not None and channel not in CHANNELS:
        raise CliExit(Code.USAGE, f"there is no channel {channel!r}; there are {', '.join(CHANNELS)}")
    whom = _whom() if endpoint else None

    async def work(redis: Redis) -> int:
        number = None if whom is None else (await _subscriber(redis, whom)).number
        name = channel or _ENDPOINTS
        outage, queue = Outage(redis, name), DueQueue(redis, name)
        stood_still = len(await queue.everything()) if number is None and await outage.is_down() else 0
        hastened = await hasten(Events(redis), ledger_of(redis, name), queue, number)
        if number is None:
            await outage.end()
        return max(hastened, stood_still)

    done = with_redis(work)
    if not done:
        raise CliExit(Code.NOTHING_MATCHED, "nothing waits there that is not due already; see 'vestka status'")
    say("1 delivery goes now" if done == 1 else f"{done} deliveries go now")


def _whom() -> str:
    text = typer.prompt("the subscriber's number or label", err=True) if can_ask() else sys.stdin.readline()
    whom = str(text).strip()
    if not whom:
        raise CliExit(Code.USAGE, "stdin names no subscriber: give a number or a label, in one line")
    return whom


async def _subscriber(redis: Redis, whom: str) -> Subscriber:
    """By label first, since a label may be a number as well. What was typed is not repeated: it may be an address."""
    vault = vault_of(redis, settings_or_end(NotifySettings))
    found = await vault.by_label(whom)
    try:
        found = found or (await vault.get(int(whom)) if whom.isascii() and whom.isdigit() else None)
    except UnknownSubscriber:
        found = None
    if found is None:
        raise CliExit(Code.NOTHING_MATCHED, "no subscriber has this number or label; see 'vestka subscriber list'")
    return found
