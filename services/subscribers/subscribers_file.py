"""Subscribers from a file that people write, in YAML.

subscribers:
  - id: newsroom                        # names the entry; the same id again replaces it
    language: en                        # one that messages are written in
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

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from services.subscribers.address import AddressReader
from services.subscribers.entries import EntriesFile, SubscriberEntry, UnusableSubscribers, checked, to_subscriber
from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import Vault


class _AsWritten(yaml.SafeLoader):
    """Words and numbers as they stand: YAML 1.1 would make 511 of a chat 0777, and false of a language `no`."""

    yaml_implicit_resolvers = {
        first: [one for one in resolvers if one[0] in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read_yaml(text: str, where: str) -> Any:
    """Raises UnusableSubscribers."""
    try:
        return yaml.load(text, _AsWritten)  # noqa: S506 (a safe loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        raise UnusableSubscribers(f"{where}: not readable as YAML{line}") from None
    except (ValueError, TypeError, RecursionError):  # what PyYAML does not catch of its own
        raise UnusableSubscribers(f"{where}: not readable as YAML") from None


def read_entries(text: str, where: str) -> tuple[SubscriberEntry, ...]:
    """The entries of a subscribers file, or the single entry that a text is. Raises UnusableSubscribers."""
    raw = read_yaml(text, where)
    if isinstance(raw, Mapping) and "subscribers" not in raw:
        raw = {"subscribers": [raw]}
    return checked(raw, EntriesFile, where).subscribers


def read_file(path: Path) -> tuple[SubscriberEntry, ...]:
    """Raises UnusableSubscribers."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UnusableSubscribers(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise UnusableSubscribers(f"{path}: is not text in UTF-8; save it as UTF-8") from None
    entries = read_entries(text, str(path))
    if any(entry.label is None for entry in entries):
        raise UnusableSubscribers(f"{path}: every subscriber of a file needs an id, so that loading twice adds nothing")
    return entries


def to_subscribers(
    entries: Sequence[SubscriberEntry],
    channels: Mapping[str, AddressReader],
    languages: Sequence[str],
    now: str,
    where: str,
) -> list[Subscriber]:
    """As `to_subscriber`; each entry is named by its place in the file. Raises UnusableSubscribers."""
    return [
        to_subscriber(entry, channels, languages, now, f"{where}: subscribers.{place}")
        for place, entry in enumerate(entries)
    ]


async def load_file(
    path: Path, vault: Vault, channels: Mapping[str, AddressReader], languages: Sequence[str], now: str
) -> int:
    """Adds or replaces the file's subscribers as `Vault.put_labelled` does; how many of them there are now.

    Raises UnusableSubscribers before anything is changed.
    """
    wanted = to_subscribers(read_file(path), channels, languages, now, str(path))
    return sum([await _is_taken(vault, subscriber) for subscriber in wanted])


async def _is_taken(vault: Vault, subscriber: Subscriber) -> bool:
    """One whose record does not open hinders no other, nor the start: the vault has told of it."""
    try:
        return await vault.put_labelled(subscriber) is not None
    except UnreadableRecord:
        return False
