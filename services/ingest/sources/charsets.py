"""Bytes to text: what the site declares, unless that makes rubbish of them.

Sites of this region still serve windows-1251 and KOI8-R, declare one and send the other, or declare nothing. So a
declaration is believed only as far as the text that comes of it looks like one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

_CYRILLIC: Final = ("windows-1251", "koi8-u", "cp866", "iso8859-5")
"""In the order of preference where a text is too short to tell. KOI8-U is KOI8-R with the letters і and ї."""
_LATIN: Final = "windows-1252"
"""What ISO 8859-1 means on the web (WHATWG Encoding)."""
_LETTERS_BEYOND_ASCII = re.compile(rb"(?<![\x80-\xff])([A-Za-z]?)([\x80-\xff]+)(?=([A-Za-z]?))")
_MOST_ACCENTS: Final = 2
"""Accented letters side by side in a word of Latin letters."""
_SAME: Final = {"koi8-r": "koi8-u", "cp1251": "windows-1251"}
_ONE_BYTE = re.compile(r"cp\d+|windows-125\d|iso8859-\d+|koi8-u|mac-cyrillic|ascii")
_MANY_BYTES: Final = frozenset(
    ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk", "big5", "shift_jis", "euc_jp", "euc_kr"]
)
"""Python has codecs of other kinds under the same roof (zlib, idna, base64): a site must not name those."""
_WRITTEN: Final = (
    re.compile(rb"""<\?xml[^>]{0,200}?\bencoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})"""),
    re.compile(rb"""<meta[^>]{0,500}?\bcharset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE),
)
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_HEAD: Final = 2048
"""Bytes in which a page declares its charset (WHATWG HTML asks for the first 1,024)."""
_SAMPLE: Final = 200_000
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNKNOWN_IN_UTF8: Final = 0.02
"""Broken sequences for each letter beyond ASCII: up to so many it is UTF-8 that was damaged."""

_DECLARED_GOES_FIRST: Final = 0.3
"""By how much another charset must make better sense."""
_LEAST_LIKENESS: Final = 0.15
"""Below it the bytes are text in no charset that we know, and had better show as broken than as words."""
_COMMON: Final = frozenset("оеаинтсрвлкмдпуіыяьў")
"""The letters of which some nine in ten of Russian and Belarusian text consist."""
_RARE: Final = frozenset("бгзйхцчшщъэюяёжąćęłńśźżčšžŭ")
_MARKS_OF_TEXT: Final = frozenset("«»—–…№’“”„\u00a0")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def decode(body: bytes, content_type: str = "") -> str:
    """Never raises; what no charset explains becomes U+FFFD."""
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return body[len(mark) if charset == "utf-8" else 0 :].decode(charset, "replace")
    declared = list(dict.fromkeys(_declared(body, content_type)))
    return _decoded(body, _choose(body, declared))


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    """By header, then prolog, then meta: those that Python knows, under Python's names."""
    header = _IN_HEADER.search(content_type)
    written = (pattern.search(body[:_HEAD]) for pattern in _WRITTEN)
    for name in (header and header[1], *(found and found[1].decode("ascii") for found in written)):
        if name and (known := _known(name)):
            yield known


def _known(name: str) -> str | None:
    try:
        python_name = codecs.lookup(name.lower().removeprefix("x-")).name
    except LookupError:
        return None
    charset = _SAME.get(python_name, python_name)
    return charset if charset in _MANY_BYTES or _is_one_byte(charset) else None


def _choose(body: bytes, declared: list[str]) -> str:
    if _is_utf8(body):
        return next((name for name in declared if not _is_one_byte(name) and _fits(body, name)), "utf-8")
    sample = body[:_SAMPLE]
    for name in declared:
        if not _is_one_byte(name) and name != "utf-8" and _fits(body, name):
            return name
    if _is_latin(sample):
        latin = (name for name in declared if _is_one_byte(name) and name not in _CYRILLIC and _fits(sample, name))
        return next(latin, _LATIN)
    candidates = [name for name in (*declared, *_CYRILLIC) if _is_one_byte(name) and _fits(sample, name)]
    bonus = {name: _DECLARED_GOES_FIRST for name in candidates[:1] if name in declared}
    scores = {name: _likeness(sample, name) + bonus.get(name, 0.0) for name in candidates}
    best = max(scores, key=lambda name: scores[name], default="utf-8")
    return best if scores.get(best, 0.0) >= _LEAST_LIKENESS else "utf-8"


def _is_latin(sample: bytes) -> bool:
    """Words in Latin letters with an accent here and there: a word of Cyrillic is nothing but letters beyond ASCII."""
    runs = _LETTERS_BEYOND_ASCII.findall(sample)
    accents = sum(1 for before, run, after in runs if (before or after) and len(run) <= _MOST_ACCENTS)
    return 2 * accents > len(runs)


def _is_utf8(body: bytes) -> bool:
    """True for ASCII as well, and for UTF-8 in which a few sequences were damaged or cut."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken == 0:
        return True
    whole = len(text) - len(text.encode("ascii", "ignore")) - broken
    return broken <= _UNKNOWN_IN_UTF8 * whole


def _is_one_byte(name: str) -> bool:
    return _ONE_BYTE.fullmatch(name) is not None


def _fits(body: bytes, name: str) -> bool:
    try:
        body.decode(name)
    except (UnicodeError, ValueError):
        return name in _CYRILLIC
    return True


def _likeness(sample: bytes, name: str) -> float:
    """How much the bytes look like Russian or Belarusian in that charset: from -1 to 1 for each letter beyond ASCII.

    One charset's small letters are the other's capitals or signs, and its common letters the other's rare ones.
    """
    text = _decoded(sample, name)
    strange = _BEYOND_ASCII.findall(text)
    return sum(map(_weight, strange)) / len(strange) if strange else 0.0


@cache
def _weight(letter: str) -> float:
    if letter in _COMMON:
        return 1.0
    if letter.lower() in _COMMON or letter in _MARKS_OF_TEXT:
        return 0.4
    return 0.2 if letter.lower() in _RARE else -1.0


def _decoded(body: bytes, name: str) -> str:
    return body.decode(name, "replace")
