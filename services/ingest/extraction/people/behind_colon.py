"""People whom a sentence lists behind a colon: "taken: two students, three drivers and Maria Ivanova" are six."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from services.contract import Kind
from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.people.namings import Naming
from services.ingest.extraction.sentences.read_sentence import Reading
from services.ingest.extraction.signals import statement_of

_SIGNALS: Final = {Kind.PARDON: ("pardon", "release"), Kind.ARREST: ("arrest",)}

_JOINT: Final = re.compile(r",? (?:and|и|і|й|ды|а также|а таксама) |[,;] ")
_END: Final = re.compile(r"[.!?](?= |$)| - ")
_MORE: Final = re.compile(r"(?:ещ[её]|яшчэ|another|a further|some) ")
_A_PERSON: Final = re.compile(r"(?:an?|another|one|один|одну|аднаго|адну)(?: [\w-]+){1,3}")
"""One unnamed person; a language without articles says it with the word alone, see `lexicon.somebody`."""


@dataclass(frozen=True, slots=True)
class PeopleBehindColon:
    """Whom the list holds. `value` is None where the sentence counts them before the colon, or an item is no person."""

    names: tuple[Naming, ...]
    value: int | None
    start: int
    end: int


def behind_colon(reading: Reading, names: Sequence[Naming], lexicon: Lexicon, kind: Kind) -> PeopleBehindColon | None:
    """None where the words before the colon state no act of that kind, or a list does not follow."""
    plain = reading.sentence.plain
    colon = plain.find(": ")
    if colon < 0 or kind not in _SIGNALS or not _opens(reading.counted[:colon], lexicon, kind):
        return None
    ending = _END.search(plain, colon + 2)
    return _read(reading, names, colon, ending.start() if ending else len(plain.rstrip(". ")))


def _opens(before: str, lexicon: Lexicon, kind: Kind) -> bool:
    return opens_list(before, kind) or statement_of(before, lexicon, _SIGNALS[kind]) is not None


def _read(reading: Reading, names: Sequence[Naming], colon: int, end: int) -> PeopleBehindColon | None:
    plain = reading.sentence.plain
    total, at, met, counts = 0, colon + 2, list[Naming](), 0
    for joint in (*_JOINT.finditer(plain, at, end), None):
        until = joint.start() if joint else end
        inside = [each for each in names if at <= each.start < until]
        counted_from = more.end() if (more := _MORE.match(plain, at)) else at
        number = next((each.value for each in reading.quantities if each.number_start == counted_from), 0)
        somebody = _A_PERSON.fullmatch(plain, at, until) is not None
        if not (inside or number or somebody):
            break
        total, counts = total + (number or len(inside) or 1), counts + 1
        met += inside
        at = joint.end() if joint else end
    whole = at == end or bool(met and counts > 1)
    before = any(each.number_start < colon for each in reading.quantities)
    if not counts or not whole:
        return None
    return PeopleBehindColon(tuple(met), total if counts > 1 and not before else None, colon, at)


def opens_list(line: str, kind: Kind) -> bool:
    """Is the line, without its colon, a heading of a list of those whom an act of that kind touched?"""
    pattern = _headings().get(kind.value)
    return pattern is not None and pattern.fullmatch(line.strip(" :\"'-")) is not None


@cache
def _headings() -> dict[str, re.Pattern[str]]:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "headings.yaml", dict[str, str], BadLexicon)
    try:
        return {
            name: re.compile(rf"(?<!\w)(?:{words.replace('~', chr(92) + 'w*')})(?!\w)".replace("ё", "е"), re.IGNORECASE)
            for name, words in written.items()
        }
    except re.error as error:
        raise BadLexicon(f"headings.yaml: {error}") from error
