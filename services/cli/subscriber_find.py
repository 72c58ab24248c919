"""`vestka subscriber find`: whose an address is, without showing one."""

from __future__ import annotations

import sys

from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.output import Output, OutputOption, show_rows
from services.cli.prompts import ask, can_ask
from services.cli.subscriber_access import open_vault
from services.notify.channels import CHANNELS
from services.notify.settings import NotifySettings
from services.subscribers.subscriber import Subscriber


def find(output: OutputOption = Output.TABLE) -> None:
    """Asks for an address, or a label, and says whose it is. Neither is shown, and neither may be an argument.

    On a terminal you are asked; else it is the first line of stdin. An address may be written in any form and letter
    case. Ends with 3 where nobody has it.

    Example:  vestka subscriber find
              Address or label (not shown):
              NUMBER  ACTIVE  CHANNEL
              7       yes     email
    """
    settings = settings_or_end(NotifySettings)
    typed = _typed()
    rows = with_redis(lambda redis: _found(redis, settings, typed), settings)
    if not rows:
        raise CliExit(Code.NOTHING_MATCHED, "no subscriber has this address, and none this label")
    show_rows(rows, output)


def _typed() -> str:
    if can_ask():
        return ask("Address or label (not shown)", _something, hidden=True)
    try:
        return _something(sys.stdin.buffer.readline().decode("utf-8-sig").strip())
    except UnicodeDecodeError:
        raise CliExit(Code.USAGE, "stdin: is not text in UTF-8") from None
    except ValueError as error:
        raise CliExit(Code.USAGE, f"stdin: {error}") from None


def _something(typed: str) -> str:
    if not typed:
        raise ValueError("give an address or a label, in one line")
    return typed


async def _found(redis: Redis, settings: NotifySettings, typed: str) -> list[dict[str, object]]:
    vault = await open_vault(redis, settings)
    rows = [
        _row(owner, channel) for channel in CHANNELS if (owner := await vault.by_address(channel, typed)) is not None
    ]
    labelled = await vault.by_label(typed)
    return rows or ([_row(labelled, None)] if labelled is not None else [])


def _row(subscriber: Subscriber, channel: str | None) -> dict[str, object]:
    return {"number": subscriber.number, "active": subscriber.active, "channel": channel}
