"""What stands behind a command's options and arguments, read and checked; what cannot be read ends with USAGE."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from services.cli.exits import CliExit, Code
from services.ingest.news_time import MINSK
from services.runtime.clock import moment_or_ago

Since = Annotated[str | None, typer.Option(metavar="TIME", help="from then on: RFC 3339, or so long ago: 24h, 30m, 7d")]
Until = Annotated[str | None, typer.Option(metavar="TIME", help="until then: RFC 3339, or so long ago")]
AsOf = Annotated[
    str | None,
    typer.Option(
        metavar="DATE", help="read it as on that day (YYYY-MM-DD): later acts are not known yet, nothing is stale"
    ),
]

_ENTRY = re.compile(r"(\d{1,19})-(\d{1,19})", re.ASCII)


def time_span(since: str | None, until: str | None, now: float) -> tuple[float | None, float | None]:
    """Unix seconds of --since and --until, None for an open end."""
    first, last = _moment("--since", since, now), _moment("--until", until, now)
    if first is not None and last is not None and first > last:
        raise CliExit(Code.USAGE, f"--since {since} is later than --until {until}: nothing can lie between them")
    return first, last


def _moment(name: str, text: str | None, now: float) -> float | None:
    if text is None:
        return None
    try:
        moment = moment_or_ago(text, now)
    except OverflowError:
        raise CliExit(Code.USAGE, f"{name} {text!r} is too far away") from None
    except ValueError:
        raise CliExit(Code.USAGE, f"{name} {text!r} is neither an RFC 3339 time nor like 24h, 30m, 7d") from None
    if moment < 0:
        raise CliExit(Code.USAGE, f"{name} {text!r} is before 1970, and so before anything that could be asked for")
    return moment


def entry_id(text: str, shown_by: str) -> str:
    """The id of an entry of a stream, as Redis writes it: milliseconds and a number."""
    if not _ENTRY.fullmatch(text):
        raise CliExit(Code.USAGE, f"{text!r} is no such id; it looks like 1735377243120-0, see '{shown_by}'")
    return text


def day(text: str | None, today: date | None = None) -> date | None:
    """`today`: Minsk's, unless given. Raises CliExit over what is no date, and over one that is still to come."""
    if not text:
        return None
    try:
        given = date.fromisoformat(text)
    except ValueError:
        raise CliExit(Code.USAGE, f"--as-of {text!r} is no date; write it as YYYY-MM-DD") from None
    if given > (today or datetime.now(MINSK).date()):
        raise CliExit(Code.USAGE, f"--as-of {text} is still to come; give the day on which the text came out")
    return given


def open_bytes(file: str) -> BinaryIO:
    """A file, or stdin for `-`."""
    try:
        return sys.stdin.buffer if file == "-" else Path(file).open("rb")
    except OSError as error:
        raise CliExit(Code.USAGE, f"{file}: cannot be read ({error.strerror})") from None


def read_bytes(file: str) -> bytes:
    """All of a file, or of stdin for `-`."""
    with open_bytes(file) as stream:
        return stream.read()


def read_text(file: str) -> str:
    """The same as text. Never shows what stands there."""
    try:
        return read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CliExit(
            Code.USAGE, f"{'stdin' if file == '-' else file}: is not text in UTF-8; save it as UTF-8"
        ) from None
