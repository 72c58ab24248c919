"""What is to change of a subscriber, and what stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from pydantic import Field

from services.subscribers.address import AddressReader, Mode
from services.subscribers.entries import (
    ChannelEntry,
    SubscriberEntry,
    UnusableSubscribers,
    check_language,
    checked,
    to_address,
    to_interest,
)
from services.subscribers.habits import Cover, Quiet
from services.subscribers.kinship import kept_address
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.topics import Interest

NO_LABEL: Final = "-"
NO_QUIET: Final = (0, 0)
"""Takes quiet hours away."""


class EditEntry(SubscriberEntry):
    """The fields of an entry, of which none must be there."""

    channels: tuple[ChannelEntry, ...] = Field(default=(), min_length=1)


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """None: as it is."""

    language: str | None = None
    mode: Mode | None = None
    tests: bool | None = None
    updates: bool | None = None
    zone: str | None = None
    quiet: Quiet | None = None
    urgent: bool | None = None
    silent: bool | None = None
    cover: Cover | None = None
    code_word: str | None = None
    interests: tuple[Interest, ...] | None = None
    label: str | None = None
    """NO_LABEL takes it away."""
    addresses: tuple[StoredAddress, ...] | None = None

    def applied(self, known: Subscriber) -> Subscriber:
        """What became of an address that stays (ended, moved) stays as well."""
        given = {name: new for name in self.__struct_fields__ if (new := getattr(self, name)) is not None}
        if self.addresses is not None:
            given["addresses"] = tuple(kept_address(one, known) for one in self.addresses)
        if self.label == NO_LABEL:
            given["label"] = None
        if self.quiet == NO_QUIET:
            given["quiet"] = None
        return msgspec.structs.replace(known, **given)

    def what_changes(self, known: Subscriber) -> list[str]:
        """The names of the fields."""
        new = self.applied(known)
        return [name for name in self.__struct_fields__ if getattr(new, name) != getattr(known, name)]


def read_edit(raw: Any, channels: Mapping[str, AddressReader], languages: Sequence[str], where: str) -> Edit:
    """What stands in YAML or JSON. Raises UnusableSubscribers."""
    entry = checked(raw, EditEntry, where)
    named = entry.model_fields_set
    if not named:
        raise UnusableSubscribers(f"{where}: it names nothing that is to change")
    if "since" in named:
        raise UnusableSubscribers(f"{where}: since: it stays as it is")
    return Edit(
        language=check_language(entry.language, languages, where) if "language" in named else None,
        mode=entry.mode if "mode" in named else None,
        tests=entry.tests if "tests" in named else None,
        updates=entry.updates if "updates" in named else None,
        zone=entry.zone if "zone" in named else None,
        quiet=(entry.quiet or NO_QUIET) if "quiet" in named else None,
        urgent=entry.urgent if "urgent" in named else None,
        silent=entry.silent if "silent" in named else None,
        cover=entry.cover if "cover" in named else None,
        code_word=entry.code_word if "code_word" in named else None,
        interests=tuple(map(to_interest, entry.interests)) if "interests" in named else None,
        label=(entry.label or NO_LABEL) if "label" in named else None,
        addresses=tuple(
            to_address(one, channels, f"{where}: channels.{place}") for place, one in enumerate(entry.channels)
        )
        if "channels" in named
        else None,
    )
