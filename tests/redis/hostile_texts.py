"""What somebody hostile may type or send where a word, an address or a token belongs: by class, as bytes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import product
from typing import Final

_BREAKS_OUT_OF: Final = (
    "",
    '"',
    "'",
    "</textarea>",
    "</title>",
    "</style>",
    "-->",
    "]]>",
    '" autofocus onfocus="',
    "`",
)
_MARKUP: Final = ("<script>hostile()</script>", "<img src=x onerror=hostile()>", "<svg/onload=hostile()>")
_OTHER_MARKUP: Final = (
    "<a href='javascript:hostile()'>x</a>",
    "<meta http-equiv=refresh content='0;url=//hostile.example'>",
    "<iframe srcdoc='&lt;script&gt;hostile()&lt;/script&gt;'>",
    "<base href=//hostile.example>",
    "<form action=//hostile.example><button>",
    "<link rel=stylesheet href=//hostile.example>",
    "&lt;script&gt;hostile()&lt;/script&gt;",
    "&#60;script&#62;hostile()",
    "\uff1cscript\uff1ehostile()\uff1c/script\uff1e",  # what compatibility folding makes markup of
    "<scr\u200bipt>hostile()</scr\u200bipt>",
    "<<script>script>hostile()",
)
_FOR_PROGRAMS: Final = (
    "{{ cycler.__init__.__globals__ }}",
    "{% include '/etc/passwd' %}",
    "{# hostile #}{{",
    "${hostile} #{hostile} <%= hostile %> %(hostile)s",
    "{0.__class__.__mro__} {form!r:>9999999}",
    "%s%n%x%p",
    "'; DROP TABLE subscribers; --",
    "\"; return redis.call('FLUSHALL') --",
    "*1\r\n$8\r\nFLUSHALL\r\n",
    "../../../../etc/passwd",
    "..%2f..%2f%00",
    "file:///etc/passwd",
    "http://169.254.169.254/latest",
    "$(touch hostile) `touch hostile` | hostile",
    '{"$gt": ""}',
    "-1e309",
    "NaN",
    "__proto__",
    "true",
    "[]",
    "0",
)
_OF_LETTERS: Final = (
    "mother@reader.example\r\nBcc: hostile@elsewhere.example",
    "mother@reader.example%0d%0aBcc: hostile@elsewhere.example",
    "mother@reader.example, hostile@elsewhere.example",
    "<mother@reader.example> SIZE=1\r\nDATA",
    '"hostile" <mother@reader.example>',
    "mother@[127.0.0.1]",
    "mother@localhost",
    "=?utf-8?q?hostile?=@reader.example",
    "mother(hostile)@reader.example",
    "@", "a@", "@b", "a@@b.example", "a@b..example", ".a@b.example",
)  # fmt: skip
_NOT_UTF_8: Final = (b"\xff\xfe", b"\xc0\xbcscript\xc0\xbe", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\x80")
_KINDS_OF_SIGNS: Final = ("Cc", "Cf", "Co", "Zl", "Zp", "Mn")


def hostile_texts() -> list[bytes]:
    """Each once, in an order that stays."""
    return list(dict.fromkeys([*(text.encode() for text in _texts()), *_NOT_UTF_8]))


def _texts() -> Iterator[str]:
    yield from (before + markup for before, markup in product(_BREAKS_OUT_OF, _MARKUP[:1]))
    yield from _MARKUP[1:]
    yield from _OTHER_MARKUP
    yield from _FOR_PROGRAMS
    yield from _OF_LETTERS
    yield from (f"Name{sign}Surname" for sign in _signs_nobody_types())
    yield "Z" + "\u0335\u0341" * 400
    yield "A" * 31_000
    yield "\n" * 4_000 + "<"
    yield "A b\n" * 400


def _signs_nobody_types() -> Iterator[str]:
    """Two of each kind, the first and the last but those that Unicode keeps for nobody."""
    for kind in _KINDS_OF_SIGNS:
        found = [sign for sign in map(chr, range(0x1_0000)) if unicodedata.category(sign) == kind]
        yield from dict.fromkeys((found[0], found[-1]))


def hostile_tokens(ours: str) -> list[bytes]:
    """Not ours, though it may look alike: a valid one in which something is other."""
    middle = len(ours) // 2
    other = "a" if ours[middle] != "a" else "b"
    near = (
        ours[:middle] + other + ours[middle + 1 :],
        ours[:-1],
        ours + "a",
        ours * 2,
        ours[::-1],
        ours.swapcase(),
        f"{ours}\0",
        f"{ours} ",
        f"{ours}%00",
        f"{ours};x",
        f"../manage/{ours}",
        f"{ours[:3]}\u0430{ours[4:]}",
    )
    return [text.encode() for text in near if text != ours]
