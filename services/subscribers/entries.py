"""Subscribers as people and programs write them, read and checked. No error repeats what was written."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, TypeVar

import structlog
from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
)

from services.runtime.clock import rfc3339, unix_of
from services.runtime.field_problems import explained, meant
from services.runtime.settings import bare_secret
from services.subscribers.address import AddressReader, Bot, InvalidAddress, InvalidSigning, Mode
from services.subscribers.asked_entries import InterestEntry, WrittenEntry
from services.subscribers.asked_entries import KindAsked as KindAsked
from services.subscribers.asked_entries import to_interest as to_interest
from services.subscribers.certificates import UnfitCertificate, read_certificate
from services.subscribers.habits import Cover, Quiet, code_word_of, quiet_of, zone_of
from services.subscribers.subscriber import StoredAddress, Subscriber

log = structlog.get_logger(__name__)


class UnusableSubscribers(ValueError):
    """The text names the place, the field and what to do, and never what stands there."""


def _from_elsewhere(value: object) -> object:
    """Resolves {env: NAME} and {file: PATH}."""
    match value:
        case {"env": str(name)}:
            if name not in os.environ:
                raise ValueError("the environment has no variable of the name that stands here")
            return bare_secret(os.environ[name])
        case {"file": str(path)}:
            try:
                return bare_secret(Path(path).read_text())
            except (OSError, ValueError) as error:
                why = error.strerror if isinstance(error, OSError) else "is not text in UTF-8"
                raise ValueError(f"the file it names cannot be read ({why})") from None
    return value


_AHEAD: Final = 300.0
"""Seconds by which another machine's clock may be ahead of ours."""

NO_CERTIFICATE: Final = "-"
_ENCRYPTED: Final = "email"
_WRITTEN_TO: Final = "telegram"

Hidden = Annotated[str, BeforeValidator(_from_elsewhere)]


class ChannelEntry(WrittenEntry):
    channel: str
    target: Hidden
    secrets: tuple[Hidden, ...] = ()
    openpgp: Hidden | None = None
    """A certificate, armored or as an export has it; NO_CERTIFICATE takes away the one there is."""
    bot: Bot | None = None
    """Which bot the chat wrote to: discreet, or none named for the usual one, or for the one that is known."""


def _quiet(given: object) -> Quiet | None:
    return None if given is None else quiet_of(str(given))


class SubscriberEntry(WrittenEntry):
    label: str | None = Field(default=None, validation_alias=AliasChoices("label", "id"), min_length=1, max_length=200)
    language: str = "en"
    mode: Mode = "plain"
    tests: bool = False
    updates: bool = True
    since: str | None = None
    zone: Annotated[str, AfterValidator(zone_of)] | None = None
    quiet: Annotated[Quiet | None, BeforeValidator(_quiet)] = None
    """Like 22:00-07:00."""
    urgent: bool = False
    silent: bool = False
    cover: Cover = "fold"
    code_word: Annotated[str, AfterValidator(code_word_of)] | None = None
    channels: tuple[ChannelEntry, ...] = Field(min_length=1)
    interests: tuple[InterestEntry, ...] = Field(default=(InterestEntry(),), min_length=1)


class EntriesFile(WrittenEntry):
    subscribers: tuple[SubscriberEntry, ...]


FIELDS: Final = (
    "id",
    *(name for model in (EntriesFile, SubscriberEntry, ChannelEntry, InterestEntry) for name in model.model_fields),
)
"""Every field that there is, for whoever misspelt one."""

E = TypeVar("E", bound=BaseModel)


def checked(raw: object, kind: type[E], where: str) -> E:
    """What was read from YAML or JSON, as entries. Raises UnusableSubscribers."""
    try:
        json.dumps(raw, ensure_ascii=False, default=str).encode()
        return kind.model_validate(raw)
    except UnicodeEncodeError:
        raise UnusableSubscribers(f"{where}: half a character stands there, as a text that was cut has it") from None
    except ValidationError as error:
        raise UnusableSubscribers("\n".join(explained(error.errors(), where, FIELDS))) from None
    except (ValueError, TypeError, RecursionError):  # such as a list that YAML puts into itself
        raise UnusableSubscribers(f"{where}: it is no form that subscribers are written in") from None


