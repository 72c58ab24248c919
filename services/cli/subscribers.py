"""`vestka subscriber`: who wants to hear what. No address is ever an argument, and none is ever shown."""

from __future__ import annotations

import sys
import time
from typing import Annotated, Any

import msgspec
import typer
import yaml
from redis.asyncio import Redis

from services.cli.arguments import read_text
from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit as Ended
from services.cli.exits import Code
from services.cli.keys import references_or_end
from services.cli.output import Output, OutputOption, say, show_record, show_rows
from services.cli.prompts import confirmed_or_end
from services.notify.app import open_notify_channels, vault_of
from services.notify.channels import CHANNELS
from services.notify.channels.base import Channel
from services.notify.content.rendering import Renderer
from services.notify.references import References
from services.notify.settings import NotifySettings
from services.runtime.clock import rfc3339
from services.runtime.settings import SettingsError, load_settings
from services.runtime.steady_clock import server_time
from services.subscribers.keyring import OtherKey, check_in_use, open_keyring
from services.subscribers.kinship import is_elsewhere
from services.subscribers.subscriber import Subscriber
from services.subscribers.subscribers_file import UnusableSubscribers, read_entries, to_subscriber
from services.subscribers.vault import UnknownSubscriber, Vault

app = typer.Typer(no_args_is_help=True, help="Subscribers: who wants to hear what.", rich_markup_mode=None)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="as 'vestka subscriber list' shows it")]


