"""Subscribers from a file or from a person's answers: read, checked, and explained where they are wrong.

subscribers:
  - id: newsroom                        # names the entry; the same id again replaces it
    language: en                        # en, ru
    mode: plain                         # or discreet
    channels:
      - channel: webhook
        target: {env: NEWSROOM_URL}     # an address, or {env: NAME} or {file: PATH} to keep it out of this file
        secrets: [{env: NEWSROOM_SECRET}]
    interests:                          # every part may be left out, and then means: any
      - kinds: [pardon]
        regions: [gomel]
        persons: ["Ales Bialiatski"]
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from services.contract import Kind
from services.names import fold
from services.runtime.field_problems import explained
from services.runtime.settings import bare_secret
from services.subscribers.address import AddressReader, InvalidAddress, Mode
from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.topics import Interest
from services.subscribers.vault import Vault

Region = Literal["brest", "vitebsk", "gomel", "grodno", "minsk_region", "mogilev", "minsk_city"]


class UnusableSubscribers(ValueError):
    """The text names the file, the entry and the field, and never an address."""


def _from_elsewhere(value: object) -> object:
    """Resolves {env: NAME} and {file: PATH}."""
    match value:
        case {"env": str(name)}:
            if name not in os.environ:
                raise ValueError(f"the environment has no {name}")
            return bare_secret(os.environ[name])
        case {"file": str(path)}:
            try:
                return bare_secret(Path(path).read_text())
            except OSError as error:
                raise ValueError(f"the file it names cannot be read ({error.strerror})") from None
    return value


Hidden = Annotated[str, BeforeValidator(_from_elsewhere)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class ChannelEntry(_Entry):
    channel: str
    target: Hidden
    secrets: tuple[Hidden, ...] = ()


class InterestEntry(_Entry):
    kinds: tuple[Literal["pardon", "arrest"], ...] = ()
    regions: tuple[Region, ...] = ()
    persons: tuple[str, ...] = ()


class SubscriberEntry(_Entry):
    id: str | None = None
    language: str = "en"
    mode: Mode = "plain"
    tests: bool = False
    channels: tuple[ChannelEntry, ...] = Field(min_length=1)
    interests: tuple[InterestEntry, ...] = (InterestEntry(),)


class _File(_Entry):
    subscribers: tuple[SubscriberEntry, ...]


_FIELDS = tuple(name for model in (_File, SubscriberEntry, ChannelEntry, InterestEntry) for name in model.model_fields)


class _AsWritten(yaml.SafeLoader):
    """Words and numbers as they stand: YAML 1.1 would make 511 of a chat 0777, and false of a language `no`."""

    yaml_implicit_resolvers = {
        first: [one for one in resolvers if one[0] in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read_entries(text: str, where: str) -> tuple[SubscriberEntry, ...]:
    """The entries of a subscribers file, or the single entry that a text is. Raises UnusableSubscribers."""
    try:
        raw: Any = yaml.load(text, _AsWritten)  # noqa: S506 (a safe loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        raise UnusableSubscribers(f"{where}: not readable as YAML{line}") from None
    if isinstance(raw, Mapping) and "subscribers" not in raw:
        raw = {"subscribers": [raw]}
    try:
        return _File.model_validate(raw).subscribers
    except ValidationError as error:
        raise UnusableSubscribers("\n".join(explained(error.errors(), where, _FIELDS))) from None


def to_subscriber(
    entry: SubscriberEntry, channels: Mapping[str, AddressReader], languages: tuple[str, ...], since: str, where: str
) -> Subscriber:
    """Checks every address by its channel's own rules. Raises UnusableSubscribers."""
    if entry.language not in languages:
        raise UnusableSubscribers(f"{where}: language {entry.language!r} is not one of {', '.join(languages)}")
    return Subscriber(
        number=0,
        since=since,
        language=entry.language,
        mode=entry.mode,
        tests=entry.tests,
        addresses=tuple(_address(one, channels, where) for one in entry.channels),
        interests=tuple(
            Interest(
                kinds=tuple(Kind(kind) for kind in one.kinds),
                regions=one.regions,
                persons=tuple(fold(name) for name in one.persons),
            )
            for one in entry.interests
        ),
        label=entry.id,
    )


def _address(entry: ChannelEntry, channels: Mapping[str, AddressReader], where: str) -> StoredAddress:
    if entry.channel not in channels:
        known = ", ".join(channels) or "none is configured"
        raise UnusableSubscribers(f"{where}: channel {entry.channel!r} is not available here ({known})")
    try:
        address = channels[entry.channel].read_address(entry.target, entry.secrets)
    except InvalidAddress as error:
        hint = "; a program wrote it as a number and cut it: write out all its digits" if _cut(entry.target) else ""
        raise UnusableSubscribers(f"{where}: {entry.channel}: {error}{hint}") from None
    return StoredAddress(channel=address.channel, target=address.target, secrets=address.secrets)


def _cut(target: str) -> bool:
    return bool(re.fullmatch(r"[+-]?[0-9.]+e[+-]?[0-9]+", target, re.IGNORECASE | re.ASCII))


def read_file(path: Path) -> tuple[SubscriberEntry, ...]:
    """Raises UnusableSubscribers."""
    try:
        text = path.read_text()
    except OSError as error:
        raise UnusableSubscribers(f"{path}: cannot be read ({error.strerror})") from None
    entries = read_entries(text, str(path))
    if any(entry.id is None for entry in entries):
        raise UnusableSubscribers(f"{path}: every subscriber of a file needs an id, so that loading twice adds nothing")
    return entries


async def load_file(
    path: Path, vault: Vault, channels: Mapping[str, AddressReader], languages: tuple[str, ...], since: str
) -> int:
    """Adds or replaces the file's subscribers as `Vault.put_labelled` does; how many of them there are now.

    Raises UnusableSubscribers before anything is changed.
    """
    entries = read_file(path)
    wanted = [to_subscriber(one, channels, languages, since, f"{path}: {one.id}") for one in entries]
    return sum([await _is_taken(vault, subscriber) for subscriber in wanted])


async def _is_taken(vault: Vault, subscriber: Subscriber) -> bool:
    """One whose record does not open hinders no other, nor the start: the vault has told of it."""
    try:
        return await vault.put_labelled(subscriber) is not None
    except UnreadableRecord:
        return False
