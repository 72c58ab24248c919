"""The fields of a request, none of which is written unchecked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from services.egress.errors import BadRequest

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"[\t -~]*")
_OURS: Final = frozenset({"host", "connection", "content-length", "transfer-encoding", "expect", "upgrade"})
"""Fields that say how the message is framed, and are no caller's."""


class Fields:
    """Fields that many requests have in common, checked and written once."""

    __slots__ = ("names", "text")

    def __init__(self, fields: Mapping[str, str]) -> None:
        """Raises BadRequest."""
        self.text = write_fields(fields)
        self.names = frozenset(map(str.lower, fields))

    def __add__(self, other: Fields) -> Fields:
        both = Fields({})
        both.text, both.names = self.text + other.text, self.names | other.names
        return both


def write_fields(fields: Mapping[str, str]) -> str:
    """Raises BadRequest for a name or a value that would break the frame, and for those that make it."""
    text = ""
    for name, value in fields.items():
        if not (_is_callers(name) and value.isascii() and (value.isprintable() or _VALUE.fullmatch(value))):
            raise BadRequest
        text += f"{name}: {value}\r\n"
    return text


@lru_cache(256)
def _is_callers(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and name.lower() not in _OURS


NO_FIELDS: Final = Fields({})
