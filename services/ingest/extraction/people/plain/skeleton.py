"""The sentence without what it says of the people whom it names: "NAME, a teacher who had spent four years in prison,
and the priest NAME were released" is "NAME were released".

The patterns that know what becomes of a name read this once more where they saw nothing in the whole sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import NAME, BadLexicon
from services.ingest.extraction.people.namings import Naming

_IN_WORDS: Final = r"(?:[^.;:!?()]|\.(?=,| [a-zа-яёіў0-9(]))"
"""Of a remark; a full stop only within an abbreviation."""

_MARK: Final = r"[\s,;•*▪◾●‣·-]*(?:[0-9]{1,4}[.)] ?)?(?:(?:and|и|і|й|ды) )?"
"""At the head of a line of a list."""

_DASH: Final = " - "
"""On both sides of names that only say who those are of whom it speaks ("Two teachers - NAME, NAME - were taken")."""

_BRACKETS: Final = r"(?:\s?\([^()]{1,120}\))?"
_AGE: Final = r"(?:, ?[0-9]{1,3}(?: (?:лет|года?|гадоў|гады|years? old))?(?=[, ]))?"


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    joint: str
    no_title: str
    kept: str
    relative: str
    kin: str
    cited: str


@dataclass(frozen=True, slots=True)
class _Grammar:
    joined: re.Pattern[str]
    """From the end of one name to the start of the next, where the two are told of together."""
    remark: re.Pattern[str]
    """What stands right behind a name and is said of nobody else."""
    cited: re.Pattern[str]
    item: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Skeleton:
    """`shown` has one mark, of two characters, for each row of people; `rows` says where and for whom it stands."""

    shown: str
    rows: tuple[tuple[int, tuple[Naming, ...]], ...]

    def within(self, start: int, end: int) -> Iterator[Naming]:
        """Who is named between two places of `shown`."""
        for at, people in self.rows:
            if start <= at < end:
                yield from people


def skeleton_of(plain: str, names: Sequence[Naming], language: str) -> Skeleton:
    grammar = _grammars()[language]
    ordered = sorted(names, key=lambda naming: naming.start)
    pieces: list[str] = []
    rows: list[tuple[int, tuple[Naming, ...]]] = []
    at = length = 0
    for people in _rows(plain, ordered, grammar):
        before = grammar.cited.sub("", plain[at : people[0].start])
        rows.append((length + len(before), people))
        pieces += (before, NAME * 2)
        length += len(before) + 2
        remark = grammar.remark.match(plain, people[-1].end)
        at = remark.end() if remark else people[-1].end
        if before.endswith(_DASH) and plain.startswith(_DASH, at):
            at += len(_DASH) - 1
    return Skeleton("".join((*pieces, grammar.cited.sub("", plain[at:]))), tuple(rows))


def item_before_name(language: str) -> re.Pattern[str]:
    """What may stand in a line of a list before the name: its mark, and who that is."""
    return _grammars()[language].item


def _rows(plain: str, names: Sequence[Naming], grammar: _Grammar) -> Iterator[tuple[Naming, ...]]:
    row: list[Naming] = []
    for each in names:
        if row and not grammar.joined.fullmatch(plain, row[-1].end, each.start):
            yield tuple(row)
            row = []
        row.append(each)
    if row:
        yield tuple(row)


@cache
def _grammars() -> dict[str, _Grammar]:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "skeleton.yaml", dict[str, _Written], BadLexicon)
    try:
        return {language: _compiled(said) for language, said in written.items()}
    except re.error as error:
        raise BadLexicon(f"skeleton.yaml: {error}") from error


def _compiled(said: _Written) -> _Grammar:
    title = rf"(?:(?:{said.kin}), )?(?:(?!(?:{said.no_title})[ ,])[\w\"'.-]+ ){{0,9}}"
    behind = rf"{_BRACKETS}{_AGE}{_BRACKETS}"
    unlike, aside = rf"(?!(?:{said.joint})(?!\w))", r"\s-\s[^.;:!?()-]{0,200}\s-"
    remark = rf"(?:(?:,| -) (?!(?:{said.joint}) ){_IN_WORDS}{{1,220}}?)?"
    in_clause = rf"(?:{said.relative}[^.;:!?(),]{{1,160}}|(?:(?!(?<!\w)(?:{said.kept}))[^.;:!?(),]){{1,200}})"
    with_brackets = rf", {unlike}{in_clause} \([^()]{{1,80}}\),?"
    return _Grammar(
        joined=_pattern(rf"{behind}(?:{remark},? (?:{said.joint}) {title}|, {title})"),
        remark=_pattern(rf"{behind}(?:{with_brackets}|, {unlike}{in_clause},|{aside})?"),
        item=_pattern(rf"{_MARK}(?:(?!(?:{said.no_title})[ ,])[\w\"'.№-]+[,:]? ){{0,14}}"),
        cited=_pattern(rf",? (?:{said.cited})[^,;:.!?{NAME}]{{0,80}},"),
    )


def _pattern(written: str) -> re.Pattern[str]:
    return re.compile(written.replace("ё", "е").replace("~", r"\w*"), re.IGNORECASE)
