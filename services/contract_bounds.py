"""What a value of an event may be: forms of ids and times, and bounds that end what could break a reader of events.

They stand far above what our own stations make of the longest article, so they judge no news.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from services.struct_fields import fields_holding

MOST_REVISIONS: Final = 5_000
"""Of one story. A story that is told anew every hour for half a year stays below."""

_END: Final = r"$(?!\n)"
"""The end itself: in Python a bare `$` also stands before a last line break. JavaScript reads it alike."""
_DAY_FORM: Final = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_HOUR_FORM: Final = r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?"

StoryId = Annotated[str, Meta(pattern=rf"^[A-Za-z0-9][A-Za-z0-9_-]{{0,99}}{_END}")]
EventId = Annotated[str, Meta(pattern=rf"^[A-Za-z0-9][A-Za-z0-9_-]{{0,109}}{_END}")]
"""It becomes a header, part of a key and part of an address: letters, digits, `-` and `_`."""
Moment = Annotated[str, Meta(pattern=rf"^{_DAY_FORM}{_HOUR_FORM}Z{_END}")]
"""RFC 3339 in UTC, since moments are compared as text."""
ZonedMoment = Annotated[str, Meta(pattern=rf"^{_DAY_FORM}{_HOUR_FORM}(Z|[+-]\d\d:\d\d){_END}")]
"""RFC 3339 with any offset: what a source says of itself."""
Day = Annotated[str, Meta(pattern=rf"^{_DAY_FORM}{_END}")]
"""An ISO 8601 calendar date."""
Revision = Annotated[int, Meta(ge=1, le=MOST_REVISIONS)]
Sequence = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Number = Annotated[int, Meta(ge=-(2**53 - 1), le=2**53 - 1)]
"""What every reader of JSON reads exactly (RFC 8259, 6)."""
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""Of people, or which act this is."""
Term = Annotated[int, Meta(ge=0, le=10_000)]
"""Days, years or times: it counts no people."""
YearOfBirth = Annotated[int, Meta(ge=1800, le=2200)]
Destination = Annotated[str, Meta(pattern=rf"^([A-Z]{{2}}|home){_END}")]
"""A country (ISO 3166-1 alpha-2), or "home": where they live in Belarus."""
Period = Annotated[
    str, Meta(pattern=rf"^\d{{4}}(-(spring|summer|autumn|winter|(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?))?{_END}")
]
"""A year, a month or a day (ISO 8601), or the season of a year: "2024-summer"."""
Index = Annotated[int, Meta(ge=0, le=10_000)]
Slug = Annotated[str, Meta(max_length=300)]
Text = Annotated[str, Meta(max_length=20_000)]
Texts = Annotated[tuple[Text, ...], Meta(max_length=10_000)]
Url = Annotated[str, Meta(max_length=8_000, pattern=rf"^[^\x00-\x20\x7f]*{_END}")]
ByLanguage = Annotated[dict[Annotated[str, Meta(max_length=35)], Text], Meta(max_length=50)]

_TIMES: Final = frozenset({"time", "occurred_on", "as_of", "published"})
"""Fields that hold a day or a moment, wherever they stand."""


def wrong_time(part: Any, path: str = "$") -> str | None:
    """The path of the first time that no calendar has, like 30 February, which a pattern lets pass; None: all are."""
    if _all_in_calendar(part):
        return None
    return next((where for where, text in _times(part, path) if not _is_in_calendar(text)), None)


def where_wrong(error: Exception) -> str:
    """What msgspec found wrong, by its JSON path alone: some of its messages quote the value before that."""
    _, found, path = str(error).rpartition(" - at ")
    return f"event does not match the schema at {path}" if found else "event is not JSON of the expected shape"


def _all_in_calendar(part: Any) -> bool:
    """Asked of each event that is read, so no path is written."""
    if isinstance(part, tuple):
        return all(map(_all_in_calendar, part))
    if not isinstance(part, Struct):
        return True
    kind = type(part)
    for name in _timed(kind):
        value = getattr(part, name)
        if isinstance(value, str) and not _is_in_calendar(value):
            return False
    return all(_all_in_calendar(getattr(part, name)) for name in fields_holding(kind, (Struct,)))


@lru_cache(maxsize=256)
def _timed(kind: type[Struct]) -> tuple[str, ...]:
    return tuple(name for name in kind.__struct_fields__ if name in _TIMES)


def _times(part: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, tuple):
        for place, inner in enumerate(part):
            yield from _times(inner, f"{path}[{place}]")
    elif isinstance(part, Struct):
        for name in part.__struct_fields__:
            value = getattr(part, name)
            if name in _TIMES and isinstance(value, str):
                yield f"{path}.{name}", value
            else:
                yield from _times(value, f"{path}.{name}")


def _is_in_calendar(text: str) -> bool:
    try:
        datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return False
    return True
