"""The packets of an OpenPGP certificate (RFC 9580, sections 4 and 6), before anything is made of them. Pure.

A library unpacks whatever it is given, and eight hundred bytes of packed zeros are gigabytes. So what is handed in is
taken out of its armor here, and each packet's head is read: a certificate holds nothing that is packed or encrypted.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from typing import Final

_BEGINS: Final = (b"-----BEGIN PGP PUBLIC KEY BLOCK-----", b"-----BEGIN PGP PRIVATE KEY BLOCK-----")
_ENDS: Final = b"-----END PGP "
_MARK_OF_UTF_8: Final = b"\xef\xbb\xbf"
_SECRET: Final = frozenset({5, 7})
_PUBLIC: Final = (6, 14)
_ALGORITHM_AT: Final = 5
"""Behind the version and the time at which it was made (RFC 9580, section 5.5.2)."""
_SLOW: Final = (b"\x10", b"\x11", b"\x14")
"""ElGamal, DSA, and ElGamal that signs (RFC 9580, section 9.1)."""
_OF_KEYS: Final = _SECRET | {2, 6, 10, 12, 13, 14, 17, 21} | frozenset(range(40, 64))
"""Signatures, keys, who has them, trust, padding; and what nobody need understand (RFC 9580, section 4.3)."""


def bare(given: bytes) -> bytes:
    """Binary, armored or in base64, as packets. Raises ValueError where it cannot be a key's."""
    given = given.removeprefix(_MARK_OF_UTF_8)
    raw = given if given[:1] >= b"\x80" else _dearmored(given) if b"-----BEGIN" in given else _of_base64(given)
    if not raw or any(tag not in _OF_KEYS for tag, _ in _packets(raw)):
        raise ValueError("these are no packets of a key")
    return raw


def has_secret(raw: bytes) -> bool:
    """Of what `bare` gave."""
    return any(tag in _SECRET for tag, _ in _packets(raw))


def is_slow(raw: bytes) -> bool:
    """Has it a DSA or ElGamal key? The library bounds the numbers of no such key, and one of 64 KiB is worked at for
    minutes before it is found to be false. Letters could be encrypted to none of them: it has no ElGamal."""
    keys = (body for tag, body in _packets(raw) if tag in _PUBLIC)
    return any(body[_ALGORITHM_AT : _ALGORITHM_AT + 1] in _SLOW for body in keys if body)


def _packets(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and body of each. Raises ValueError for what has no length of its own: only messages do."""
    at = 0
    while at < len(raw):
        head, length = raw[at], raw[at + 1 : at + 6]
        if head < 0x80 or not length:
            raise ValueError("no packet begins so")
        size, long = _after_new_head(length) if head & 0x40 else _after_old_head(head & 3, length)
        begins = at + 1 + size
        at = begins + long
        yield head & 0x3F if head & 0x40 else (head >> 2) & 0xF, raw[begins:at]
    if at > len(raw):
        raise ValueError("a packet is cut off")


def _after_new_head(length: bytes) -> tuple[int, int]:
    """Of how many bytes the length is, and what it says."""
    if (first := length[0]) < 192:
        return 1, first
    if first < 224:
        return 2, ((first - 192) << 8) + int.from_bytes(length[1:2]) + 192
    if first < 255:
        raise ValueError("a packet in parts")
    return 5, int.from_bytes(length[1:5])


def _after_old_head(kind: int, length: bytes) -> tuple[int, int]:
    if kind == 3:
        raise ValueError("a packet without an end")
    return 1 << kind, int.from_bytes(length[: 1 << kind])


def _dearmored(given: bytes) -> bytes:
    """All blocks of keys, one after the other. Headers have a colon, a checksum begins with an equals sign."""
    found, lines = [b""], None
    for line in map(bytes.strip, given.splitlines()):
        if line.endswith(_BEGINS):
            lines = list[bytes]()
        elif lines is not None and line.startswith(_ENDS):
            found.append(_of_base64(b"".join(lines)))
            lines = None
        elif lines is not None and b":" not in line and not line.startswith(b"="):
            lines.append(line)
    return b"".join(found)


def _of_base64(given: bytes) -> bytes:
    return b64decode(b"".join(given.split()), validate=True)
