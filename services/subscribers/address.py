"""Where a reader is reached, how much may be shown there, and who can tell an address from none."""

from __future__ import annotations

from typing import Any, Final, Literal, Protocol, get_args

import msgspec

Mode = Literal["plain", "discreet"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
"""Discreet: no name, outlet or kind of news where a glance at a phone could read it."""
Bot = Literal["discreet"]
"""The second bot, under a neutral name; null stands for the usual one."""


class Address(msgspec.Struct, frozen=True, gc=False):
    """Where a subscriber is reached on one channel. Its repr shows nothing, so that no log can."""

    channel: str
    target: str
    secrets: tuple[str, ...] = ()
    """What the messages to this address are signed with: the current secret first, then those being rotated out."""
    openpgp: str | None = None
    """See `StoredAddress.openpgp`. Then nothing goes there in clear but what says nothing."""
    bot: Bot | None = None
    """See `StoredAddress.bot`."""

    def __repr__(self) -> str:
        return f"Address(channel={self.channel!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("channel", self.channel)]


def outer_mode(address: Address, mode: Mode) -> Mode:
    """What may stand outside an encrypted letter, in its head, is what may stand in a discreet one."""
    return "discreet" if address.openpgp else mode


def mode_at(address: Address, mode: Mode) -> Mode:
    """How much may be shown there: a bot whose name says nothing says nothing in sight either."""
    return "discreet" if address.bot == "discreet" else mode


class InvalidAddress(ValueError):
    """The text is no address of this channel. The message says what is wrong without repeating the address."""


class InvalidSigning(InvalidAddress):
    """The address is one, and what its messages are to be signed with is no secret."""


class AddressReader(Protocol):
    """What a channel knows of its addresses."""

    def read_address(self, target: str, secrets: tuple[str, ...] = ()) -> Address:
        """Checks and normalises what a person typed. Raises InvalidAddress."""
        ...
