"""`vestka subscriber export`: everybody, sealed for a house with the same key; or plain, which is asked about."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, TextIO

import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.output import say
from services.cli.prompts import confirmed_or_end
from services.cli.subscriber_access import keyring_or_end, open_vault
from services.notify.settings import NotifySettings
from services.subscribers.exported import ExportSeal, plain_line
from services.subscribers.subscriber import Subscriber

_IN_THE_CLEAR = (
    "This writes every address, secret and watched name in the clear. Whoever gets to see it knows who our readers are."
)


def export(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="a new file; without it, stdout")] = "-",
    plain: Annotated[bool, typer.Option("--plain", help="in the clear, as 'import' reads it anywhere")] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="with --plain: do it without asking")] = False,
) -> None:
    """Writes everybody down, one a line, for 'vestka subscriber import'.

    Each line is sealed: it can be read where the same key is, and says nothing to anybody else. With --plain addresses,
    secrets and watched names stand there in the clear, so that is asked about; names stand in the form that they are
    compared in. Who was erased is in neither. A file gets mode 0600, and none that exists is written over.

    Example:  vestka subscriber export readers.sealed
              412 subscribers are in readers.sealed

    Example:  vestka subscriber export --plain readers.jsonl
              This writes every address, secret and watched name in the clear. …
              Write them all? [y/N]:
    """
    if plain:
        if not confirm:
            say(_IN_THE_CLEAR)
        confirmed_or_end("Write them all?", confirm=confirm, undone="nothing was written", hint="add --confirm")
    settings = settings_or_end(NotifySettings)

    async def work(redis: Redis) -> tuple[list[Subscriber], Callable[[Subscriber], dict[str, Any]]]:
        line = plain_line if plain else ExportSeal(await keyring_or_end(redis, settings)).close
        return await (await open_vault(redis, settings)).everybody(), line

    everybody, line = with_redis(work, settings)
    if not everybody:
        raise CliExit(Code.NOTHING_MATCHED, "there is no subscriber yet; nothing was written")
    with _opened(file) as stream:
        stream.writelines(json.dumps(line(one), ensure_ascii=False) + "\n" for one in everybody)
    if file != "-":
        say(f"{len(everybody)} subscribers are in {file}")


@contextmanager
def _opened(file: str) -> Iterator[TextIO]:
    if file == "-":
        _for_us_alone(sys.stdout)
        yield sys.stdout
        return
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise CliExit(Code.USAGE, f"{file}: exists; name another, or remove it first") from None
    except OSError as error:
        raise CliExit(Code.USAGE, f"{file}: cannot be written ({error.strerror})") from None
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        yield stream
        stream.flush()
        os.fsync(handle)


def _for_us_alone(stream: TextIO) -> None:
    """A file that a shell made for our output can be read by everybody on the machine until now."""
    try:
        handle = stream.fileno()
        if stat.S_ISREG(os.fstat(handle).st_mode):
            os.fchmod(handle, 0o600)
    except OSError:
        return
