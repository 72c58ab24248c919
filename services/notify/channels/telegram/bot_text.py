"""A rendered Telegram text in pieces the Bot API takes: measured as Telegram measures, cut between lines.

https://core.telegram.org/bots/api#sendmessage: 1 to 4096 characters after entities parsing, in UTF-16 code units.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 4096

_ROOM_FOR_NUMBER: Final = len("\n(99/99)")
_TAG: Final = re.compile(r"<(/?)([a-z][a-z0-9-]*)[^<>]*>")
_ENTITY: Final = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]+|#x[0-9a-fA-F]+);")
"""All that Telegram resolves."""
_SIGN: Final = re.compile(rf"<[^<>]*>|{_ENTITY.pattern}|.", re.DOTALL)


def plain(markup: str) -> str:
    """What a reader sees of it: without tags, entities resolved."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), _TAG.sub("", markup))


def units(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(markup: str, longest: int = LONGEST) -> tuple[str, ...]:
    """One piece, or several that end in "(1/2)"; tags open at a cut are closed before it and opened again after it."""
    if units(plain(markup)) <= longest:
        return (markup,)
    pieces = list(_pieces(markup, longest - _ROOM_FOR_NUMBER))
    return tuple(f"{piece}\n({number}/{len(pieces)})" for number, piece in enumerate(pieces, start=1))


def _pieces(markup: str, longest: int) -> Iterator[str]:
    taken: list[str] = []
    for line in _lines(markup, longest):
        if taken and units(plain("\n".join([*taken, line]))) > longest:
            yield from _closed("\n".join(taken))
            taken = [_open_tags("\n".join(taken)) + line]
        else:
            taken.append(line)
    yield from _closed("\n".join(taken))


def _closed(piece: str) -> Iterator[str]:
    """The piece with what it left open closed; nothing where there is nothing to read in it."""
    if plain(piece).strip():
        names = [match[2] for match in _TAG.finditer(_open_tags(piece))]
        yield piece.strip("\n") + "".join(f"</{name}>" for name in reversed(names))


def _open_tags(piece: str) -> str:
    """The tags still open at its end, as they were written."""
    stack: list[str] = []
    for match in _TAG.finditer(piece):
        if not match[1]:
            stack.append(match[0])
        elif stack:
            stack.pop()
    return "".join(stack)


def _lines(markup: str, longest: int) -> Iterator[str]:
    for line in markup.split("\n"):
        yield from [line] if units(plain(line)) <= longest else _cut(line, longest)


def _cut(line: str, longest: int) -> Iterator[str]:
    """A line too long for any message: cut at a space where one is near, and never inside a tag or an entity."""
    taken: list[str] = []
    size, space = 0, 0
    for sign in _SIGN.findall(line):
        size += units(plain(sign))
        taken.append(sign)
        if sign == " ":
            space = len(taken)
        if size > longest:
            at = space or len(taken) - 1
            yield "".join(taken[:at])
            taken = taken[at:]
            size, space = units(plain("".join(taken))), 0
    yield "".join(taken)