@app.command()
def add(
    file: Annotated[str | None, typer.Argument(metavar="FILE|-", help="YAML; without it, you are asked")] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Adds a subscriber: from YAML as in infra/subscribers.yaml, or by asking you. Prints the number it got.

    One with an id replaces the one that was added with this id before, and keeps its number. An address that is
    known stays with the subscriber who has it, who gets to hear of what is asked for here as well.

    Example:  vestka subscriber add - <<< '{language: ru, channels: [{channel: email, target: …}]}'
              number  7
    """
    settings = settings_or_end(NotifySettings)
    where = "your answers" if file is None else "stdin" if file == "-" else file
    channels, egress = open_notify_channels(settings)
    languages = Renderer(settings.templates).languages
    try:
        text = _ask(channels, languages) if file is None else read_text(file)
        since = rfc3339(time.time())
        new = [to_subscriber(one, channels, languages, since, where) for one in read_entries(text, where)]
    except UnusableSubscribers as error:
        raise Ended(Code.USAGE, str(error)) from None

    async def work(redis: Redis) -> list[int]:
        try:
            since = rfc3339(await server_time(redis))  # what events are dated by as well
            dated = [msgspec.structs.replace(one, since=since) for one in new]
            vault = await _open_vault(redis, settings)
            return [_told(await _put(vault, subscriber)) for subscriber in dated]
        finally:
            await egress.close()

    for number in with_redis(work, settings):
        show_record({"number": number}, output)


async def _open_vault(redis: Redis, settings: NotifySettings) -> Vault:
    """One that can tell whose an address is, by the key that notify runs with."""
    keyring = await open_keyring(redis, settings.link_key, settings.link_keys_before)
    try:
        await check_in_use(redis, keyring)
    except OtherKey as error:
        raise Ended(Code.USAGE, str(error)) from None
    vault = vault_of(redis, settings, keyring)
    await vault.index_addresses()
    return vault


def _told(subscriber: Subscriber) -> int:
    """The number. What an operator should know of one who was there before is said: no stop is undone by adding."""
    ended = [one.channel for one in subscriber.addresses if one.ended is not None and not is_elsewhere(one)]
    if not subscriber.active:
        say(f"{subscriber.number} is known and has stopped; only if they ask for it: vestka subscriber resume")
    elif ended:
        say(
            f"{subscriber.number} is known, and {', '.join(ended)} has ended: 'vestka subscriber resume' tries it again"
        )
    return subscriber.number


async def _put(vault: Vault, subscriber: Subscriber) -> Subscriber:
    """One with an id is added once, and replaced when it comes again."""
    if subscriber.label is None:
        return await vault.add(subscriber)
    kept = await vault.put_labelled(subscriber)
    if kept is None:
        raise Ended(Code.REFUSED, f"{subscriber.label} was erased, and that is for good; a new one needs another id")
    return kept


@app.command("list")
def list_subscribers(output: OutputOption = Output.TABLE) -> None:
    """Lists subscribers by number, without addresses and without what they follow.

    ALARMS SAY is what an alarm about somebody's endpoint calls it.

    Example:  vestka subscriber list
              NUMBER  ACTIVE  LANGUAGE  CHANNELS  ALARMS SAY
              7       yes     ru        webhook   webhook-k7q2mxab
    """
    rows = with_redis(_rows)
    if not rows:
        raise Ended(Code.NOTHING_MATCHED, "there is no subscriber yet; see 'vestka subscriber add --help'")
    show_rows(rows, output)


@app.command()
def show(number: Number, output: OutputOption = Output.TABLE) -> None:
    """Shows what an operator may know of a subscriber.

    Example:  vestka subscriber show 7
              number    7
              active    yes
              channels  email
    """
    show_record(with_redis(lambda redis: _row_of(redis, number)), output)


@app.command()
def pause(number: Number) -> None:
    """Stops sending to a subscriber until 'vestka subscriber resume'.

    Example:  vestka subscriber pause 7
              7 gets nothing more
    """
    settings = settings_or_end(NotifySettings)
    with_redis(lambda redis: _pause(redis, settings, number), settings)
    say(f"{number} gets nothing more")


@app.command()
def resume(number: Number) -> None:
    """Sends to a subscriber again, also to an address that had ended.

    Example:  vestka subscriber resume 7
              7 gets alerts again
    """
    settings = settings_or_end(NotifySettings)
    with_redis(lambda redis: _resume(redis, settings, number), settings)
    say(f"{number} gets alerts again")


@app.command()
def erase(number: Number, yes: Annotated[bool, typer.Option("--confirm", help="do it without asking")] = False) -> None:
    """Removes a subscriber and everything stored of them. It cannot be undone.

    Example:  vestka subscriber erase 7 --confirm
              7 is erased
    """
    confirmed_or_end(
        f"Erase subscriber {number} for good?", confirm=yes, undone="nothing was erased", hint="add --confirm"
    )

    settings = settings_or_end(NotifySettings)

    async def work(redis: Redis) -> None:
        await _get(redis, number)
        await vault_of(redis, settings).erase(number)

    with_redis(work, settings)
    say(f"{number} is erased")


async def _rows(redis: Redis) -> list[dict[str, Any]]:
    references = await _references(redis)
    return [_row(one, references) for one in await Vault(redis).everybody()]


async def _row_of(redis: Redis, number: int) -> dict[str, Any]:
    return _row(await _get(redis, number), await _references(redis))


async def _references(redis: Redis) -> References | None:
    """None without the key that notify runs with: then nobody's tag can be told."""
    try:
        return await references_or_end(redis, load_settings(NotifySettings))
    except (SettingsError, Ended):
        return None


async def _get(redis: Redis, number: int) -> Subscriber:
    try:
        return await Vault(redis).get(number)
    except UnknownSubscriber:
        raise Ended(Code.NOTHING_MATCHED, f"there is no subscriber {number}") from None


async def _pause(redis: Redis, settings: NotifySettings, number: int) -> None:
    await _get(redis, number)
    await vault_of(redis, settings).set_active(number, False)


async def _resume(redis: Redis, settings: NotifySettings, number: int) -> None:
    await _get(redis, number)
    await vault_of(redis, settings).resume(number)


def _row(subscriber: Subscriber, references: References | None) -> dict[str, Any]:
    return {
        "number": subscriber.number,
        "active": subscriber.active,
        "language": subscriber.language,
        "mode": subscriber.mode,
        "channels": [one.channel + (f" (ended: {one.ended})" if one.ended else "") for one in subscriber.addresses],
        "alarms say": subscriber.label or _tag(subscriber, references),
        "since": subscriber.since,
    }


def _tag(subscriber: Subscriber, references: References | None) -> str | None:
    """Of an endpoint only: no alarm is about one reader's mailbox or chat."""
    own = [one.channel for one in subscriber.addresses if not CHANNELS[one.channel].shared]
    return references.endpoint_tag(own[0], subscriber.number) if own and references else None


def _ask(channels: dict[str, Channel], languages: tuple[str, ...]) -> str:
    """The same YAML, from a person's answers. What must not be seen is not echoed."""
    if not sys.stdin.isatty():
        raise Ended(Code.USAGE, "there is nobody to ask: give a file, or - and YAML on stdin")
    if not channels:
        raise Ended(Code.USAGE, "no channel is configured; see infra/settings.env")
    channel = typer.prompt(f"Channel ({', '.join(channels)})", err=True)
    target = typer.prompt("Address (not shown)", hide_input=True, err=True)
    secret = typer.prompt("Secret (not shown; only for a webhook)", hide_input=True, default="", err=True)
    language = typer.prompt(f"Language ({', '.join(languages)})", default="en", err=True)
    kinds = typer.prompt("Kinds (pardon, arrest; empty: both)", default="", err=True)
    regions = typer.prompt("Regions (empty: any)", default="", err=True)
    persons = typer.prompt(
        "Persons, separated by commas (not shown; empty: any)", hide_input=True, default="", err=True
    )
    return yaml.safe_dump(
        {
            "language": language,
            "channels": [{"channel": channel, "target": target, "secrets": [secret] if secret else []}],
            "interests": [{"kinds": _words(kinds), "regions": _words(regions), "persons": _words(persons)}],
        }
    )


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
