"""What of a long Telegram text is read at once, and what opens at a touch: an expandable quote holds the rest.

https://core.telegram.org/bots/api#html-style: `<blockquote expandable>`. An app shows its first lines and a mark to
open it, so everything stays in the message, and the chat is not filled by one.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Final

from services.notify.channels.telegram.bot_text import plain

OPEN_LINES: Final = 14
"""Lines that a phone shows at once, the blank ones and the link to stop among them."""
LONGEST_FIRST_LINE: Final = 99
"""Characters: the first line is the notification, and is read whole."""
STAYS_OPEN: Final = "\ue003"
"""Begins a line that is never folded away, such as a caution. Private-use characters never survive in an article."""
ONE_PIECE: Final = "\ue004"
"""Begins a paragraph that is folded away whole or not at all, but for the first such, such as a story of a digest."""
MARKS: Final = {"stays_open": STAYS_OPEN, "one_piece": ONE_PIECE}
"""As the templates call them."""

_BREAKS: Final = (" (", "; ", ", ", " ")
"""Where a sentence may go on in the next line, the best first."""
_HEADING: Final = ":"
_DRESS: Final = re.compile(r"((?:<[^<>/]*>)*)(.*?)((?:</[^<>]*>)*)", re.DOTALL)
_ENDING: Final = re.compile(r"&[a-z#0-9]*$")


def folded(markup: str) -> str:
    """At most `OPEN_LINES` lines outside the quote, the last paragraph and what stays open among them. Whatever begins
    and ends in one line stays so."""
    lines = _tidy(markup)
    lines = [*_first_line(lines[0]), *lines[1:]] if lines else lines
    if len(lines) <= OPEN_LINES:
        return "\n".join(_unmarked(line) for line in lines)
    body, footer = _parted(lines)
    kept = [line for line in body if line.startswith(STAYS_OPEN)]
    others = [line for line in body if not line.startswith(STAYS_OPEN)]
    head = _head(others, OPEN_LINES - len(footer) - len(kept))
    quoted = "\n".join(_unmarked(line) for line in others[len(head) :]).strip("\n")
    opened = [_unmarked(line) for line in (*head, *kept)]
    quote = [f"<blockquote expandable>{quoted}</blockquote>"] if quoted else []
    return "\n".join([*opened, *quote, *footer]).strip("\n")


def _tidy(markup: str) -> list[str]:
    """No two blank lines together, and none at either end."""
    lines = [line.rstrip() for line in markup.strip().split("\n")]
    return [line for blank, alike in groupby(lines, lambda line: not line) for line in ([""] if blank else alike)]


def _parted(lines: list[str]) -> tuple[list[str], list[str]]:
    """The last paragraph, with the blank line before it, is the footer."""
    at = max((place for place, line in enumerate(lines) if not line), default=len(lines))
    return lines[:at], lines[at:]


def _unmarked(line: str) -> str:
    return line.removeprefix(STAYS_OPEN).removeprefix(ONE_PIECE)


def _head(lines: list[str], room: int) -> list[str]:
    """As many as there is room for; no heading stands alone at its end."""
    head = lines[: _end_of_a_piece(lines, max(1, room))]
    while len(head) > 1 and (not head[-1] or plain(head[-1]).endswith(_HEADING)):
        head.pop()
    return head


def _end_of_a_piece(lines: list[str], at: int) -> int:
    """`at`, or where the piece begins that would be cut there."""
    pieces = [place for place, line in enumerate(lines[:at]) if line.startswith(ONE_PIECE)]
    is_cut = at < len(lines) and lines[at] and "" not in lines[pieces[-1] : at] if pieces else False
    return pieces[-1] if is_cut and len(pieces) > 1 else at


def _first_line(line: str) -> list[str]:
    """In two where it is too long, each with the tags that were round the whole."""
    if len(plain(line)) <= LONGEST_FIRST_LINE:
        return [line]
    dressed = _DRESS.fullmatch(line)
    assert dressed is not None
    before, words, after = dressed.groups()
    if "<" in words:
        return [line]
    at = _break(words)
    return [f"{before}{words[:at].rstrip()}{after}", f"{before}{words[at:].lstrip()}{after}"]


def _break(words: str) -> int:
    """Where to break words that hold entities, never within one."""
    room = LONGEST_FIRST_LINE
    while room < len(words) and len(plain(words[: room + 1])) <= LONGEST_FIRST_LINE:
        room += 1
    for mark in _BREAKS:
        at = words.rfind(mark, room // 3, room)
        if at > 0:
            return at + len(mark.rstrip(" ("))
    cut = _ENDING.search(words[:room])
    return cut.start() if cut else room
