"""Clocks of twelve hours and zones by name, made into what dates are read from: 24 hours and an offset."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_TWELVE_HOURS = re.compile(
    r"(?<![:.\d])(?P<h>\d{1,2})(?P<rest>(?:[:.]\d{2}){0,2})\s*(?P<half>[ap])(?:\.\s?m\.|m\b)", re.IGNORECASE
)
_BESIDE_UTC = re.compile(
    r"\(?\b(?:GMT|UTC?)\s?(?P<sign>[+\u2212-])(?P<h>\d{1,2}):?(?P<mi>\d{2})?(?!\d)\)?", re.IGNORECASE
)
_BY_NAME = re.compile(r"(?<=\d)\s+\(?(?P<zone>[A-Za-z]{1,10})\)?$")
_BEFORE_YEAR = re.compile(r"(?P<clock>\d{1,2}:\d\d(?::\d\d)?) (?P<zone>[A-Z]{1,5}|[+-]\d{4}) (?P<year>\d{4})$")
_NAMED_AGAIN = re.compile(
    r"(?P<said>:\d\d(?:[.,]\d+)?\s*(?:Z|[+\u2212-]\d{1,2}:?\d{2}))(?:\s*\[[^\]]*\]|\s+\(?[A-Z][A-Za-z]{1,9}\)?)$"
)
_BY_PLACE = re.compile(r"(?<=\d)\s*[\[(]?[A-Z]\w+(?:/[A-Z]\w+)+[\])]?$")
_SHORT_OFFSET = re.compile(r"(?<=:\d\d)\s*([+\u2212-])(\d{1,2})(?::(\d{2}))?$")
_OFFSETS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("GMT", "UTC", "UT", "Z", "WET", "AZOST"), "+0000"),
    **dict.fromkeys(("CET", "MEZ", "BST", "WEST", "IST"), "+0100"),
    **dict.fromkeys(("EET", "CEST", "MESZ"), "+0200"),
    **dict.fromkeys(("MSK", "EEST", "FET", "TRT"), "+0300"),
    **dict.fromkeys(("MSD", "SAMT", "GST"), "+0400"),
    **dict.fromkeys(("YEKT",), "+0500"),
    **dict.fromkeys(("EST", "CDT"), "-0500"),
    **dict.fromkeys(("EDT",), "-0400"),
    **dict.fromkeys(("CST", "MDT"), "-0600"),
    **dict.fromkeys(("MST", "PDT"), "-0700"),
    **dict.fromkeys(("PST",), "-0800"),
}
"""RFC 5322, section 4.3, and the zones of Europe's news. Of two of one name the nearer one to Belarus."""
_MONTHS: Final = frozenset(["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "SEPT", "OCT", "NOV", "DEC"])


def in_plain_hours(text: str) -> str | None:
    """The text of a date with its clock in 24 hours and its zone as an offset; None where its zone is one that nobody
    knows, since it is then no time of Minsk either."""
    text = _BESIDE_UTC.sub(_offset, _TWELVE_HOURS.sub(_hours, _NAMED_AGAIN.sub(r"\g<said>", text)))
    text = _SHORT_OFFSET.sub(_short, _BEFORE_YEAR.sub(r"\g<year> \g<clock> \g<zone>", text))
    if _BY_PLACE.search(text):
        return None
    named = _BY_NAME.search(text)
    if named is None or named["zone"].upper() in _MONTHS or ":" not in text:
        return text
    offset = _OFFSETS.get(named["zone"].upper())
    return f"{text[: named.start()]} {offset}" if offset else None


def _hours(clock: re.Match[str]) -> str:
    hour, is_later = int(clock["h"]), clock["half"].lower() == "p"
    if hour <= 12:
        hour = hour % 12 + (12 if is_later else 0)
    return f"{hour:02}{clock['rest'].replace('.', ':') or ':00'}"


def _short(offset: re.Match[str]) -> str:
    sign = "+" if offset[1] == "+" else "-"
    return f" {sign}{int(offset[2]):02}{offset[3] or '00'}"


def _offset(zone: re.Match[str]) -> str:
    sign = "+" if zone["sign"] == "+" else "-"
    return f"{sign}{int(zone['h']):02}{zone['mi'] or '00'}"
