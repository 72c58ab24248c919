"""Items as JSON lines: read one by one, so that one that is broken costs none of the others."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Final

import msgspec

from services.cli.exits import CliExit, Code
from services.cli.output import say
from services.ingest.news_time import MINSK

_SURROGATES: Final = re.compile("[\ud800-\udfff]")


class Line(msgspec.Struct, frozen=True):
    """One line of input; everything but the text may be missing. `published` is a date or an RFC 3339 time; without an
    offset it is Minsk's."""

    id: str
    text: str
    language: str | None = None
    published: str | None = None
    url: str | None = None

    def moment(self) -> datetime | None:
        """Raises ValueError."""
        if self.published is None:
            return None
        try:
            moment = datetime.fromisoformat(self.published)
        except ValueError:
            raise ValueError(f"published {self.published!r} is neither a date nor an RFC 3339 time") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=MINSK)


@dataclass(slots=True)
class Lines:
    """Iterate over it, then `end`: what could not be read was named on stderr, each with its number."""

    stream: BinaryIO
    bad: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[Line]:
        """As they come, so that another program may write a line and read what it gives."""
        for number, raw in enumerate(self.stream, start=1):
            if not raw.strip():
                continue
            try:
                line = _decoded(raw.removeprefix(codecs.BOM_UTF8))
                line.moment()
            except ValueError as error:
                self.bad.append(number)
                say(f"vestka: line {number}: {error}")
            else:
                yield line

    def end(self) -> None:
        """Raises CliExit where a line was bad."""
        if self.bad:
            raise CliExit(Code.USAGE, f"lines that could not be read, and were left out: {len(self.bad)}; mend them")


def _decoded(raw: bytes) -> Line:
    """Raises ValueError. Half a surrogate pair, which is no character, becomes U+FFFD."""
    try:
        return msgspec.json.decode(raw, type=Line)
    except UnicodeDecodeError:
        raise ValueError("is not text in UTF-8; save the file as UTF-8") from None
    except msgspec.ValidationError as error:
        raise ValueError(f"{error}. A line is an object with 'id' and 'text'.") from None
    except msgspec.DecodeError as error:
        return _repaired(raw, error)


def _repaired(raw: bytes, error: msgspec.DecodeError) -> Line:
    """The standard library reads lone surrogates, which msgspec refuses."""
    try:
        plain = json.loads(raw)
        whole = {
            name: _SURROGATES.sub("\ufffd", value) if isinstance(value, str) else value for name, value in plain.items()
        }
        return msgspec.convert(whole, Line)
    except (ValueError, AttributeError, RecursionError):
        raise ValueError(f"{error}. A line is an object with 'id' and 'text'.") from None
