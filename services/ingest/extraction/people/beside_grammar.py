"""The words by which each language lists people beside one another: `beside.yaml`, compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import HEDGE, NAME, NUMBER, BadLexicon


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    joint: str
    comma: str
    title: str
    counted: str
    more: str
    added: str
    one: str
    bare: str
    vague: str
    people: str
    behind: str
    force: str
    other: str
    part: str
    of_them: str
    said_of: str
    kin: str
    unread: str
    unread_behind: str


class PersonShown(Enum):
    """How a list shows one of its members."""

    NAME = auto()
    NUMBER = auto()
    ONE = auto()
    BARE = auto()
    VAGUE = auto()


@dataclass(frozen=True, slots=True)
class BesideGrammar:
    """What stands between two members, by what the second is; and what a member without a name or number looks like."""

    joins: re.Pattern[str]
    """One of the words without which there is no list."""
    before_name: re.Pattern[str]
    before_other: re.Pattern[str]
    before_part: re.Pattern[str]
    unnamed: tuple[tuple[PersonShown, re.Pattern[str]], ...]
    counted: re.Pattern[str]
    people: re.Pattern[str]
    behind: re.Pattern[str]
    force: re.Pattern[str]
    """Behind a number; `forces` is the words alone."""
    forces: re.Pattern[str]
    other: re.Pattern[str]
    added: re.Pattern[str]
    part: re.Pattern[str]
    of_them: re.Pattern[str]
    """Behind a number: it is of those before it."""
    said_of: re.Pattern[str]
    kin: re.Pattern[str]
    """One of a family: two of them are two people."""
    unread: re.Pattern[str]
    unread_behind: re.Pattern[str]
    """Somebody right before a list, or right behind one, whom nothing else finds."""
    opened: re.Pattern[str]
    """A number of people, and the colon behind which they are taken apart."""


@cache
def beside_grammars() -> dict[str, BesideGrammar]:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "beside.yaml", dict[str, _Written], BadLexicon)
    try:
        return {language: _compiled(said) for language, said in written.items()}
    except re.error as error:
        raise BadLexicon(f"beside.yaml: {error}") from error


def _compiled(said: _Written) -> BesideGrammar:
    behind = rf"(?:,? \(?[{HEDGE}{NUMBER}]+\)?| \([^()]{{1,60}}\))?(?: (?:{said.counted})){{0,5}}?"
    joint = rf"{behind}(?:(?P<joint>{said.joint})|{said.comma})"
    title = rf"(?!(?:{said.joint.removeprefix(',? ')}) )[\w\".-]+"
    of_part = rf"{behind}[,(:-]{{0,2}} ?-? ?\(?(?:{said.part})(?:,|:| -)?"
    return BesideGrammar(
        joins=_pattern(rf"(?<=[\w,{NAME}{NUMBER})])(?:{said.joint}) |(?<!\w)(?:{said.part})(?!\w)"),
        before_name=_pattern(rf"{joint}(?P<title>(?: (?:{said.title})){{0,6}}) "),
        before_part=_pattern(rf"{of_part}(?: (?:{said.title})){{0,6}} "),
        before_other=_pattern(rf"{joint}(?P<title>)(?: (?:{said.more}))? "),
        unnamed=(
            (PersonShown.VAGUE, _pattern(rf"(?<!\w)(?:{said.vague})(?!\w)")),
            (PersonShown.ONE, _pattern(rf"(?<!\w)(?:{said.one})(?!\w)(?! (?:\w+ )?{NAME})")),
            (PersonShown.BARE, _pattern(rf"(?:^|(?<=[\w,] ))(?:{said.bare})(?!\w)(?! (?:{title} ){{0,3}}{NAME})")),
        ),
        counted=_pattern(rf" (?:{said.counted})"),
        people=_pattern(rf" (?:{said.people})(?!\w)"),
        behind=_pattern(rf"(?:{said.behind}) $|{NUMBER} $"),
        force=_pattern(rf"(?: (?:{said.counted})){{0,2}}? (?:{said.force})(?!\w)"),
        forces=_pattern(rf"(?:{said.force})(?!\w)"),
        other=_pattern(rf"[,:;]|(?<!\w)(?:{said.other})(?!\w)"),
        added=_pattern(rf"(?<!\w)(?:{said.added}) $"),
        part=_pattern(rf"(?<!\w)(?:{said.part})(?!\w)"),
        of_them=_pattern(rf" (?:{said.of_them})(?!\w)"),
        said_of=_pattern(said.said_of),
        kin=_pattern(rf"(?<!\w)(?:{said.kin})"),
        unread=_pattern(rf"(?:{said.unread}), $"),
        unread_behind=_pattern(said.unread_behind),
        opened=_pattern(rf"{NUMBER}+[^.;:!?{NUMBER}]{{0,60}}:[^.;:!?{NUMBER}{NAME}]{{0,40}}$"),
    )


def _pattern(written: str) -> re.Pattern[str]:
    return re.compile(written.replace("ё", "е").replace("~", r"\w*"), re.IGNORECASE)
