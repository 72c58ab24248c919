"""Finds the articles of a code that a sentence cites, and tells the Criminal Code from the administrative one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon

_SUPERSCRIPTS: Final = {"¹": "-1", "²": "-2", "³": "-3", "⁴": "-4", "⁵": "-5"}
_NUMBER: Final = r"\d{1,3}(?:(?:\.\d{1,2})|-\d{1,2}|[¹²³⁴⁵])?(?![\d%])(?:-?(?:й|я|ю|ой|ей|га|му|ага))?"
_CRIMINAL: Final = re.compile(r"[1-4]\d\d(?:-\d{1,2})?")
_ADMINISTRATIVE: Final = re.compile(r"\d{1,2}\.\d{1,2}")
_PLAIN: Final = re.compile(r"\d{1,3}(?:\.\d{1,2}|-\d{1,2}|[¹²³⁴⁵])?")


_OURS_ALONE: Final = re.compile(
    r"(?:130|203|342|361|368|369|370|411|423)-[1-5]|(?:24\.(?:15|23)|23\.34|19\.11)",
)
"""Articles that the codes of our neighbours lack or number otherwise (282.1, 20.3.3), or cite with their country."""

_POLITICAL: Final = re.compile(
    r"130|188|191|(?:289|290)(?:-\d)?|293|342(?:-\d)?|352|35[678](?:-\d)?|361(?:-\d)?|364|36[678]|369(?:-\d)?|370|375-1"
    r"|19\.(?:1|10|11)|24\.(?:3|15|23)|23\.34"
)
"""Defamation, insult of officials, riots, grave breach of order, treason, calls for sanctions, "extremism" and
"terrorism", mass events: those by which rights groups count political prisoners, <https://spring96.org/en>."""


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    marker: str
    part: str
    between: str
    other_code_after: str
    administrative_after: str
    criminal_after: str


@dataclass(frozen=True, slots=True)
class Cited:
    """Articles cited together, as "361-1" or "24.23"; offsets in the sentence."""

    articles: tuple[str, ...]
    start: int
    end: int
    administrative: bool


@dataclass(frozen=True, slots=True)
class _Patterns:
    cited: re.Pattern[str]
    part: re.Pattern[str]
    other: re.Pattern[str]
    administrative: re.Pattern[str]


def cited(plain: str) -> Iterator[Cited]:
    """The articles that the sentence cites, stretch by stretch, but for those of other codes and countries."""
    patterns = _patterns()
    for match in patterns.cited.finditer(plain) if any("0" <= each <= "9" for each in plain) else ():
        if patterns.other.match(plain, match.end()):
            continue
        stretch = patterns.part.sub(" ", match.group())
        numbers = [_one_way(number) for number in _PLAIN.findall(stretch)]
        in_code = bool(
            patterns.administrative.match(plain, match.end()) or patterns.administrative.search(match.group())
        )
        yield from _by_code(numbers, match, administrative=in_code)


def cites_a_political_article(plain: str) -> bool:
    """Does the sentence cite an article by which people are held for what they say or do in politics?"""
    return any(_POLITICAL.fullmatch(number) for each in cited(plain) for number in each.articles)


def cites_our_law(plain: str) -> bool:
    """Does the sentence cite an article by a number that only the codes of Belarus have?"""
    return any(_OURS_ALONE.fullmatch(number) for each in cited(plain) for number in each.articles)


def _by_code(numbers: list[str], match: re.Match[str], *, administrative: bool) -> Iterator[Cited]:
    criminal = tuple(each for each in numbers if _CRIMINAL.fullmatch(each) and not administrative)
    dotted = tuple(each for each in numbers if _ADMINISTRATIVE.fullmatch(each))
    if criminal:
        yield Cited(criminal, *match.span(), administrative=False)
    if dotted:
        yield Cited(dotted, *match.span(), administrative=True)


def _one_way(number: str) -> str:
    for mark, digits in _SUPERSCRIPTS.items():
        number = number.replace(mark, digits)
    return number


@cache
def _patterns() -> _Patterns:
    """Raises BadLexicon when the data file does not fit."""
    said = read_packaged(__package__, "law_articles.yaml", _Written, BadLexicon)
    try:
        marker, part, between = f"(?<!\\w)(?:{said.marker})", f"(?:{said.part})", f"(?:{said.between})"
        aside = rf"(?: ?\({part}\)|,? ?{part})?"
        one = rf"(?:{part},? )?(?:(?:{said.marker}) ?)?{_NUMBER}{aside}"
        several = rf"{one}(?:{between}{one})*"
        code = rf"(?: (?:{said.criminal_after}))"
        before = rf"{marker} ?{several}"
        behind = rf"(?<![\w.-])(?=\d{{3}}|\d{{1,2}}\.){several}(?: (?:{said.marker})(?!\w)|(?={code}(?!\w)))"
        return _Patterns(
            cited=re.compile(rf"(?:{before}|{behind})(?![\d])", re.IGNORECASE),
            part=re.compile(rf"(?<!\w){part}", re.IGNORECASE),
            other=re.compile(rf" (?:{said.other_code_after})", re.IGNORECASE),
            administrative=re.compile(rf" (?:{said.administrative_after})", re.IGNORECASE),
        )
    except re.error as error:
        raise BadLexicon(f"law_articles.yaml: {error}") from error
