"""Subscribers as people and programs write them, read and checked. No error repeats what was written."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from services.contract import Certainty, Kind, PartyClass
from services.fact_table import Region
from services.names import parts_of_strong
from services.runtime.clock import rfc3339, unix_of
from services.runtime.field_problems import explained, meant
from services.runtime.settings import bare_secret
from services.subscribers.address import AddressReader, InvalidAddress, InvalidSigning, Mode
from services.subscribers.certificates import UnfitCertificate, read_certificate
from services.subscribers.habits import Cover, Frequency, Quiet, code_word_of, quiet_of, zone_of
from services.subscribers.interests import Interest, PersonMark, following, marked, watched
from services.subscribers.subscriber import StoredAddress, Subscriber

KindAsked = Literal["pardon", "arrest"]
LeastAsked = Literal["reported", "confirmed"]


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

_ARTICLE: Final = re.compile(r"[1-9][0-9]{0,2}(-[1-9][0-9]?)?", re.ASCII)
_TOWN: Final = re.compile(rf"(?:{'|'.join(Region)}):[A-Z][A-Za-z' -]{{1,60}}")

NO_CERTIFICATE: Final = "-"
_ENCRYPTED: Final = "email"

Hidden = Annotated[str, BeforeValidator(_from_elsewhere)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class ChannelEntry(_Entry):
    channel: str
    target: Hidden
    secrets: tuple[Hidden, ...] = ()
    openpgp: Hidden | None = None
    """A certificate, armored or as an export has it; NO_CERTIFICATE takes away the one there is."""


def _town(given: str) -> str:
    if not _TOWN.fullmatch(given):
        raise ValueError("a town bears its region and is written in English, like gomel:Mozyr")
    return given


def _article(given: str) -> str:
    if not _ARTICLE.fullmatch(given):
        raise ValueError("an article of the criminal code is a number, like 361-4 or 130")
    return given


def _strong(given: str) -> str:
    try:
        parts_of_strong(given[:2_000])
    except ValueError:
        raise ValueError("it is no key of a name as an export has it") from None
    return given


def _named(given: str) -> str:
    watched(given)
    return given


class PersonEntry(_Entry):
    """Somebody with namesakes, and what tells them apart."""

    name: Annotated[str, AfterValidator(_named)]
    born: Annotated[int, Field(ge=1900, le=2100)] | None = None
    """In which year."""
    town: Annotated[str, AfterValidator(_town)] | None = None


class MarkEntry(_Entry):
    """As an export has it."""

    key: Annotated[str, Field(min_length=1, max_length=300)]
    strong: Annotated[str, AfterValidator(_strong)] | None = None
    born: Annotated[int, Field(ge=1900, le=2100)] | None = None
    town: Annotated[str, AfterValidator(_town)] | None = None


class _WhatIsAskedEntry(_Entry):
    kinds: tuple[KindAsked, ...] = ()
    regions: tuple[Region, ...] = ()
    persons: tuple[Annotated[str, AfterValidator(_named)], ...] = ()
    people: tuple[PersonEntry, ...] = ()
    towns: tuple[Annotated[str, AfterValidator(_town)], ...] = ()
    """Each with its region, as an export has them: gomel:Mozyr."""
    person_keys: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...] = ()
    """Names in the form that they are compared in, as an export has them: folding one anew may change it."""
    person_marks: tuple[MarkEntry, ...] = ()
    """What tells some of them from others."""
    sources: tuple[PartyClass, ...] = ()
    least: LeastAsked | None = None
    articles: tuple[Annotated[str, AfterValidator(_article)], ...] = ()


class InterestEntry(_WhatIsAskedEntry):
    without: tuple[_WhatIsAskedEntry, ...] = ()
    """What one of these asks for is not meant."""
    frequency: Frequency = "at_once"


def _quiet(given: object) -> Quiet | None:
    return None if given is None else quiet_of(str(given))


class SubscriberEntry(_Entry):
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


class EntriesFile(_Entry):
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


def to_interest(entry: _WhatIsAskedEntry) -> Interest:
    further = entry if isinstance(entry, InterestEntry) else InterestEntry()
    marks = [*map(marked, entry.persons), *(marked(one.name, one.born, one.town) for one in entry.people)]
    given = {one.key: PersonMark(**one.model_dump()) for one in entry.person_marks}
    marks += [given.get(key, PersonMark(key=key)) for key in entry.person_keys]
    return following(
        marks,
        kinds=tuple(Kind(kind) for kind in entry.kinds),
        regions=tuple(region.value for region in entry.regions),
        towns=entry.towns,
        sources=entry.sources,
        least=None if entry.least is None else Certainty(entry.least),
        articles=entry.articles,
        without=tuple(map(to_interest, further.without)),
        frequency=further.frequency,
    )


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
    openpgp = _certificate(entry, where)
    return StoredAddress(channel=address.channel, target=address.target, secrets=address.secrets, openpgp=openpgp)


def _certificate(entry: ChannelEntry, where: str) -> str | None:
    if entry.openpgp is None or entry.openpgp.strip() == NO_CERTIFICATE:
        return None if entry.openpgp is None else ""
    if entry.channel != _ENCRYPTED:
        raise UnusableSubscribers(f"{where}.openpgp: only what goes by {_ENCRYPTED} is encrypted to a certificate")
    try:
        return read_certificate(entry.openpgp.encode(), datetime.now(UTC).timestamp())
    except UnfitCertificate as error:
        raise UnusableSubscribers(f"{where}.openpgp: {error}") from None


def _one_of(typed: str, known: Sequence[str]) -> str:
    return f"it is one of {', '.join(known)}{meant(typed, known)}"


def _cut(target: str) -> bool:
    return bool(re.fullmatch(r"[+-]?[0-9.]+e[+-]?[0-9]+", target, re.IGNORECASE | re.ASCII))
