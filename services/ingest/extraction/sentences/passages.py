"""Cuts a text into sentences whose offsets are code points of that very text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_MAX_TEXT: Final = 30_000
"""Code points read of a text: news stands at the beginning, and a hostile page must not cost us minutes."""

LONGEST_SENTENCE: Final = 1_500
"""A longer one is cut, so that no pattern ever runs over more than this."""

_JOINTS: Final = ("; ", ", ", ";", ",", " ")
"""Where it is cut, the best first: between two names of a list rather than within one."""

_ONE_FOR_ONE: Final = str.maketrans(
    "“”„«»‘’ʼ`´\u00a0\u202f\u2009\u2007\t\u2212\u2012\u2013\u2014\u2010\u2011ёЁ",
    "\"\"\"\"\"'''''     ------еЕ",
)
"""Every replacement is one code point for one, so that a span in the plain text is a span in the text."""

_PRIVATE_USE: Final = re.compile("[\ue000-\uf8ff]")

_BREAK: Final = re.compile(r"[.!?…][\"')\]]*(?P<blanks>\s+)|\n\s*|(?=[❗⚡])")
"""Where a sentence may end: behind a stop, at the end of a line, before a sign that opens an item."""

_CAPITAL: Final = re.compile(r"(?<![\"'(\[])[\"'(\[]*[^\Wа-яa-zіў_]")
_OPENING: Final = frozenset("❗⚡")

_ITEM: Final = re.compile(r"[-•*▪◾●‣·] ?\w")
"""An item of a list is of one paragraph with the line before it."""

_ABBREVIATION: Final = re.compile(
    r"(?:(?<!\w)(?:\w|ст|ч|п|г|гг|им|арт|тыс|млн|млрд|руб|др|No|St|Mr|Mrs|Ms|Dr|Art|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|"
    r"Oct|Nov|Dec|vs|янв|фев|апр|авг|сент?|окт|нояб?|дек|[A-Z]\.[A-Z]))\.$"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`plain` is the sentence with quotes, dashes, spaces and ё made one kind; `start` is its place in the text.

    `written` is the same stretch of the text untouched: of equal length, and with the ё of names.
    """

    plain: str
    start: int
    paragraph: int
    written: str
    goes_on: bool = False
    """It was too long: the next one is the rest of it."""

    def __hash__(self) -> int:
        return hash(self.plain)


def plain(text: str) -> str:
    """The text in one kind of quotes, dashes and spaces; exactly as many code points as before."""
    return _PRIVATE_USE.sub(" ", text.translate(_ONE_FOR_ONE))


def sentences(text: str) -> tuple[Sentence, ...]:
    """In order; blank ones are left out. Reads at most 30,000 code points."""
    seen = plain(text[:_MAX_TEXT])
    found: list[Sentence] = []
    paragraph = start = 0
    for end, following in _cuts(seen):
        found.extend(_pieces(text, seen, start, end, paragraph))
        paragraph += "\n" in seen[end:following] and not _ITEM.match(seen, following)
        start = following
    return tuple(found)


def _cuts(seen: str) -> list[tuple[int, int]]:
    """Where a sentence ends and the next begins. Goes over the text once, whatever it holds."""
    cuts = [(0, 0)]
    for match in _BREAK.finditer(seen):
        start, end = _gap(seen, match)
        if cuts[-1][1] <= start < end and not _is_abbreviated(seen, start, end):
            cuts.append((start, end))
    return [*cuts[1:], (len(seen), len(seen))]


def _gap(seen: str, match: re.Match[str]) -> tuple[int, int]:
    """From behind the stop, or from where the blanks begin, to the next sentence; nothing where none begins."""
    end = match.end()
    if match["blanks"] is None:  # a line's end, or a sign that opens an item
        return _before_blanks(seen, match.start()), end
    if _CAPITAL.match(seen, end):
        return match.start() + 1, end
    ends = "\n" in match["blanks"] or seen[end : end + 1] in _OPENING
    return (match.start("blanks") if ends else end), end


def _before_blanks(seen: str, at: int) -> int:
    while at and seen[at - 1].isspace():
        at -= 1
    return at


def _is_abbreviated(seen: str, start: int, end: int) -> bool:
    return "\n" not in seen[start:end] and _ABBREVIATION.search(seen[max(0, start - 8) : start]) is not None


def _pieces(text: str, seen: str, start: int, end: int, paragraph: int) -> list[Sentence]:
    found: list[Sentence] = []
    while start < end:
        until = _joint(seen, start, end)
        if seen[start:until].strip():
            found.append(Sentence(seen[start:until], start, paragraph, text[start:until], goes_on=until < end))
        start = until
    return found


def _joint(seen: str, start: int, end: int) -> int:
    """Where a piece that starts here ends: with the sentence, else at a joint in its last third, else at its length."""
    longest = start + LONGEST_SENTENCE
    if end <= longest:
        return end
    places = (seen.rfind(joint, start + LONGEST_SENTENCE * 2 // 3, longest) + len(joint) for joint in _JOINTS)
    return next((place for place in places if place > start + len(_JOINTS[0])), longest)
