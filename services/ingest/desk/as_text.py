"""Strangers' texts as text: what an operator looks at neither acts on a terminal or a page, nor shows otherwise than
it stands. Pure."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

_SHOWN_AS: Final = "\ufffd"
_BRACKETS: Final = str.maketrans("<>", "\u2039\u203a")
"""A tag becomes words in brackets that no browser reads."""


def as_line(text: str) -> str:
    """In one line."""
    return " ".join(as_text(text).split())


def as_text(text: str) -> str:
    """With its line breaks, and U+FFFD for each character that is not seen or turns the order of others."""
    return "".join(_shown(one) for one in text.replace("\r\n", "\n").translate(_BRACKETS))


def as_texts(value: Any) -> Any:
    """A JSON value, with every text in it as text."""
    match value:
        case str():
            return as_text(value)
        case dict():
            return {as_text(name): as_texts(one) for name, one in value.items()}
        case list() | tuple():
            return [as_texts(one) for one in value]
    return value


def _shown(one: str) -> str:
    if one in "\n\t" or one.isprintable():
        return one
    if unicodedata.category(one) == "Zs":
        return " "
    return _SHOWN_AS
