"""A letter within an encrypted one: PGP/MIME (RFC 3156), with its own head inside (RFC 9788, "hp-cipher").

Outside stand the same fields but for the subject, which is neutral there. Inside, each field is as it is meant, and
HP-Outer says what stood outside, so that whoever decrypts it sees which field was not for everybody. The subject is not
repeated in the text for older programs ("legacy display"): each letter begins with what its subject says.

Nothing is signed within: what shows that a letter is ours is DKIM, over the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.notify.channels.email.header_fields import UnsafeHead, check_head, unstructured
from services.subscribers.certificates import encrypted_to

_FILLED_UP_TO: Final = 4_096
"""Bytes. Letters about one event are of one length, by which somebody who sees them pass could tell what they say."""
_STRUCTURE: Final = ("MIME-Version", "Content-Type", "Content-Transfer-Encoding")


def encrypted_letter(letter: bytes, subject: str, boundary: str, openpgp: str, now: float) -> bytes:
    """`letter`: whole and unsigned, its lines with CRLF. `subject`: what stands outside. `now`: Unix seconds.

    Raises UnfitCertificate, UnsafeHead.
    """
    head, _, body = letter.partition(b"\r\n\r\n")
    fields = list(_fields(head))
    ours = [(name, lines) for name, lines in fields if name not in _STRUCTURE]
    outer = [(name, unstructured(name, subject).encode() if name == "Subject" else lines) for name, lines in ours]
    sealed = encrypted_to(openpgp, _payload(ours, outer, dict(fields), body), now)
    whole = _joined(outer) + _wrapped_up(sealed, boundary)
    check_head(whole, [*(name for name, _ in outer), *_STRUCTURE[:2]])
    return whole


def _payload(
    ours: list[tuple[str, bytes]], outer: list[tuple[str, bytes]], fields: dict[str, bytes], body: bytes
) -> bytes:
    structure = [(name, fields[name]) for name in _STRUCTURE[1:] if name in fields]
    structure[0] = ("Content-Type", fields["Content-Type"] + b';\r\n hp="cipher"')
    inside = [*ours, *(("HP-Outer", b"HP-Outer: " + lines) for _, lines in outer), *structure]
    payload = _joined(inside) + b"\r\n" + body
    check_head(payload, [name for name, _ in inside])
    return _filled_up(payload)


def _filled_up(payload: bytes) -> bytes:
    """With blank lines after its last part, which nobody shows (RFC 2046, section 5.1.1, "epilogue")."""
    missing = -len(payload) % _FILLED_UP_TO
    return payload + b" " * (missing % 2) + b"\r\n" * (missing // 2)


def _wrapped_up(sealed: bytes, boundary: str) -> bytes:
    """RFC 3156, section 4."""
    lines = b"\r\n".join(sealed.strip().splitlines())
    mark = boundary.encode()
    return b"\r\n".join(
        [
            b"MIME-Version: 1.0",
            b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";\r\n boundary="=-%b"' % mark,
            b"",
            b"--=-%b" % mark,
            b"Content-Type: application/pgp-encrypted",
            b"",
            b"Version: 1",
            b"--=-%b" % mark,
            b'Content-Type: application/octet-stream; name="encrypted.asc"',
            b'Content-Disposition: inline; filename="encrypted.asc"',
            b"",
            lines,
            b"--=-%b--" % mark,
            b"",
        ]
    )


def _fields(head: bytes) -> Iterator[tuple[str, bytes]]:
    """Each field's name, and the whole of it, folded as it is."""
    name, lines = "", list[bytes]()
    for line in head.split(b"\r\n"):
        if line.startswith((b" ", b"\t")):
            lines.append(line)
            continue
        if lines:
            yield name, b"\r\n".join(lines)
        name, lines = line.partition(b":")[0].decode("ascii", "replace"), [line]
    if not lines:
        raise UnsafeHead("a letter without a head")
    yield name, b"\r\n".join(lines)


def _joined(fields: list[tuple[str, bytes]]) -> bytes:
    return b"".join(lines + b"\r\n" for _, lines in fields)
