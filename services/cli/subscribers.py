"""`vestka subscriber`: who wants to hear what. No address is ever an argument, and none is ever shown."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any

import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit as CliExit
from services.cli.exits import Code
from services.cli.keys import references_or_end
from services.cli.output import Output, OutputOption, say, show_record, show_rows
from services.cli.prompts import confirmed_or_end
from services.cli.subscriber_access import subscriber_or_end
from services.cli.subscriber_add import add
from services.cli.subscriber_edit import SubscriberNumber, edit
from services.cli.subscriber_export import export
from services.cli.subscriber_find import find
from services.cli.subscriber_import import import_lines
from services.notify.channels import CHANNELS
from services.notify.opened_vault import vault_of
from services.notify.references import References
from services.notify.settings import NotifySettings
from services.subscribers.habits import FREQUENCIES, quiet_text
from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.subscriber import Subscriber

app = typer.Typer(no_args_is_help=True, help="Subscribers: who wants to hear what.", rich_markup_mode=None)

app.command()(add)
app.command()(find)


@app.command("list")
def list_subscribers(output: OutputOption = Output.TABLE) -> None:
    """Lists subscribers by number, without addresses and without what they follow.

    ALARMS SAY is what an alarm about somebody's endpoint calls it.

    Example:  vestka subscriber list
              NUMBER  ACTIVE  LANGUAGE  CHANNELS  ALARMS SAY
              7       yes     ru        webhook   webhook-k7q2mxab
    """
    settings = settings_or_end(NotifySettings)
    rows = with_redis(lambda redis: _rows(redis, settings), settings)
    if not rows:
        raise CliExit(Code.NOTHING_MATCHED, "there is no subscriber yet; see 'vestka subscriber add --help'")
    show_rows(rows, output)


@app.command()
def show(number: SubscriberNumber, output: OutputOption = Output.TABLE) -> None:
    """Shows what an operator may know of a subscriber; a label only of one that has an endpoint.

    Example:  vestka subscriber show 7
              number      7
              active      yes
              language    ru
              mode        discreet
              channels    email
              alarms say  -
              since       2024-12-28T09:14:03.120Z
              interests   2
              how often   at_once, daily
              quiet       22:00-07:00
              updates     yes
              encrypted   yes
              bot         -
              label       -
    """
    settings = settings_or_end(NotifySettings)
    show_record(with_redis(lambda redis: _record(redis, settings, number), settings), output)


app.command()(edit)


@app.command()
def pause(number: SubscriberNumber) -> None:
    """Stops sending to a subscriber until 'vestka subscriber resume'.

    Example:  vestka subscriber pause 7
              7 gets nothing more
    """
    settings = settings_or_end(NotifySettings)
    with_redis(lambda redis: _pause(redis, settings, number), settings)
    say(f"{number} gets nothing more")


@app.command()
def resume(number: SubscriberNumber) -> None:
    """Sends to a subscriber again, also to an address that had ended.

    Example:  vestka subscriber resume 7
              7 gets alerts again
    """
    settings = settings_or_end(NotifySettings)
    with_redis(lambda redis: _resume(redis, settings, number), settings)
    say(f"{number} gets alerts again")


@app.command()
def erase(
    number: SubscriberNumber, yes: Annotated[bool, typer.Option("--confirm", help="do it without asking")] = False
) -> None:
    """Removes a subscriber and everything stored of them. It cannot be undone.

    Example:  vestka subscriber erase 7 --confirm
              7 is erased
    """
    confirmed_or_end(
        f"Erase subscriber {number} for good?", confirm=yes, undone="nothing was erased", hint="add --confirm"
    )

    settings = settings_or_end(NotifySettings)

    async def work(redis: Redis) -> None:
        vault = vault_of(redis, settings)
        with suppress(UnreadableRecord):  # what does not open any more can still be erased
            await subscriber_or_end(vault, number)
        await vault.erase(number)

    with_redis(work, settings)
    say(f"{number} is erased")


app.command("import")(import_lines)
app.command()(export)


async def _rows(redis: Redis, settings: NotifySettings) -> list[dict[str, Any]]:
    references = await _references(redis, settings)
    return [_row(one, references) for one in await vault_of(redis, settings).everybody()]


async def _record(redis: Redis, settings: NotifySettings, number: int) -> dict[str, Any]:
    subscriber = await subscriber_or_end(vault_of(redis, settings), number)
    label = subscriber.label if _endpoints(subscriber) else None
    return {
        **_row(subscriber, await _references(redis, settings)),
        "interests": len(subscriber.interests),
        "how often": [one for one in FREQUENCIES if any(one == each.frequency for each in subscriber.interests)],
        "quiet": None if subscriber.quiet is None else quiet_text(subscriber.quiet),
        "updates": subscriber.updates,
        "encrypted": any(one.openpgp for one in subscriber.addresses if one.ended is None),
        "bot": next((one.bot for one in subscriber.addresses if one.bot is not None), None),
        "label": label,
    }


async def _references(redis: Redis, settings: NotifySettings) -> References | None:
    """None without the key that notify runs with: then nobody's tag can be told."""
    try:
        return await references_or_end(redis, settings)
    except CliExit:
        return None


async def _pause(redis: Redis, settings: NotifySettings, number: int) -> None:
    await subscriber_or_end(vault_of(redis, settings), number)
    await vault_of(redis, settings).set_active(number, False)


async def _resume(redis: Redis, settings: NotifySettings, number: int) -> None:
    await subscriber_or_end(vault_of(redis, settings), number)
    await vault_of(redis, settings).resume(number)


def _row(subscriber: Subscriber, references: References | None) -> dict[str, Any]:
    return {
        "number": subscriber.number,
        "active": subscriber.active,
        "language": subscriber.language,
        "mode": subscriber.mode,
        "channels": [one.channel + (f" (ended: {one.ended})" if one.ended else "") for one in subscriber.addresses],
        "alarms say": _tag(subscriber, references),
        "since": subscriber.since,
    }


def _tag(subscriber: Subscriber, references: References | None) -> str | None:
    """Of an endpoint only: no alarm is about one reader's mailbox or chat."""
    own = _endpoints(subscriber)
    return references.endpoint_tag(own[0], subscriber.number) if own and references else None


def _endpoints(subscriber: Subscriber) -> list[str]:
    """Channels on which an address is a partner's own. A reader's label is shown to nobody: it may say who they are."""
    return [one.channel for one in subscriber.addresses if not CHANNELS[one.channel].shared]
