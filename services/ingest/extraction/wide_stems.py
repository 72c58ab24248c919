"""WideStems of words, in many languages at once, by which a text is worth a look: of an act, of Belarus, of politics.

They are wide on purpose: whatever they find only waits at the desk, and what they miss nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon
from services.ingest.extraction.seen_act import SeenAct


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    home: dict[str, list[str]]
    political: dict[str, list[str]]
    abroad: dict[str, list[str]]
    pardon: dict[str, list[str]]
    release: dict[str, list[str]]
    arrest: dict[str, list[str]]
    of_prisoners: dict[str, list[str]]
    unread: dict[SeenAct, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class WideStems:
    home: re.Pattern[str]
    political: re.Pattern[str]
    abroad: re.Pattern[str]
    acts: tuple[tuple[SeenAct, re.Pattern[str]], ...]
    of_prisoners: re.Pattern[str]
    unread: tuple[tuple[SeenAct, re.Pattern[str]], ...]
    """Acts in languages that nobody reads, beside those of `acts`."""

    def acts_in(self, plain: str) -> tuple[SeenAct, ...]:
        return tuple(act for act, stems in self.acts if stems.search(plain))

    def acts_in_unread(self, plain: str) -> tuple[SeenAct, ...]:
        """The same for a sentence of a language that nobody reads."""
        return tuple(dict.fromkeys(act for act, stems in (*self.acts, *self.unread) if stems.search(plain)))


@cache
def stems() -> WideStems:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "wide_stems.yaml", _Written, BadLexicon)
    return WideStems(
        home=any_of(written.home),
        political=any_of(written.political),
        abroad=any_of(written.abroad),
        acts=(
            ("pardon", any_of(written.pardon)),
            ("release", any_of(written.release)),
            ("arrest", any_of(written.arrest)),
        ),
        of_prisoners=any_of(written.of_prisoners),
        unread=tuple((act, any_of(listed)) for act, listed in written.unread.items()),
    )


def any_of(by_languages: dict[str, list[str]]) -> re.Pattern[str]:
    """In scripts with spaces a stem begins a word; `-` before it lets it stand within one, a space is any white space,
    and `…` up to 30 characters."""
    each = sorted({stem for listed in by_languages.values() for stem in listed}, key=len, reverse=True)
    inner = [_body(stem[1:]) for stem in each if stem.startswith("-")]
    opening = [_body(stem) for stem in each if not stem.startswith("-")]
    return re.compile("|".join([*_alternatives(r"(?<!\w)", opening), *_alternatives("", inner)]), re.IGNORECASE)


def _alternatives(before: str, bodies: Iterable[str]) -> list[str]:
    joined = "|".join(bodies)
    return [f"{before}(?:{joined})"] if joined else []


def _body(stem: str) -> str:
    # Between two words a single space at either end, or a run of spaces could be shared out in many ways.
    said = re.escape(stem.replace("ё", "е")).replace("\\ …\\ ", r"\s.{0,30}?\s")
    return said.replace("\\ ", r"\s+").replace("…", ".{0,30}?")
