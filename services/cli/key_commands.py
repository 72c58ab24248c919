"""`vestka keys`: what the store of subscribers is sealed with. No key is ever shown."""

from __future__ import annotations

from typing import Any

import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.output import Output, OutputOption, say, show_rows
from services.notify.opened_vault import vault_of
from services.notify.settings import NotifySettings
from services.subscribers.key_files import KeyFolder
from services.subscribers.rotation import Census

app = typer.Typer(no_args_is_help=True, help="Keys: what subscribers are sealed with.", rich_markup_mode=None)


@app.command()
def create() -> None:
    """Makes the keys of a store that has none yet. Keys that are there stay as they are.

    'vestka run' does so as well. Where subscribers are still kept in the plain form of an earlier version, they are
    sealed. Where they are sealed with keys that are missing, nothing is made: put those back.

    Example:  vestka keys create
              the keys are in /var/lib/vestka/keys; keep a copy of them
    """
    settings = settings_or_end(NotifySettings)
    there = KeyFolder(settings.keys_folder).read() is not None
    with_redis(lambda redis: vault_of(redis, settings).open(), settings)
    say(f"the keys {'were there already, ' if there else 'are '}in {settings.keys_folder}; keep a copy of them")


@app.command()
def status(output: OutputOption = Output.TABLE) -> None:
    """Shows which keys there are, and how many records each has sealed. Ends with 1 where a record does not open.

    A wrapping key with 0 records is needed for copies of the store only (backups), and can go when they are gone.

    Example:  vestka keys status
              KEY             ID        IN USE  RECORDS
              lookup.key      5f0c91d2  yes     -
              wrapping-2.key  a81f07bb  yes     1204
              wrapping-1.key  03b6c9e0  no      0
    """
    settings = settings_or_end(NotifySettings)
    found = with_redis(lambda redis: vault_of(redis, settings).census(), settings)
    rows = _rows(KeyFolder(settings.keys_folder), found)
    if not rows:
        raise CliExit(Code.NOTHING_MATCHED, "there are no keys yet: 'vestka keys create', or 'vestka run', makes them")
    show_rows(rows, output)
    if found.unreadable:
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(found.unreadable.items()))
        raise CliExit(
            Code.FAILED,
            f"{found.unreadable.total()} record(s) do not open ({reasons}): put the key that is missing back, or a "
            "copy of the store, or 'vestka subscriber erase' them. 'vestka doctor' names their numbers",
        )


@app.command()
def rotate() -> None:
    """Seals every record anew with a new wrapping key, while notify runs. Broken off, call it again: it goes on.

    The key before stays in its file, for copies of the store; see 'vestka keys status'. The lookup key stays: hashes
    that are kept elsewhere were made with it.

    Example:  vestka keys rotate
              1204 record(s) are sealed with wrapping-2.key
    """
    settings = settings_or_end(NotifySettings)
    done = with_redis(lambda redis: _rotate(redis, settings), settings)
    say(f"{done} record(s) are sealed with wrapping-{KeyFolder(settings.keys_folder).now().current.place}.key")


async def _rotate(redis: Redis, settings: NotifySettings) -> int:
    return await vault_of(redis, settings).rotate()


def _rows(folder: KeyFolder, found: Census) -> list[dict[str, Any]]:
    keys = folder.read()
    if keys is None:
        return []
    lookup = {"key": "lookup.key", "id": keys.lookup_mark, "in use": True, "records": None}
    wrapping = [
        {
            "key": f"wrapping-{one.place}.key",
            "id": one.id.hex(),
            "in use": one is keys.current,
            "records": found.by_key[one.id.hex()],
        }
        for one in keys.wrapping
    ]
    return [lookup, *wrapping]
