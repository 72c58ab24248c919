"""The header fields of a letter, encoded and folded by ourselves: no value from outside can become a field of its own.

The standard library decodes the encoded words (RFC 2047) of a value that it is given as text, and before Python 3.11.10
writes the line breaks hidden in them as they are (CPython issue 121650). Nothing from outside is given to it, so this
holds on every Python 3.11 and later.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Final

_MOST_SIGNS: Final = 300
"""Signs of a line that a reader sees; nobody reads on, and some servers refuse a longer head."""
_LINE: Final = 76  # columns, RFC 2047, section 2
_WORD_BYTES: Final = 36
"""Of UTF-8 in one encoded word: with `=?utf-8?b??=` around it and the field's name before it, it fits into a line."""
_LONGEST_LINE: Final = 998  # bytes, RFC 5322, section 2.1.1

_PLAIN: Final = re.compile(r"[ -~]*")
_ATOMS: Final = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_FIELD: Final = re.compile(rb"([A-Za-z][A-Za-z-]*): [!-~][ -~]*")
_TO_FIELD: Final = re.compile(
    rb"(To|HP-Outer(?=: To)): (?:To: )?[!-~\x80-\xff]+"
)  # an address in other letters than ASCII, RFC 6532
_CONTINUED: Final = re.compile(rb" [!-~][ -~]*")
_JOINERS: Final = "\u200c\u200d"


class UnsafeHead(Exception):
    """The head of a letter is not what we set; it must not go out. The text names a field, never a value."""


def one_line(text: str) -> str:
    """What a reader is to see: no control sign, nothing that turns or hides letters, at most 300 signs.

    What would begin or end an encoded word is broken in two, so that no program that decodes once too often finds one.
    """
    whole = text[: 4 * _MOST_SIGNS].encode("utf-8", "replace").decode()  # without halves of surrogate pairs
    shown = " ".join("".join(map(_shown, whole)).split()).replace("=?", "= ?").replace("?=", "? =")
    return shown if len(shown) <= _MOST_SIGNS else shown[: _MOST_SIGNS - 1].rstrip() + "…"


def unstructured(name: str, text: str) -> str:
    """A field of free text (RFC 5322, section 2.2.1), folded."""
    line = one_line(text)
    lines = textwrap.wrap(f"{name}: {line}", _LINE - 1, break_long_words=False, break_on_hyphens=False)
    if not _PLAIN.fullmatch(line) or max(map(len, lines)) >= _LINE or lines[0] == f"{name}:":
        first, *others = _encoded_words(line)
        lines = [f"{name}: {first}", *others]
    return "\r\n ".join(lines)


def mailbox(name: str, display_name: str, address: str) -> str:
    """A field of one address with the name that stands before it (RFC 5322, section 3.4), folded."""
    line = one_line(display_name)
    if not line:
        return f"{name}: <{address}>"
    words = [line] if _ATOMS.fullmatch(line) and len(line) <= _LINE // 2 else list(_encoded_words(line))
    return "\r\n ".join([f"{name}: {words[0]}", *words[1:], f"<{address}>"])


def check_head(letter: bytes, names: Sequence[str]) -> None:
    """Looks at the final bytes: these fields in this order, once each, and no line that is not one of theirs.

    Raises UnsafeHead.
    """
    found: list[str] = []
    for line in letter.partition(b"\r\n\r\n")[0].split(b"\r\n"):
        if len(line) > _LONGEST_LINE:
            raise UnsafeHead(f"a line too long after {found[-1:]}")
        field = _FIELD.fullmatch(line) or _TO_FIELD.fullmatch(line)
        if field is not None:
            found.append(field[1].decode())
        elif not (found and _CONTINUED.fullmatch(line)):
            raise UnsafeHead(f"a line that is no field's, after {found[-1:]}")
    if found != list(names):
        raise UnsafeHead(f"fields that we did not set: {sorted(set(found) ^ set(names)) or 'one of them twice'}")


def _shown(sign: str) -> str:
    match unicodedata.category(sign):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf" | "Co" if sign not in _JOINERS:
            return ""
    return sign


def _encoded_words(text: str) -> Iterator[str]:
    """Each holds whole letters, as RFC 2047, section 5, wants it."""
    word = b""
    for sign in text:
        encoded = sign.encode()
        if len(word) + len(encoded) > _WORD_BYTES:
            yield _encoded_word(word)
            word = b""
        word += encoded
    yield _encoded_word(word)


def _encoded_word(word: bytes) -> str:
    return f"=?utf-8?b?{b64encode(word).decode()}?="
