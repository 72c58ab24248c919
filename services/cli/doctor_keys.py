"""What `vestka doctor` finds about the keys of the subscribers' store, and about files that undo it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from redis.asyncio import Redis

from services.cli.exits import CliExit
from services.notify.opened_vault import vault_of
from services.notify.settings import NotifySettings
from services.runtime.settings import SettingsError, load_settings
from services.subscribers.key_files import KeyFolder
from services.subscribers.store_faults import StoreFault

KeyFinding = tuple[str, bool | None, str]


async def examine_keys(redis: Redis) -> list[KeyFinding]:
    try:
        settings = load_settings(NotifySettings)
    except (SettingsError, CliExit):  # a finding of its own
        return []
    try:
        unreadable = await vault_of(redis, settings).unreadable()
        found = KeyFolder(settings.keys_folder).read() is not None
    except StoreFault as error:
        return [("keys", False, str(error)), *_on_disk(settings)]
    findings: list[KeyFinding] = [("keys", True, "")] if found else [("keys", None, "there are none yet")]
    if unreadable:
        whose = ", ".join(f"{number} ({reason})" for number, reason in unreadable.items())
        findings.append(("records", False, f"do not open: {whose}; see 'vestka keys status'"))
    return [*findings, *_on_disk(settings)]


def _on_disk(settings: NotifySettings) -> Iterator[KeyFinding]:
    folder = settings.keys_folder
    if settings.redis_url is None and _same_disk(folder, settings.state_dir):
        yield (
            "keys apart",
            None,
            f"the keys ({folder}) and the data they seal ({settings.state_dir / 'redis'}) are on one disk: whoever "
            "takes it reads every subscriber. Move the folder of keys to another disk, a memory stick or a secret "
            "mount, and name it in VESTKA_KEYS_DIR",
        )
    if folder.exists() and folder.stat().st_mode & 0o077:
        yield ("keys private", None, f"other users may look into {folder}: chmod 700, and 600 for the files in it")
    file = settings.subscribers_file
    if file is not None and file.exists():
        yield (
            "subscribers file",
            None,
            f"{file} names subscribers in the clear, as nothing else here does: once notify has loaded it, keep it on "
            "another machine, or let it name secrets by {env: …} and {file: …}",
        )


def _same_disk(one: Path, other: Path) -> bool:
    """As far as can be told: by the file systems that they are on, or would be made on."""
    return _device(one) == _device(other)


def _device(path: Path) -> int:
    there = next(each for each in (path, *path.parents) if each.exists())
    return os.stat(there).st_dev
