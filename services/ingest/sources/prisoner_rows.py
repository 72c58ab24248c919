"""The CSV export of a list of prisoners, read row by row, with every defect told apart by name."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.ingest.cleaning import clean_line
from services.ingest.news_time import MINSK
from services.ingest.sources.base import SourceTrouble
from services.ingest.sources.written_dates import read_date
from services.names import one_script

ACTIVE: Final = "active"
"""A political prisoner now."""
FORMER: Final = "former"
NOT_RECOGNISED: Final = "np"
"""Persecuted, and not recognised as a political prisoner: never to be called one."""

_DELIMITERS: Final = ",;\t|"
_COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("id",), "id"),
    **dict.fromkeys(("url",), "url"),
    **dict.fromkeys(("name", "name and surname", "имя и фамилия", "імя і прозвішча"), "name"),
    **dict.fromkeys(("status", "статус"), "status"),
    **dict.fromkeys(("birthday", "date of birth", "дата рождения", "дата нараджэння"), "born"),
    **dict.fromkeys(("arrested", "date of detention", "дата задержания", "дата затрымання"), "arrested"),
    **dict.fromkeys(("articles", "charges indicted", "предъявлены обвинения", "прадяўлены абвінавачванні"), "articles"),
    **dict.fromkeys(("died",), "died"),
}
"""The headings of the export for machines and of those for people, in English, Russian and Belarusian."""
_NEEDED: Final = frozenset({"name", "status"})
_STATUSES: Final[Mapping[str, str]] = {
    ACTIVE: ACTIVE,
    FORMER: FORMER,
    NOT_RECOGNISED: NOT_RECOGNISED,
    **dict.fromkeys(("political prisoner", "политзаключенный", "политзаключенная", "палітвязень"), ACTIVE),
    **dict.fromkeys(
        ("former political prisoner", "бывший политзаключенный", "бывшая политзаключенная", "былы палітвязень"), FORMER
    ),
}
_SPOILT_SHARE: Final = 0.1
"""Of rows that make no sense: more of them, and the whole list is not understood."""
_LONGEST_CELL: Final = 100_000
_LONGEST_NAME: Final = 120
_IN_NAMES: Final = " -'’ʼ`.()"
_ARTICLE = re.compile(r"(?<![\d.,№-])(\d{3})(?:\s*[-\u2010-\u2015\u2212]\s*(\d{1,2}))?(?![\d.])")
_CODE: Final = range(100, 466)
"""Numbers of articles of the Criminal Code's special part."""
_APOSTROPHES = re.compile("[`\u00b4'\u2018\u2019\u02bc]")
_NO = frozenset({"", "-", "0", "no", "false", "null", "none", "нет", "не"})


@dataclass(frozen=True, slots=True)
class PrisonerRow:
    """One person. `key` is the list's own id, or else the name with the date of birth."""

    key: str
    name: str
    status: str
    """ACTIVE, FORMER or NOT_RECOGNISED."""
    url: str | None = None
    arrested: date | None = None
    articles: tuple[str, ...] = ()
    died: bool = False


def read_rows(text: str) -> dict[str, PrisonerRow]:
    """The rows by key, the first of two alike. Raises SourceTrouble."""
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        raise SourceTrouble("not_a_list", "a page came in place of the list; open its address from this network")
    lines = _cells(text)
    columns = _columns(lines[0] if lines else [])
    rows = [_row(dict(zip(columns, cells, strict=False)), len(cells) == len(columns)) for cells in lines[1:]]
    good = [row for row in rows if row]
    if not good:
        raise SourceTrouble("empty", "the list names nobody; look at it in a browser")
    if (len(rows) - len(good)) > _SPOILT_SHARE * len(rows):
        raise SourceTrouble(
            "shape", f"{len(rows) - len(good)} of {len(rows)} rows make no sense: the list changed its shape"
        )
    rows_by_key: dict[str, PrisonerRow] = {}
    for row in good:
        rows_by_key.setdefault(row.key, row)
    return rows_by_key


def _cells(text: str) -> list[list[str]]:
    head = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter, strict=True)
        return [cells for cells in reader if any(map(str.strip, cells))]
    except csv.Error:
        raise SourceTrouble(
            "cut_off", "the list is no CSV, or ends in the middle of a cell; it is asked again later"
        ) from None


def _columns(heads: Sequence[str]) -> list[str]:
    columns = [_COLUMNS.get(_APOSTROPHES.sub("", clean_line(head).casefold()), "") for head in heads]
    if missing := _NEEDED - set(columns):
        names = " and ".join(sorted(missing))
        raise SourceTrouble("shape", f"the list has no column for {names}; look at its first row")
    return columns


def _row(cells: Mapping[str, str], whole: bool) -> PrisonerRow | None:
    name = " ".join(one_script(token) for token in clean_line(cells["name"]).split()) if whole else ""
    status = _STATUSES.get(clean_line(cells.get("status", "")).casefold().replace("ё", "е"))
    if status is None or not _is_a_name(name) or any(len(cell) > _LONGEST_CELL for cell in cells.values()):
        return None
    born = clean_line(cells.get("born", ""))
    return PrisonerRow(
        key=clean_line(cells.get("id", "")) or f"{name} {born}",
        name=name,
        status=status,
        url=clean_line(cells.get("url", "")) or None,
        arrested=_day(cells.get("arrested")),
        articles=_articles(cells.get("articles", "")),
        died=clean_line(cells.get("died", "")).casefold() not in _NO,
    )


def _is_a_name(text: str) -> bool:
    letters = sum(letter.isalpha() for letter in text)
    if letters < 2 or len(text) > _LONGEST_NAME:
        return False
    return all(letter.isalpha() or unicodedata.combining(letter) or letter in _IN_NAMES for letter in text)


def _day(cell: str | None) -> date | None:
    found = read_date(cell)
    return found.astimezone(MINSK).date() if found else None


def _articles(cell: str) -> tuple[str, ...]:
    found = _ARTICLE.findall(clean_line(cell))
    named = (f"{number}-{further}" if further else number for number, further in found if int(number) in _CODE)
    return tuple(dict.fromkeys(named))
