"""A letter is built once by `letter.write`, with marks where a reader's own stands; then only that is put in.

Byte for byte what `letter.write` would make for that reader. It can be, since the marks are as long as what takes their
place, and of signs that no encoding of the body touches: so every line breaks where it would break, and every part is
encoded as it would be. In base64 the lines round a mark are encoded again. Whoever's own is not of that kind gets a
letter that is written for them alone.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import b2a_base64
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import count, islice, pairwise
from typing import Final

from services.notify.channels.email.dkim import DkimSigner
from services.notify.channels.email.letter import Draft, Own, links_in, write

_LINK: Final = re.compile(r"(https?://)([A-Za-z0-9:/._~?%+,@-]{8,900})")
"""Signs that quoted-printable and HTML leave as they are."""
_ID: Final = re.compile(r"[A-Za-z0-9]{8,80}")
_BASE64_LINE: Final = 57  # bytes in one line of 76 signs
_BASE64_PART: Final = re.compile(
    rb"(?<=\r\nContent-Transfer-Encoding: base64\r\n)((?:[!-~][^\r\n]*\r\n)*\r\n)((?:[A-Za-z0-9+/=]+\r\n)*)"
)
_TO: Final = b"\r\nTo: "
_MARKED_READER: Final = "reader@of.example"

_Values = tuple[bytes, bytes, bytes, bytes]
"""What is put in: recipient, link, message id, id of the first message."""
_RECIPIENT, _STOP, _MESSAGE, _FIRST = range(4)


@dataclass(frozen=True, slots=True)
class _Hole:
    """Where a piece of one value stands."""

    value: int
    start: int = 0
    stop: int | None = None
    begins_line: bool = False

    def filled(self, values: _Values) -> bytes:
        piece = values[self.value][self.start : self.stop]
        return b"." + piece if self.begins_line and piece.startswith(b".") else piece


@dataclass(frozen=True, slots=True)
class _Encoded:
    """Lines of base64 with a value in them; `clear` is what stands there decoded."""

    clear: tuple[bytes | _Hole, ...]

    def filled(self, values: _Values) -> bytes:
        clear = b"".join(one if isinstance(one, bytes) else one.filled(values) for one in self.clear)
        lines = (clear[at : at + _BASE64_LINE] for at in range(0, len(clear), _BASE64_LINE))
        return b"".join(b2a_base64(line, newline=False) + b"\r\n" for line in lines)


_Piece = bytes | _Hole | _Encoded


class _Template:
    """A letter in pieces. `dotted`: as it goes over the wire after DATA (RFC 5321, section 4.5.2)."""

    def __init__(self, pieces: list[_Piece]) -> None:
        self._plain = _Form(pieces)
        self._dotted = _Form(list(_dotted_pieces(pieces)))

    def with_(self, values: _Values, *, dotted: bool) -> bytes:
        return (self._dotted if dotted else self._plain).filled(values)


class _Form:
    def __init__(self, pieces: list[_Piece]) -> None:
        self._literal = [one if isinstance(one, bytes) else b"" for one in pieces]
        self._holes = [(at, one) for at, one in enumerate(pieces) if not isinstance(one, bytes)]

    def filled(self, values: _Values) -> bytes:
        pieces = self._literal.copy()
        for at, hole in self._holes:
            pieces[at] = hole.filled(values)
        return b"".join(pieces)


class Letter:
    """One reader's, ready to go out: signed when it does, so that a letter which does not leave costs no signature."""

    __slots__ = ("_signer", "_template", "_values", "_whole")

    def __init__(
        self,
        whole: bytes = b"",
        template: _Template | None = None,
        values: _Values | None = None,
        signer: DkimSigner | None = None,
    ) -> None:
        self._whole, self._template, self._values, self._signer = whole, template, values, signer

    def as_it_is(self) -> bytes:
        """Its octets, each line with CRLF (for BDAT, RFC 3030)."""
        letter = self._unsigned(dotted=False)
        return letter if self._signer is None else self._signer.signatures(letter) + letter

    def dotted(self) -> bytes:
        """As it goes over the wire after DATA: a leading dot doubled, a dot at its end (RFC 5321, section 4.5.2)."""
        letter = self._unsigned(dotted=True)
        return letter if self._signer is None else self._signer.signatures(self._unsigned(dotted=False)) + letter

    def _unsigned(self, *, dotted: bool) -> bytes:
        if self._template is not None and self._values is not None:
            return self._template.with_(self._values, dotted=dotted)
        whole = _with_line_ends(self._whole)
        return _dotted(whole) if dotted else whole


class ComposedLetter:
    """An event's letter in one language and mode, for any number of readers."""

    def __init__(self, draft: Draft, signer: DkimSigner | None = None) -> None:
        self._draft, self._signer = draft, signer
        self._templates: dict[tuple[str, int, int, int], _Template | None] = {}
        """By what may differ in a reader's own: what the link begins with, and three lengths."""

    def of(self, own: Own) -> Letter:
        """Raises UnsafeHead, and what else `write` does."""
        link = _LINK.fullmatch(own.stop_url)
        plain = own.recipient.isprintable() and " " not in own.recipient
        if not (plain and link and _ID.fullmatch(own.message_id) and _ID.fullmatch(own.first_message_id)):
            return Letter(write(self._draft, own), signer=self._signer)
        shape = (link[1], len(link[2]), len(own.message_id), len(own.first_message_id))
        if shape not in self._templates:
            if len(self._templates) >= _MOST_SHAPES:
                return Letter(write(self._draft, own), signer=self._signer)
            self._templates[shape] = _template(self._draft, *shape)
        template = self._templates[shape]
        if template is None:
            return Letter(write(self._draft, own), signer=self._signer)
        values = (own.recipient.encode(), link[2].encode(), own.message_id.encode(), own.first_message_id.encode())
        return Letter(template=template, values=values, signer=self._signer)


