"""A letter's text and HTML as MIME parts, byte for byte as the standard library writes them, and many times sooner.

The library builds a tree of messages and parses each field that it has just written (RFC 2045, RFC 2046); all that it
decides for these two parts is how a part is encoded. What is unusual is left to it.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Final

FIELDS_OF_TWO: Final = ("MIME-Version", "Content-Type")
FIELDS_OF_ONE: Final = ("Content-Type", "Content-Transfer-Encoding", "MIME-Version")
"""What each begins with, in the letter's head."""
_BODY: Final = EmailPolicy(linesep="\r\n", cte_type="7bit")
"""For the parts only: of what stands in the head, the standard library is given nothing."""

_LINE: Final = 78  # columns of text and of quoted-printable, the library's own bound
_BASE64_LINE: Final = 57  # bytes in 76 signs
_SNIFFED: Final = 10  # lines, by which it is decided between quoted-printable and base64
_USUAL_BOUNDARY: Final = re.compile(r"=_[A-Za-z0-9]{1,60}")
_LONGEST_BESIDE: Final = 30
"""Signs of a boundary that stands in one line with what it bounds."""
_NOT_PLAIN: Final = re.compile(rb"[^\n\r\t -~]")
_QUOTED: Final = [b"=%02X" % value for value in range(256)]


def alternative(text: str, html: str, boundary: str) -> bytes:
    """Both, beginning with the fields of the letter's head (RFC 2046, section 5.1.4); each line ends in CRLF."""
    if not _USUAL_BOUNDARY.fullmatch(boundary):
        body = EmailMessage(policy=_BODY)
        body.set_content(text)
        body.add_alternative(html, subtype="html")
        body.set_boundary(boundary)
        return body.as_bytes()
    bound = boundary.encode()
    beside = b" " if len(boundary) <= _LONGEST_BESIDE else b"\r\n "
    return b"".join(
        [
            b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;%bboundary="%b"\r\n\r\n' % (beside, bound),
            b"--%b\r\n" % bound,
            *_part(b"plain", text, b""),
            b"\r\n--%b\r\n" % bound,
            *_part(b"html", html, b"MIME-Version: 1.0\r\n"),
            b"\r\n--%b--\r\n" % bound,
        ]
    )


def alone(text: str) -> bytes:
    """The text and nothing else, as `alternative`."""
    return b"".join(_part(b"plain", text, b"MIME-Version: 1.0\r\n"))


def _part(kind: bytes, text: str, more: bytes) -> Iterator[bytes]:
    encoding, encoded = _encoded(text)
    yield b'Content-Type: text/%b; charset="utf-8"\r\nContent-Transfer-Encoding: %b\r\n' % (kind, encoding)
    yield more
    yield b"\r\n"
    yield encoded


def _encoded(text: str) -> tuple[bytes, bytes]:
    """As it is where every line is short and ASCII; else in the shorter of two encodings, by its first lines."""
    lines = text.encode().splitlines()
    whole = b"\r\n".join(lines) + b"\r\n"
    if whole.isascii() and max(map(len, lines), default=0) <= _LINE:
        return b"7bit", whole
    sniffed = b"\r\n".join(lines[:_SNIFFED]) + b"\r\n"
    if len(_quoted_printable(sniffed, b"\n")) > len(b2a_base64(sniffed)):
        pieces = (whole[at : at + _BASE64_LINE] for at in range(0, len(whole), _BASE64_LINE))
        return b"base64", b"".join([b2a_base64(one, newline=False) + b"\r\n" for one in pieces])
    return b"quoted-printable", _quoted_printable(whole, b"\r\n")


def _quoted_printable(text: bytes, line_end: bytes) -> bytes:
    """RFC 2045, section 6.7."""
    marked = _NOT_PLAIN.sub(lambda found: _QUOTED[found[0][0]], text.replace(b"=", b"=3D"))
    lines: list[bytes] = []
    for line in marked.split(b"\r\n"):
        if len(line) <= _LINE and not line.endswith((b" ", b"\t")):
            lines.append(line)
        else:
            _break(line, lines)
    return line_end.join(lines)


def _break(line: bytes, lines: list[bytes]) -> None:
    """Into lines of the length that is allowed, none of which parts a quoted sign or ends in white space."""
    start, last = 0, len(line) - 1 - _LINE
    while start <= last:
        stop = start + _LINE - 1
        if line[stop - 2 : stop - 1] == b"=":
            lines.append(line[start : stop - 1])
            start = stop - 2
        elif line[stop - 1 : stop] == b"=":
            lines.append(line[start:stop])
            start = stop - 1
        else:
            lines.append(line[start:stop] + b"=")
            start = stop
    end = line[-1:]
    if end not in (b" ", b"\t"):
        lines.append(line[start:])
        return
    room, quoted = start - last, _QUOTED[end[0]]
    if room >= 3:
        lines.append(line[start:-1] + quoted)
    elif room == 2:
        lines += [line[start:-1] + end + b"=", b""]
    else:
        lines += [line[start:-1] + b"=", quoted]
