"""`vestka subscriber import`: subscribers as JSON Lines; a line that is bad is named and costs no other."""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, BinaryIO, Final

import typer
from redis.asyncio import Redis

from services.cli.arguments import open_bytes
from services.cli.connection import settings_or_end, with_redis
from services.cli.consent import AskedByMail, asked_by_mail, note_consent
from services.cli.exits import CliExit, Code
from services.cli.last_lines import LastLines
from services.cli.output import Output, OutputOption, say, show_record
from services.cli.subscriber_access import Checks, checks_of, keyring_or_end, open_vault
from services.notify.settings import NotifySettings
from services.runtime.clock import rfc3339
from services.runtime.steady_clock import server_time
from services.subscribers.batches import Batches
from services.subscribers.entries import UnusableSubscribers
from services.subscribers.exported import SEALED, ExportSeal
from services.subscribers.keyring import OtherKey
from services.subscribers.subscriber import Subscriber
from services.subscribers.subscriber_lines import batches_of, lines_of, read_line, subscriber_of
from services.subscribers.taking_in import Taken, TakenAs


def import_lines(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="JSON Lines; without it, stdin")] = "-",
    ask: Annotated[
        bool, typer.Option("--ask-by-mail", help="take nobody in: send each a letter by which they join themselves")
    ] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Takes subscribers in: one JSON object a line, or the lines of an export.

    A label or an address that is known is replaced and not doubled; a stop stays, and who was erased stays out. A line
    that is bad is named, with its field and never with what stands there, and costs no other; then the end is 1.
    Importing the same file again doubles nobody. Who is taken in counts as confirmed, as the audit says. Only
    "channels" must be there:

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
        intake = _Intake("stdin" if file == "-" else file, checks, ask)
        with_redis(lambda redis: intake.run(redis, settings, stream), settings)
    if not intake.lines:
        raise CliExit(Code.NOTHING_MATCHED, f"{intake.where}: no line stands there")
    shown = [how for how in (*TakenAs, _BAD) if ask or how != TakenAs.ASKED]
    show_record({how: intake.counts[how] for how in shown}, output)
    if bad := intake.counts[_BAD]:
        raise CliExit(Code.FAILED, f"{bad} of {intake.lines} lines were not taken; mend them and import again")


_BAD = "bad"
_AT_ONCE: Final = 1000
"""Lines of a transaction; the larger, the longer others may change what it read before it is written."""
_BYTES_AT_ONCE: Final = 1 << 20


@dataclass(slots=True)
class _Intake:
    """One run over all lines, and what became of them. What it keeps of a line is where it stood."""

    where: str
    checks: Checks
    ask: bool = False
    lines: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    seen: LastLines = field(default_factory=LastLines)
    """Where the subscribers of this run came from last."""

    async def run(self, redis: Redis, settings: NotifySettings, stream: BinaryIO) -> None:
        seal = ExportSeal(await keyring_or_end(redis, settings))
        vault, now = await open_vault(redis, settings), rfc3339(await server_time(redis))
        intake: Batches | AskedByMail | None = None
        try:
            with _progress(stream) as progress:
                for batch in batches_of(lines_of(stream), _AT_ONCE, _BYTES_AT_ONCE):
                    self.lines += len(batch)
                    read = [self._read(number, raw, seal, now) for number, raw in batch]
                    good = [one for one in read if isinstance(one, Subscriber)]
                    if good and intake is None:  # which founds a store where there is none
                        intake = await (asked_by_mail(redis, settings, vault) if self.ask else vault.intake())
                    taken = iter(await intake.take_in(good) if intake is not None else ())
                    for (number, _), one in zip(batch, read, strict=True):
                        self._count(next(taken) if isinstance(one, Subscriber) else one, number, progress.say)
                    progress.advance(sum(len(raw) + 1 for _, raw in batch))
        except BaseException:
            say(f"{self.where}: lines taken before it ended: {self.counts.total()}; importing again doubles nobody")
            raise
        finally:
            await note_consent(redis, self.counts[TakenAs.ADDED] + self.counts[TakenAs.REPLACED], "imported")

    def _place(self, line: int) -> str:
        return f"{self.where}: line {line}"

    def _read(self, line: int, raw: bytes, seal: ExportSeal, now: str) -> Subscriber | UnusableSubscribers:
        try:
            return self._subscriber(raw, seal, now, self._place(line))
        except UnusableSubscribers as error:
            return error

    def _subscriber(self, raw: bytes, seal: ExportSeal, now: str, place: str) -> Subscriber:
        read = read_line(raw, place)
        if SEALED not in read:
            return subscriber_of(read, self.checks.channels, self.checks.languages, now, place)
        try:
            return seal.open(str(read[SEALED]))
        except OtherKey as error:
            raise UnusableSubscribers(f"{place}: {SEALED}: {error}") from None

    def _count(self, taken: Taken | Exception, line: int, tell: Callable[[str], None]) -> None:
        match taken:
            case UnusableSubscribers():
                self.counts[_BAD] += 1
                tell(str(taken) if str(taken).startswith(self.where) else f"{self._place(line)}: {taken}")
            case Exception():  # a record does not open, of whoever is there under this label or address
                self.counts[_BAD] += 1
                tell(f"{self._place(line)}: {taken}")
            case Taken(TakenAs.LEFT_OUT):
                self.counts[TakenAs.LEFT_OUT] += 1
                tell(f"{self._place(line)}: left out, since whoever it is stopped or was erased")
            case Taken(how, number):
                self.counts[how] += 1
                if number is not None and (before := self.seen.put(number, line)):
                    tell(f"{self._place(line)}: the same subscriber as in line {before}, whom it replaces")


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
