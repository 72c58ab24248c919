"""Marked words, and every way in which one may stand in a file: for tests that look for what must not be there."""

from __future__ import annotations

import base64
import hashlib
import quopri
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from services.names import fold
from services.subscribers.address_index import canonical

SHORTEST = 6
"""Bytes. Fewer may stand anywhere by chance."""
_HASHES = ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b")
_KEPT_OF_A_HASH = 8
"""Bytes: a hash that is cut there still tells who it is, to whoever tries all that it may be."""


@dataclass(frozen=True, slots=True)
class Found:
    mark: str
    form: str
    where: str


class Marks:
    """`marks`: what each is called, and what it is; of an address the channel stands before it, with a colon."""

    def __init__(self, marks: dict[str, str]) -> None:
        self._forms: dict[bytes, list[tuple[str, str, bytes]]] = {}
        for name, mark in marks.items():
            for what, form in forms_of(name, mark):
                if len(form) >= SHORTEST:
                    self._forms.setdefault(form[:SHORTEST], []).append((name, what, form))

    def look(self, where: str, data: bytes) -> list[Found]:
        """Goes over the data once, however many forms there are."""
        found, starts = [], self._forms
        data += unpacked(data)
        for whole in {data, data.lower()}:
            for at in range(len(whole) - SHORTEST + 1):
                for name, what, form in starts.get(whole[at : at + SHORTEST], ()):
                    if whole.startswith(form, at):
                        found.append(Found(name, what, where))
        return list(dict.fromkeys(found))


def unpacked(data: bytes) -> bytes:
    """What is in it where it is gzip or zlib; nothing where it is neither."""
    if data[:2] != b"\x1f\x8b" and data[:1] != b"\x78":
        return b""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data)
    except zlib.error:
        return b""


def forms_of(name: str, mark: str) -> Iterator[tuple[str, bytes]]:
    """What each form is called, and its bytes."""
    for what, text in spellings_of(name, mark):
        raw = text.encode()
        yield what, raw
        for how, form in encoded(text, raw):
            yield f"{what}, {how}", form
        for how, digest in hashed(raw):
            yield f"{what}, {how}", digest
            yield f"{what}, {how} in hex", digest.hex().encode()
            yield from ((f"{what}, {how} in {letters}", form) for letters, form in base_64(digest, whole=True))


def spellings_of(name: str, mark: str) -> list[tuple[str, str]]:
    """The mark in the letter cases, scripts and forms that the house itself writes it in."""
    found = {mark: "as it is"}
    for channel in ("email", "telegram", "webhook"):
        found.setdefault(canonical(channel, mark), f"as an address of {channel}")
    local, at, domain = mark.rpartition("@")
    if at:
        found.setdefault(local, "before the @")
        found.setdefault(domain, "after the @")
        found.setdefault(canonical("email", mark).rpartition("@")[2], "its domain in IDNA")
        found.setdefault(domain.encode("punycode").decode(), "its domain in punycode")
    if name.startswith("name"):
        found.setdefault(fold(mark), "as a name is compared")
        for part in fold(mark).split() + mark.split():
            found.setdefault(part, "a part of it")
    for text, what in list(found.items()):
        for case in (str.lower, str.upper, str.title, str.casefold):
            found.setdefault(case(text), f"{what}, in other letters")
    return [(what, text) for text, what in found.items() if text]


def encoded(text: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    yield "in hex", raw.hex().encode()
    yield "in HEX", raw.hex().upper().encode()
    yield "percent-encoded", quote(text, safe="").encode()
    yield "percent-encoded throughout", "".join(f"%{byte:02x}" for byte in raw).encode()
    yield "in UTF-16 LE", text.encode("utf-16-le")
    yield "in UTF-16 BE", text.encode("utf-16-be")
    yield "as JSON escapes it", text.encode("ascii", "backslashreplace")
    yield "backwards", text[::-1].encode()
    yield "backwards, in UTF-16", text[::-1].encode("utf-16-le")
    yield "quoted-printable", quopri.encodestring(raw, quotetabs=True).replace(b"=\n", b"")
    yield "with every sign quoted-printable", "".join(f"={byte:02X}" for byte in raw).encode()
    yield "as HTML references", "".join(f"&#{ord(sign)};" for sign in text).encode()
    yield "as HTML references in hex", "".join(f"&#x{ord(sign):x};" for sign in text).encode()
    yield "with the @ as an HTML reference", text.replace("@", "&#64;").encode()
    yield "UTF-16 in hex", text.encode("utf-16-le").hex().encode()
    yield "percent-encoded twice", quote(quote(text, safe=""), safe="").encode()
    for how, other in (("UTF-16", text.encode("utf-16-le")), ("backwards", text[::-1].encode())):
        yield from ((f"{how}, in {letters}", form) for letters, form in base_64(other))
    yield from base_64(raw)
    yield "in base32", base64.b32encode(raw).rstrip(b"=")[: len(raw) * 8 // 5]
    yield "in base32, small", base64.b32encode(raw).rstrip(b"=")[: len(raw) * 8 // 5].lower()
    yield from as_number(text)


def base_64(raw: bytes, *, whole: bool = False) -> Iterator[tuple[str, bytes]]:
    """`whole`: it stands by itself. Else anywhere in a longer text, so in three alignments, without what they share."""
    for before in range(1 if whole else 3):
        padded = b"\0" * before + raw
        letters = base64.b64encode(padded)[(0, 2, 3)[before] : len(padded) * 8 // 6]
        yield f"base64 ({before})", letters
        yield f"base64, url-safe ({before})", letters.replace(b"+", b"-").replace(b"/", b"_")


def as_number(text: str) -> Iterator[tuple[str, bytes]]:
    """As a list or a stream of Redis keeps one."""
    if not text.lstrip("-").isdecimal() or not -(2**63) <= int(text) < 2**63:
        return
    whole = int(text).to_bytes(8, "little", signed=True)
    yield "in eight bytes", whole
    yield "in eight bytes, the other way round", whole[::-1]
    yield "in hex as a number", f"{abs(int(text)):x}".encode()


def hashed(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Without a key: whoever has a list of addresses tries them all."""
    for kind in _HASHES:
        yield kind, hashlib.new(kind, raw).digest()[:_KEPT_OF_A_HASH]


def told(found: Iterable[Found]) -> str:
    """Each mark once a place."""
    first = {(one.mark, one.where): one.form for one in reversed(list(found))}
    return "\n".join(f"{mark}: {form}, in {where}" for (mark, where), form in first.items())
