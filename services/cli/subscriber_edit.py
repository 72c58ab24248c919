"""`vestka subscriber edit`: what a subscriber asked for, in which language, and where they are reached."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

import msgspec
import typer
from redis.asyncio import Redis

from services.cli.arguments import read_text
from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.finer_questions import asked_finer, wants_it_finer
from services.cli.output import say
from services.cli.prompts import ask, ask_whether, can_ask
from services.cli.subscriber_access import Checks, checks_of, open_vault, subscriber_or_end
from services.cli.subscriber_questions import NONE, ask_addresses, ask_interest, ask_language, ask_mode
from services.notify.settings import NotifySettings
from services.subscribers.edits import Edit, read_edit
from services.subscribers.entries import UnusableSubscribers
from services.subscribers.owed import WaitingComes, what_waits
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.subscribers_file import read_yaml
from services.subscribers.topics import Interest
from services.subscribers.vault import UnknownSubscriber, Vault

_WAITS: Final[dict[WaitingComes, str]] = {
    "sooner": "what waited for a digest still comes in one, at the latest when it would have come, and nothing twice",
    "later": "what waited for a digest comes with what is new, and nothing twice",
}
SubscriberNumber = Annotated[int, typer.Argument(metavar="NUMBER", help="as 'vestka subscriber list' shows it")]


def edit(
    number: SubscriberNumber,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE|-", help="YAML or JSON; without it, you are asked")
    ] = None,
) -> None:
    """Changes a subscriber: language, mode, interests, label, addresses. What is not named stays as it is.

    In a file stand the fields of infra/subscribers.yaml that are to change; interests and channels are replaced as a
    whole. Nobody is resumed by it, and no address that had ended is tried again.

    Example:  vestka subscriber edit 7 - <<< '{language: ru, interests: [{kinds: [arrest], regions: [gomel]}]}'
              7 is changed: language, interests
    """
    settings = settings_or_end(NotifySettings)
    checks = checks_of(settings)
    if file is None and not can_ask():
        raise CliExit(Code.USAGE, "there is nobody to ask: give a file, or - and YAML on stdin")
    written = None if file is None else _read(file, checks)

    async def work(redis: Redis) -> None:
        vault = await open_vault(redis, settings)
        known = await subscriber_or_end(vault, number)
        change = written if written is not None else await _asked(vault, checks, known)
        await _refuse_a_taken_label(vault, number, change)
        await _carry_out(vault, number, change)

    with_redis(work, settings)


def _read(file: str, checks: Checks) -> Edit:
    where = "stdin" if file == "-" else file
    try:
        return read_edit(read_yaml(read_text(file), where), checks.channels, checks.languages, where)
    except UnusableSubscribers as error:
        raise CliExit(Code.USAGE, str(error)) from None


async def _asked(vault: Vault, checks: Checks, known: Subscriber) -> Edit:
    """Each question shows what there is, but for what nobody may see."""
    language, mode = ask_language(checks.languages, known.language), ask_mode(known.mode)
    interests = _ask_interests(known.interests)
    finer = asked_finer(known, mode, interests) if wants_it_finer() else Edit(interests=interests)
    return msgspec.structs.replace(
        finer,
        language=language,
        mode=mode,
        label=ask(f"Label (not shown; empty: as before, {NONE}: none)", lambda typed: typed or None, hidden=True),
        addresses=await _ask_addresses(vault, checks, known),
    )


def _ask_interests(before: tuple[Interest, ...]) -> tuple[Interest, ...]:
    if len(before) == 1:
        return (ask_interest(before[0]),)
    if ask_whether(f"There are {len(before)} interests. Have one in place of them all?"):
        return (ask_interest(Interest()),)
    return before


async def _ask_addresses(vault: Vault, checks: Checks, known: Subscriber) -> tuple[StoredAddress, ...] | None:
    channels = ", ".join(one.channel for one in known.addresses)
    if not ask_whether(f"Addresses: {channels}. Give others in place of them all?"):
        return None
    return await ask_addresses(checks, _told_of(vault, known.number))


def _told_of(vault: Vault, number: int) -> Callable[[str, str], Awaitable[str | None]]:
    async def told(channel: str, target: str) -> str | None:
        owner = await vault.by_address(channel, target)
        if owner is None or owner.number == number:
            return None
        return f"{owner.number} has this address, and will hear of what {number} asks for"

    return told


async def _refuse_a_taken_label(vault: Vault, number: int, change: Edit) -> None:
    labelled = await vault.by_label(change.label) if change.label not in (None, NONE) else None
    if labelled is not None and labelled.number != number:
        raise CliExit(Code.USAGE, f"{labelled.number} has this label; give another")


async def _carry_out(vault: Vault, number: int, change: Edit) -> None:
    known = await subscriber_or_end(vault, number)
    if not (changed := change.what_changes(known)):
        raise CliExit(Code.NOTHING_MATCHED, f"{number} is so already; nothing was changed")
    try:
        reached = await vault.amend(number, change.applied)
    except UnknownSubscriber:
        raise CliExit(Code.NOTHING_MATCHED, f"there is no subscriber {number} any more") from None
    say(f"{number} is changed: {', '.join(changed)}")
    if waits := what_waits(known, change.applied(known)):
        say(_WAITS[waits])
    if reached.number != number:
        say(f"{reached.number} had such an address before: both are one reader now, who is reached as {reached.number}")
