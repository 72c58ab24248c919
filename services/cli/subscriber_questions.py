"""What `vestka subscriber add` and `edit` ask on a terminal, each answer checked at once. No address is ever shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import get_args

import msgspec

from services.cli.exits import CliExit, Code
from services.cli.output import say
from services.cli.prompts import ask, ask_whether
from services.cli.subscriber_access import Checks
from services.contract import Kind
from services.fact_table import Region
from services.runtime.field_problems import meant
from services.subscribers.address import Address, AddressReader, InvalidSigning, Mode
from services.subscribers.address_index import canonical
from services.subscribers.entries import KindAsked
from services.subscribers.interests import Interest, PersonMark, marked, marks_of
from services.subscribers.subscriber import StoredAddress

NONE = "-"
"""An answer that takes away what was there."""

Told = Callable[[str, str], Awaitable[str | None]]
"""What there is to know of a channel and an address, before the next question is asked."""


async def ask_addresses(checks: Checks, told: Told) -> tuple[StoredAddress, ...]:
    """One at least. `told`: of an address that is known."""
    if not checks.channels:
        raise CliExit(Code.USAGE, "no channel is configured; see infra/settings.env")
    found: list[StoredAddress] = []
    while not found or ask_whether("Another address?"):
        address = _ask_address(checks.channels)
        if _is_among(address, found):
            say("  it is there already, and counts once")
            continue
        if word := await told(address.channel, address.target):
            say(f"  {word}")
        found.append(StoredAddress(channel=address.channel, target=address.target, secrets=address.secrets))
    return tuple(found)


def _ask_address(channels: Mapping[str, AddressReader]) -> Address:
    channel = ask(f"Channel ({', '.join(channels)})", one_of(list(channels)), default=next(iter(channels)))
    reader = channels[channel]

    def read_target(typed: str) -> tuple[str, bool]:
        """The address, and whether its messages want a secret."""
        try:
            return reader.read_address(typed).target, False
        except InvalidSigning:
            return typed, True

    target, signed = ask("Address (not shown)", read_target, hidden=True)
    if not signed:
        return reader.read_address(target)
    return ask("Secret (not shown)", lambda typed: reader.read_address(target, (typed,)), hidden=True)


def _is_among(address: Address, found: Sequence[StoredAddress]) -> bool:
    own = canonical(address.channel, address.target)
    return any((one.channel, canonical(one.channel, one.target)) == (address.channel, own) for one in found)


def ask_language(languages: Sequence[str], default: str) -> str:
    return ask(f"Language ({', '.join(languages)})", one_of(languages), default=default)


def ask_mode(default: Mode) -> Mode:
    def read(typed: str) -> Mode:
        return "discreet" if one_of(get_args(Mode))(typed) == "discreet" else "plain"

    return ask("Mode (plain, discreet: no names where a glance could read them)", read, default=default)


def ask_interest(before: Interest) -> Interest:
    """Empty: as before, which for somebody new is any."""
    kinds = ask(
        f"Kinds ({', '.join(get_args(KindAsked))}; empty: {before_said(before.kinds)})",
        several_of(get_args(KindAsked), before.kinds),
    )
    regions = ask(
        f"Regions ({', '.join(Region)}; empty: {before_said(before.regions)})",
        several_of([region.value for region in Region], before.regions),
    )
    count = f"the {len(before.persons)} there are" if before.persons else "any"
    persons = ask(
        f"Persons, with commas between them (not shown; empty: {count})",
        lambda typed: _persons(typed, marks_of(before)),
        hidden=True,
    )
    asked = msgspec.structs.replace(before, kinds=tuple(map(Kind, kinds)), regions=regions)
    return msgspec.structs.replace(asked, persons=tuple(mark.key for mark in persons), marks=persons)


def before_said(known: Sequence[str], none: str = "any") -> str:
    """What an empty answer leaves; `none`: what NONE says."""
    return f"{', '.join(known)}; {NONE}: {none}" if known else none


def _persons(typed: str, before: tuple[PersonMark, ...]) -> tuple[PersonMark, ...]:
    if not typed:
        return before
    return () if typed == NONE else tuple({mark.key: mark for mark in map(marked, words(typed))}.values())


def one_of(known: Sequence[str]) -> Callable[[str], str]:
    """Reads one of the words. Its ValueError says which there are."""

    def read(typed: str) -> str:
        word = typed.lower()
        if word not in known:
            raise ValueError(f"it is one of {', '.join(known)}{meant(word, known)}")
        return word

    return read


def several_of(known: Sequence[str], before: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    def read(typed: str) -> tuple[str, ...]:
        if not typed:
            return tuple(before)
        return () if typed == NONE else tuple(dict.fromkeys(map(one_of(known), words(typed))))

    return read


def words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