def to_subscriber(
    entry: SubscriberEntry, channels: Mapping[str, AddressReader], languages: Sequence[str], now: str, where: str
) -> Subscriber:
    """Checks every address by its channel's own rules. `now`: RFC 3339, since when for an entry that does not say.

    Raises UnusableSubscribers.
    """
    return Subscriber(
        number=0,
        since=now if entry.since is None else _since(entry.since, now, where),
        language=check_language(entry.language, languages, where),
        mode=entry.mode,
        tests=entry.tests,
        updates=entry.updates,
        zone=entry.zone,
        quiet=entry.quiet,
        urgent=entry.urgent,
        silent=entry.silent,
        cover=entry.cover,
        code_word=entry.code_word,
        addresses=tuple(
            to_address(one, channels, f"{where}: channels.{place}") for place, one in enumerate(entry.channels)
        ),
        interests=tuple(map(to_interest, entry.interests)),
        label=entry.label,
    )


def check_language(language: str, languages: Sequence[str], where: str) -> str:
    """Raises UnusableSubscribers."""
    if language not in languages:
        raise UnusableSubscribers(f"{where}: language: {_one_of(language, languages)}")
    return language


def _since(text: str, now: str, where: str) -> str:
    """As times are written here, so that they compare as text."""
    try:
        unix = unix_of(text)
        since = rfc3339(unix)
    except (ValueError, OverflowError, OSError):
        raise UnusableSubscribers(f"{where}: since: it takes a time like 2024-12-28T09:14:03Z (RFC 3339)") from None
    if unix > unix_of(now) + _AHEAD:
        raise UnusableSubscribers(f"{where}: since: it is still to come")
    return since


def to_address(entry: ChannelEntry, channels: Mapping[str, AddressReader], where: str) -> StoredAddress:
    if not channels:
        raise UnusableSubscribers(f"{where}.channel: none is configured here; see infra/settings.env")
    if entry.channel not in channels:
        raise UnusableSubscribers(f"{where}.channel: {_one_of(entry.channel, list(channels))}")
    try:
        address = channels[entry.channel].read_address(entry.target, entry.secrets)
    except InvalidSigning as error:
        raise UnusableSubscribers(f"{where}.secrets: {error}") from None
    except InvalidAddress as error:
        hint = "; a program wrote it as a number and cut it: write out all its digits" if _cut(entry.target) else ""
        raise UnusableSubscribers(f"{where}.target: {error}{hint}") from None
    if entry.bot is not None and entry.channel != _WRITTEN_TO:
        raise UnusableSubscribers(f"{where}.bot: only what goes by {_WRITTEN_TO} goes by a bot")
    return StoredAddress(
        channel=address.channel,
        target=address.target,
        secrets=address.secrets,
        openpgp=_certificate(entry, where),
        bot=entry.bot,
    )


def _certificate(entry: ChannelEntry, where: str) -> str | None:
    if entry.openpgp is None or entry.openpgp.strip() == NO_CERTIFICATE:
        return None if entry.openpgp is None else ""
    if entry.channel != _ENCRYPTED:
        raise UnusableSubscribers(f"{where}.openpgp: only what goes by {_ENCRYPTED} is encrypted to a certificate")

    def expired() -> None:  # by time alone: whoever wrote the file changed nothing, and all others must go on
        log.warning("certificate_expired", at=f"{where}.openpgp", todo="ask its reader for another; until then no news")

    try:
        return read_certificate(entry.openpgp.encode(), datetime.now(UTC).timestamp(), on_expired=expired)
    except UnfitCertificate as error:
        raise UnusableSubscribers(f"{where}.openpgp: {error}") from None


def _one_of(typed: str, known: Sequence[str]) -> str:
    return f"it is one of {', '.join(known)}{meant(typed, known)}"


def _cut(target: str) -> bool:
    return bool(re.fullmatch(r"[+-]?[0-9.]+e[+-]?[0-9]+", target, re.IGNORECASE | re.ASCII))
