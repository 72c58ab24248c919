"""`vestka subscriber add`: one new subscriber, from a file or from a person's answers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated

import msgspec
import typer
from redis.asyncio import Redis

from services.cli.arguments import read_text
from services.cli.connection import settings_or_end, with_redis
from services.cli.consent import AskedByMail, asked_by_mail, note_consent
from services.cli.exits import CliExit, Code
from services.cli.finer_questions import asked_finer, wants_it_finer
from services.cli.output import Output, OutputOption, say, show_record
from services.cli.prompts import ask, can_ask
from services.cli.subscriber_access import Checks, checks_of, open_vault
from services.cli.subscriber_questions import ask_addresses, ask_interest, ask_language, ask_mode
from services.notify.content.render_cache import FALLBACK
from services.notify.settings import NotifySettings
from services.runtime.clock import rfc3339
from services.runtime.steady_clock import server_time
from services.subscribers.edits import Edit
from services.subscribers.entries import UnusableSubscribers
from services.subscribers.kinship import is_elsewhere
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.subscribers_file import read_entries, to_subscribers
from services.subscribers.topics import Interest
from services.subscribers.vault import Vault

_NOBODY_TO_ASK = "there is nobody to ask: give a file, or - and YAML on stdin"


def add(
    file: Annotated[str | None, typer.Argument(metavar="FILE|-", help="YAML; without it, you are asked")] = None,
    by_mail: Annotated[
        bool, typer.Option("--ask-by-mail", help="add nobody: send a letter by which they join themselves")
    ] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Adds a subscriber: from YAML as in infra/subscribers.yaml, or by asking you. Prints the number it got.

    One with an id replaces the one that was added with this id before, and keeps its number. An address that is
    known stays with the subscriber who has it, who gets to hear of what is asked for here as well. Many at once:
    vestka subscriber import. Who is added counts as confirmed, as the audit says; --ask-by-mail has them confirm.

    Example:  vestka subscriber add - <<< '{language: ru, channels: [{channel: email, target: …}]}'
              number  7
    """
    settings = settings_or_end(NotifySettings)
    checks = checks_of(settings)
    if file is None and not can_ask():
        raise CliExit(Code.USAGE, _NOBODY_TO_ASK)
    here = rfc3339(time.time())
    written = None if file is None else _read(file, checks, here)

    async def work(redis: Redis) -> list[int]:
        vault, now = await open_vault(redis, settings), rfc3339(await server_time(redis))
        new = [await _asked(vault, checks, now)] if written is None else [_dated(one, here, now) for one in written]
        if by_mail:
            return await _ask(await asked_by_mail(redis, settings, vault), new)
        added = [await _put(vault, subscriber) for subscriber in new]
        await note_consent(redis, len(added), "added")
        return added

    for number in with_redis(work, settings):
        show_record({"number": number}, output)


async def _ask(asking: AskedByMail, new: Sequence[Subscriber]) -> list[int]:
    """No numbers: nobody is added."""
    for taken in await asking.take_in(new):
        if isinstance(taken, Exception):
            raise CliExit(Code.USAGE, str(taken))
    say(f"{len(new)} asked by mail; whoever confirms within seven days is added")
    return []


def _read(file: str, checks: Checks, here: str) -> list[Subscriber]:
    where = "stdin" if file == "-" else file
    try:
        return to_subscribers(read_entries(read_text(file), where), checks.channels, checks.languages, here, where)
    except UnusableSubscribers as error:
        raise CliExit(Code.USAGE, str(error)) from None


def _dated(new: Subscriber, here: str, now: str) -> Subscriber:
    """By the server's clock, as events are, unless the file says since when."""
    return msgspec.structs.replace(new, since=now) if new.since == here else new


async def _asked(vault: Vault, checks: Checks, now: str) -> Subscriber:
    new = Subscriber(
        number=0,
        since=now,
        addresses=await ask_addresses(checks, lambda channel, target: _told_of(vault, channel, target)),
        language=ask_language(checks.languages, FALLBACK if FALLBACK in checks.languages else checks.languages[0]),
        mode=ask_mode("plain"),
        interests=(ask_interest(Interest()),),
    )
    finer = asked_finer(new, new.mode, new.interests) if wants_it_finer() else Edit()
    label = ask("Label, by which adding again replaces this one (empty: none)", lambda typed: typed or None)
    return msgspec.structs.replace(finer.applied(new), label=label)


async def _told_of(vault: Vault, channel: str, target: str) -> str | None:
    known = await vault.by_address(channel, target)
    return None if known is None else f"{known.number} has this address, and will hear of what you ask for here as well"


async def _put(vault: Vault, new: Subscriber) -> int:
    """The number. What an operator should know of one who was there before is said: no stop is undone by adding."""
    known = {number for one in new.addresses if (number := await _owner(vault, one)) is not None}
    kept = await vault.add(new) if new.label is None else await vault.put_labelled(new)
    if kept is None:
        raise CliExit(Code.REFUSED, "this id was erased, and that is for good; a new subscriber needs another id")
    _say_what_was_known(kept, kept.number in known)
    return kept.number


async def _owner(vault: Vault, address: StoredAddress) -> int | None:
    owner = await vault.by_address(address.channel, address.target)
    return None if owner is None else owner.number


def _say_what_was_known(kept: Subscriber, is_known: bool) -> None:
    number, ended = (
        kept.number,
        [one.channel for one in kept.addresses if one.ended is not None and not is_elsewhere(one)],
    )
    if not kept.active:
        say(f"{number} is known and has stopped; only if they ask for it: vestka subscriber resume")
    elif ended:
        say(f"{number} is known, and {', '.join(ended)} has ended: 'vestka subscriber resume' tries it again")
    elif is_known:
        say(f"{number} had this address already, and is still one subscriber")