_MOST_SHAPES: Final = 8


def _template(draft: Draft, scheme: str, link: int, id_: int, first_id: int) -> _Template | None:
    """None where the text happens to hold what looks like a mark."""
    stop, message, first = _mark("stop", link), _mark("message", id_), _mark("first", first_id)
    letter = _with_line_ends(write(draft, Own(_MARKED_READER, scheme + stop, message, first)))
    values = (_MARKED_READER.encode(), stop.encode(), message.encode(), first.encode())
    pieces = _pieces(letter, values)
    head = letter.partition(b"\r\n\r\n")[0]
    expected = {
        _STOP: links_in(draft.rendered) + head.count(b"\r\nList-Unsubscribe: "),
        _MESSAGE: 5,  # its own field, the boundary, and three lines that are one
        _FIRST: head.count(b"\r\nIn-Reply-To: ") + head.count(b"\r\nReferences: "),
    }
    if any(_holes(pieces, value, len(values[value])) != often for value, often in expected.items()):
        return None
    template = _Template(pieces)
    return template if template.with_(values, dotted=False) == letter else None


def _holes(pieces: Iterable[_Piece], value: int, length: int) -> int:
    """How often the end of this value has its place."""
    inside = (one for piece in pieces for one in (piece.clear if isinstance(piece, _Encoded) else (piece,)))
    return sum(isinstance(one, _Hole) and (one.value, one.stop) == (value, length) for one in inside)


@lru_cache(maxsize=64)
def _mark(kind: str, length: int) -> str:
    """Letters and digits that no text holds by chance."""
    digits = (sign for block in count() for sign in sha256(f"{kind}/{block}".encode()).hexdigest())
    return "".join(islice(digits, length))


def _pieces(letter: bytes, values: _Values) -> list[_Piece]:
    at = letter.index(_TO) + len(_TO)
    pieces: list[_Piece] = [letter[:at], _Hole(_RECIPIENT)]
    at += len(values[_RECIPIENT])
    for part in _BASE64_PART.finditer(letter, at):
        pieces += _marked(letter[at : part.start(2)], values)
        pieces += _reencoded(part[2], values)
        at = part.end()
    return [*pieces, *_marked(letter[at:], values)]


def _marked(text: bytes, values: _Values) -> Iterator[bytes | _Hole]:
    """The text in pieces: what is the same for all, and holes. A mark may be cut by soft line breaks."""
    breaks = [found.start() - number * len(_SOFT) for number, found in enumerate(re.finditer(_SOFT, text))]
    flat, done = text.replace(_SOFT, b""), 0
    for start, value in sorted(_marks(flat, values)):
        stop = start + len(values[value])
        yield _broken(flat, done, start, breaks)
        cuts = [start, *breaks[bisect_left(breaks, start) : bisect_left(breaks, stop)], stop]
        for number, (here, there) in enumerate(pairwise(cuts)):
            if number:
                yield _SOFT
            yield _Hole(value, here - start, there - start)
        done = stop
    yield _broken(flat, done, len(flat), breaks)


def _marks(flat: bytes, values: _Values) -> Iterator[tuple[int, int]]:
    for value in (_STOP, _MESSAGE, _FIRST):
        for found in re.finditer(re.escape(values[value]), flat):
            yield found.start(), value


def _broken(flat: bytes, start: int, stop: int, breaks: list[int]) -> bytes:
    """A piece with its soft line breaks in it again."""
    cuts = [start, *breaks[bisect_left(breaks, start) : bisect_left(breaks, stop)], stop]
    return _SOFT.join(flat[here:there] for here, there in pairwise(cuts))


_SOFT: Final = b"=\r\n"


def _reencoded(part: bytes, values: _Values) -> Iterator[_Piece]:
    """Of a base64 part: lines as they are, and those with a mark in them."""
    lines, clear = part.splitlines(keepends=True), b64decode(part)
    done = 0
    for first, last in _lines_with(clear, values[_STOP]):
        yield b"".join(lines[done:first])
        yield _Encoded(tuple(_marked(clear[first * _BASE64_LINE : last * _BASE64_LINE], values)))
        done = last
    yield b"".join(lines[done:])


def _lines_with(clear: bytes, mark: bytes) -> Iterator[tuple[int, int]]:
    """First and last line (that one not included) of each run of lines in which a mark stands."""
    run: tuple[int, int] | None = None
    for found in re.finditer(re.escape(mark), clear):
        first, last = found.start() // _BASE64_LINE, (found.end() - 1) // _BASE64_LINE + 1
        if run is not None and first < run[1]:
            run = (run[0], last)
            continue
        if run is not None:
            yield run
        run = (first, last)
    if run is not None:
        yield run


def _dotted_pieces(pieces: list[_Piece]) -> Iterator[_Piece]:
    begins_line = True
    for piece in pieces:
        match piece:
            case bytes():
                yield (b"." if begins_line and piece.startswith(b".") else b"") + piece.replace(b"\r\n.", b"\r\n..")
                begins_line = piece.endswith(b"\r\n") or (begins_line and not piece)
            case _Hole(value, start, stop):
                yield _Hole(value, start, stop, begins_line)
                begins_line = False
            case _Encoded():
                yield piece
                begins_line = True
    yield b".\r\n"


def _dotted(letter: bytes) -> bytes:
    return (b"." if letter.startswith(b".") else b"") + letter.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def _with_line_ends(letter: bytes) -> bytes:
    """Each line, however it ends, with CRLF."""
    bare = letter.removesuffix(b"\r\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return bare.replace(b"\n", b"\r\n") + b"\r\n"
