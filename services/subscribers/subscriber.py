"""Subscribers as the rest of the house sees them. Where and how they are kept is `vault`'s business alone."""

from __future__ import annotations

import msgspec

from services.subscribers.address import Address, Bot, Mode, mode_at
from services.subscribers.habits import Cover, Quiet
from services.subscribers.topics import Interest


class StoredAddress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    channel: str
    target: str
    secrets: tuple[str, ...] = ()
    given: str | None = None
    """What it was before the far side moved it; null while it is as it was given."""
    ended: str | None = None
    """Why nothing is sent here any more: a reason's slug; null while it works."""
    ended_at: str | None = None
    """Since when (RFC 3339), where that is known."""
    digest: str | None = None
    """What it stands under in the index of addresses; null where another has it. The vault alone sets it."""
    openpgp: str | None = None
    """The certificate that what goes here is encrypted to (RFC 9580), in base64; null where none was given."""
    bot: Bot | None = None
    """Which of our bots the chat wrote to last, and so is written to by; null: the usual one."""

    def __repr__(self) -> str:
        return f"StoredAddress(channel={self.channel!r})"


class Subscriber(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person or an organisation. `since` (RFC 3339): events before it are none of theirs."""

    number: int
    since: str
    language: str = "en"
    mode: Mode = "plain"
    active: bool = True
    tests: bool = False
    """Wants exercises and tests too."""
    updates: bool = True
    """Wants what becomes known later too. A correction goes to whoever got what it corrects, wanted or not."""
    zone: str | None = None
    """Where the reader's clock is (IANA); null: Minsk's."""
    quiet: Quiet | None = None
    """When nothing comes, see `habits.Quiet`; null: never."""
    urgent: bool = False
    """In these hours, news of a watched person and what takes something back come all the same."""
    silent: bool = False
    """Telegram makes no sound."""
    cover: Cover = "fold"
    code_word: str | None = None
    stopped: str | None = None
    """Since when they want nothing more (RFC 3339); null for one who is active, or paused."""
    addresses: tuple[StoredAddress, ...] = ()
    interests: tuple[Interest, ...] = ()
    owed: tuple[Interest, ...] = ()
    """What they asked for daily or weekly until they wanted it sooner; see `owed`."""
    owed_on: tuple[str, ...] = ()
    """The channels on which a digest may still have something of it to tell."""
    label: str | None = None
    """The entry's id in a subscribers file; null for those added by hand."""
    stop_seed: str | None = None
    """What the link that stops the alerts is made of. The vault gives it once; nobody else sets or changes it."""
    kin: tuple[int, ...] = ()
    """The numbers of those with whom an address was shared: what stops or erases one does it to all. The vault's."""

    def __repr__(self) -> str:
        return f"Subscriber(number={self.number})"

    @property
    def is_reached(self) -> bool:
        """Active, with an address that works."""
        return self.active and any(one.ended is None for one in self.addresses)

    @property
    def covers_with(self) -> str | None:
        """What alone a discreet letter to them shows; "": not even a word, since they asked for one and gave none.
        None: the text may stand there, below the fold."""
        return (self.code_word or "") if self.mode == "discreet" and self.cover == "code_word" else None

    def seen_at(self, address: Address) -> Subscriber:
        """As they are to be written to there, see `mode_at`."""
        mode = mode_at(address, self.mode)
        return self if mode == self.mode else msgspec.structs.replace(self, mode=mode)

    def address_on(self, channel: str) -> Address | None:
        """The working address on a channel."""
        for stored in self.addresses:
            if stored.channel == channel and stored.ended is None:
                return Address(channel, stored.target, stored.secrets, stored.openpgp, stored.bot)
        return None
