"""Whom "among them" means: the people spoken of last, and not those of the news if another group stands between."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from services.contract import Role
from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon

_NEAR: Final = 200
"""Characters between "among them" and a name that it may still bind."""
_ENDS: Final = re.compile(r"[;.!?](?=\s|$)|,(?! (?:who|whom|whose|котор|як[іа]|якой|хто|кто))|: | - ")
_SENTENCE_END: Final = re.compile(r"[;.!?]\s")
_NUMBER: Final = r"[\w-]{1,20}(?: [\w-]{1,12})?"


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    among: str
    held: str
    other: str
    touched: str
    part: str


@dataclass(frozen=True, slots=True)
class _Words:
    among: re.Pattern[str]
    held: re.Pattern[str]
    other: re.Pattern[str]
    touched: re.Pattern[str]
    part: re.Pattern[str]


def bound_role(plain: str, start: int) -> Role | None:
    """The role of who is named at `start`, where "among them" binds the name to a group that the news did not touch:
    still held, or mentioned. None where it does not, or to nobody knows whom."""
    clause = _group_before(plain, start)
    if clause is None or _words().touched.search(clause):
        return None
    if _words().held.search(clause):
        return Role.STILL_HELD
    return Role.MENTIONED if _words().other.search(clause) else None


def befell_others(plain: str) -> bool:
    """Do these words speak of people still held, or of what befell others than those of an act?"""
    return bool(_words().held.search(plain) or _words().other.search(plain))


def is_part_of_those_before(plain: str, start: int) -> bool:
    """Does it bind the name to some of the people of the sentence before ("five of them are women, among them")?"""
    clause = _group_before(plain, start)
    return clause is not None and _words().part.search(clause) is not None


def _group_before(plain: str, start: int) -> str | None:
    """The clause that "among them" follows; None where it does not stand before the name, or is followed by an end."""
    found = [*_words().among.finditer(plain, max(0, start - _NEAR), start)]
    if not found or _SENTENCE_END.search(plain, found[-1].end(), start):
        return None
    binding = found[-1]
    before = plain[: binding.start()].rstrip(" ,;-(")
    ends = [match.end() for match in _ENDS.finditer(before)]
    return before[ends[-1] :] if ends else before


@cache
def _words() -> _Words:
    """Raises BadLexicon when the data file does not fit."""
    said = read_packaged(__package__, "nearest_group.yaml", _Written, BadLexicon)
    try:
        return _Words(*(_compiled(each) for each in (said.among, said.held, said.other, said.touched, said.part)))
    except re.error as error:
        raise BadLexicon(f"nearest_group.yaml: {error}") from error


def _compiled(written: str) -> re.Pattern[str]:
    body = written.replace("ё", "е").replace("~", r"\w*").replace("{number}", _NUMBER)
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)" if not body.startswith("^") else body, re.IGNORECASE)
