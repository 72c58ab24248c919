"""An event's text in one language and mode, cut into messages once; what is a reader's own is put in for each.

A mark that is as long as the reader's link stands for it while the text is cut, so it is cut as it would be with the
link. Where the link holds a sign that counts otherwise, or a cut would go through it, the text is cut for them alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from services.notify.channels.base import STOP_URL_SLOT, Rendered
from services.notify.channels.telegram.bot_text import LONGEST, plain, split, units
from services.subscribers.address import Mode

_LINK: Final = re.compile(r"[A-Za-z0-9:/._~?%+,@=-]{8,900}")
"""Signs that HTML leaves as they are, and at which no line is cut."""
_MARK: Final = "\ue002"
"""Repeated. A private-use character never survives in an article."""
_MOST_LENGTHS: Final = 8
_CONTINUED: Final = "…"
"""Where there are no words for it."""


class ComposedText:
    def __init__(self, rendered: Rendered, mode: Mode = "plain") -> None:
        self._parts = rendered.parts
        self._opening = f"{rendered.neutral.get('continued', _CONTINUED)}\n\n" if mode == "discreet" else ""
        """Of each message but the first, which has its own: a notification shows how a message begins."""
        self._pieces: dict[int, tuple[str, ...] | None] = {}
        """By the link's length; None where a cut goes through it."""

    def markup(self, stop_url: str) -> tuple[str, ...]:
        """The messages, in Telegram's HTML."""
        length = len(stop_url)
        if not _LINK.fullmatch(stop_url) or (length not in self._pieces and len(self._pieces) >= _MOST_LENGTHS):
            return self._cut(html.escape(stop_url))
        if length not in self._pieces:
            self._pieces[length] = self._marked(_MARK * length)
        pieces = self._pieces[length]
        if pieces is None:
            return self._cut(stop_url)
        return tuple(piece.replace(_MARK * length, stop_url) for piece in pieces)

    def words(self, stop_url: str) -> tuple[str, ...]:
        """The same without markup, for when Telegram cannot read ours."""
        text = self._parts["plain"].replace(STOP_URL_SLOT, stop_url).strip()
        return tuple(map(plain, self._split(html.escape(text, quote=False))))

    def _marked(self, mark: str) -> tuple[str, ...] | None:
        pieces, wanted = self._cut(mark), self._parts["html"].count(STOP_URL_SLOT)
        if _MARK in self._parts["html"] or sum(piece.count(_MARK) for piece in pieces) != wanted * len(mark):
            return None
        return pieces if sum(piece.count(mark) for piece in pieces) == wanted else None

    def _cut(self, link: str) -> tuple[str, ...]:
        return self._split(self._parts["html"].replace(STOP_URL_SLOT, link).strip())

    def _split(self, markup: str) -> tuple[str, ...]:
        pieces = split(markup)
        if len(pieces) < 2 or not self._opening:
            return pieces
        opening = html.escape(self._opening, quote=False)
        first, *others = split(markup, LONGEST - units(plain(opening)))
        return (first, *(opening + piece for piece in others))


def below_the_opening(text: str) -> Iterator[dict[str, str | int]]:
    """The entities of a message without markup that hide what stands below its first paragraph, which is neutral
    (https://core.telegram.org/bots/api#messageentity)."""
    opening, between, rest = text.partition("\n\n")
    start = units(opening + between) if between else 0
    if length := units(rest if between else text):
        yield {"type": "spoiler", "offset": start, "length": length}
