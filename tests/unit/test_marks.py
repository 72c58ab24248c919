"""A mark is found in whatever way it was written down: else that none is found would mean nothing."""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.marks import Marks

ADDRESS, NAME = "kanarejka.matka@reader-six.example", "Здзіслава Канарэйчык"
WAYS: dict[str, Callable[[str], bytes]] = {
    "as it is": str.encode,
    "in capitals": lambda text: text.upper().encode(),
    "percent-encoded twice": lambda text: quote(quote(text, safe=""), safe="").encode(),
    "as JSON": lambda text: text.encode("ascii", "backslashreplace"),
    "as HTML": lambda text: "".join(f"&#{ord(sign)};" for sign in text).encode(),
    "quoted-printable": lambda text: "".join(f"={byte:02X}" for byte in text.encode()).encode(),
    "UTF-16": lambda text: text.encode("utf-16-le"),
    "UTF-16 in base64": lambda text: base64.b64encode(b"x" + text.encode("utf-16-le") + b"yz"),
    "UTF-16 in hex": lambda text: text.encode("utf-16-le").hex().encode(),
    "backwards": lambda text: text[::-1].encode(),
    "backwards in base64": lambda text: base64.b64encode(text[::-1].encode()),
    "base64 within more": lambda text: base64.b64encode(b"to: " + text.encode() + b", more"),
    "url-safe base64": lambda text: base64.urlsafe_b64encode(text.encode()),
    "base32": lambda text: base64.b32encode(text.encode()),
    "hex": lambda text: text.encode().hex().encode(),
    "SHA-256": lambda text: hashlib.sha256(text.encode()).hexdigest().encode(),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("mark", [ADDRESS, NAME])
@pytest.mark.parametrize("packed", [bytes, gzip.compress, zlib.compress])
def test_a_mark_is_found_in_any_form_of_it(way: str, mark: str, packed: Callable[[bytes], bytes]) -> None:
    written = b"before " + WAYS[way](mark) + b" after"
    assert Marks({"name of it": mark}).look("a file", packed(written))


def test_what_only_looks_alike_is_no_mark() -> None:
    assert Marks({"address": ADDRESS}).look("a file", b"kanarejk reader-seven.org" * 9) == []
