"""`vestka subscriber import`: subscribers as JSON Lines; a line that is bad is named and costs no other."""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, BinaryIO

import typer
from redis.asyncio import Redis

from services.cli.arguments import open_bytes
from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.output import Output, OutputOption, say, show_record
from services.cli.subscriber_access import Checks, checks_of, keyring_or_end, open_vault
from services.notify.settings import NotifySettings
from services.runtime.clock import rfc3339
from services.runtime.steady_clock import server_time
from services.subscribers.entries import UnusableSubscribers
from services.subscribers.exported import SEALED, ExportSeal
from services.subscribers.keyring import OtherKey
from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.subscriber import Subscriber
from services.subscribers.subscriber_lines import lines_of, read_line, subscriber_of
from services.subscribers.taking_in import Taken, TakenAs, take_in


def import_lines(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="JSON Lines; without it, stdin")] = "-",
    output: OutputOption = Output.TABLE,
) -> None:
    """Takes subscribers in: one JSON object a line, or the lines of an export.

    A label or an address that is known is replaced and not doubled; a stop stays, and who was erased stays out. A line
    that is bad is named, with its field and never with what stands there, and costs no other; then the end is 1.
    Importing the same file again doubles nobody. Only "channels" must be there:

    {"language": "ru", "mode": "discreet", "label": "…", "channels": [{"channel": "email", "target": "…"}],
    "interests": [{"kinds": ["arrest"], "regions": ["gomel"], "persons": ["…"]}], "since": "2024-12-28T09:14:03Z"}

    Example:  vestka subscriber import readers.jsonl
              readers.jsonl: line 17: channels.0.target: an email address has a name, an @ and a domain
              added     4998
              replaced  1
              left out  0
              bad       1
    """
    settings = settings_or_end(NotifySettings)
    checks = checks_of(settings)
    with open_bytes(file) as stream:
        intake = _Intake("stdin" if file == "-" else file, checks)
        with_redis(lambda redis: intake.run(redis, settings, stream), settings)
    if not intake.lines:
        raise CliExit(Code.NOTHING_MATCHED, f"{intake.where}: no line stands there")
    show_record({how: intake.counts[how] for how in (*TakenAs, _BAD)}, output)
    if bad := intake.counts[_BAD]:
        raise CliExit(Code.FAILED, f"{bad} of {intake.lines} lines were not taken; mend them and import again")


_BAD = "bad"


@dataclass(slots=True)
class _Intake:
    """One run over all lines, and what became of them."""

    where: str
    checks: Checks
    lines: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    seen: dict[int, int] = field(default_factory=dict)
    """The numbers that subscribers of this run have, with the line that each came from last."""

    async def run(self, redis: Redis, settings: NotifySettings, stream: BinaryIO) -> None:
        seal = ExportSeal(await keyring_or_end(redis, settings))
        vault, now = await open_vault(redis, settings), rfc3339(await server_time(redis))
        try:
            with _progress(stream) as progress:
                for number, raw in lines_of(stream):
                    self.lines += 1
                    place = f"{self.where}: line {number}"
                    try:
                        taken = await take_in(vault, self._subscriber(raw, seal, now, place))
                        self._count(taken, number, place, progress.say)
                    except UnusableSubscribers as error:
                        self.counts[_BAD] += 1
                        progress.say(str(error))
                    except UnreadableRecord as error:  # of whoever is there under this label or address
                        self.counts[_BAD] += 1
                        progress.say(f"{place}: {error}")
                    progress.advance(len(raw) + 1)
        except BaseException:
            say(f"{self.where}: lines taken before it ended: {self.counts.total()}; importing again doubles nobody")
            raise

    def _subscriber(self, raw: bytes, seal: ExportSeal, now: str, place: str) -> Subscriber:
        read = read_line(raw, place)
        if SEALED not in read:
            return subscriber_of(read, self.checks.channels, self.checks.languages, now, place)
        try:
            return seal.open(str(read[SEALED]))
        except OtherKey as error:
            raise UnusableSubscribers(f"{place}: {SEALED}: {error}") from None

    def _count(self, taken: Taken, line: int, place: str, tell: Callable[[str], None]) -> None:
        self.counts[taken.how] += 1
        if taken.how is TakenAs.LEFT_OUT:
            tell(f"{place}: left out, since whoever it is stopped or was erased")
        elif taken.number is not None:
            if (before := self.seen.get(taken.number)) is not None:
                tell(f"{place}: the same subscriber as in line {before}, whom it replaces")
            self.seen[taken.number] = line


class _Progress:
    """A bar on a terminal, which nothing is written into; elsewhere what is said is said at once."""

    def __init__(self, update: Callable[[int], None] | None) -> None:
        self._update = update
        self._later: list[str] = []

    def advance(self, size: int) -> None:
        if self._update is not None:
            self._update(size)

    def say(self, text: str) -> None:
        if self._update is None:
            say(text)
        else:
            self._later.append(text)

    def end(self) -> None:
        for text in self._later:
            say(text)


@contextmanager
def _progress(stream: BinaryIO) -> Iterator[_Progress]:
    size = _size(stream)
    if size is None or not sys.stderr.isatty():
        yield _Progress(None)
        return
    with typer.progressbar(length=size, label="import", file=sys.stderr) as bar:
        progress = _Progress(bar.update)
        try:
            yield progress
        finally:
            bar.finish()
            bar.render_finish()
            progress.end()


def _size(stream: BinaryIO) -> int | None:
    """Bytes of a file; None of a pipe, whose end nobody knows."""
    try:
        found = os.fstat(stream.fileno())
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None
