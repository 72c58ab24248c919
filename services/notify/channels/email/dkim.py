"""DKIM signatures (RFC 6376, RFC 8463): whoever gets a letter can see that it is ours and unchanged.

c=relaxed/simple: what stands in the head may be folded anew on the way, and the body is in a form that nobody has to
change. Every field that a reader or a filter goes by is signed once more than it is there, so that none can be added.
The same letter is always signed alike. Verifying is left to others: tests ask dkimpy and OpenDKIM.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_SHORTEST_RSA: Final = 2048
"""Bits; RFC 8301 wants no less of who signs."""
_LONGEST_RSA: Final = 4096
"""Some verifiers read no longer key, and the DNS record grows."""
_SIGNED: Final = (
    *("from", "to", "subject", "date", "message-id", "in-reply-to", "references"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post", "content-language", "auto-submitted"),
    *("mime-version", "content-type", "content-transfer-encoding"),
)
_NEVER_ADDED: Final = (*_SIGNED, "reply-to", "sender", "cc")
"""A second one of these would show a reader something else, or take the way to stop from them."""
_BLANKS: Final = re.compile(rb"[ \t]+")
_UNFOLDED: Final = re.compile(rb"\r\n(?=[ \t])")
_WIDTH: Final = 72


class InvalidDkimKey(ValueError):
    """The text says what is wrong with the key and never repeats it."""


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A key, and the selector under which its public half stands in DNS."""

    selector: str
    private: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)

    @property
    def algorithm(self) -> str:
        return "rsa-sha256" if isinstance(self.private, RSAPrivateKey) else "ed25519-sha256"

    def sign(self, said: bytes) -> bytes:
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(said, PKCS1v15(), SHA256())
        return self.private.sign(hashlib.sha256(said).digest())  # RFC 8463, section 3


def read_dkim_key(selector: str, pem: str) -> DkimKey:
    """An RSA or Ed25519 private key in PEM. Raises InvalidDkimKey."""
    try:
        private = load_pem_private_key(pem.strip().encode() + b"\n", password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InvalidDkimKey("it is a private key in PEM without a password, as openssl genpkey writes it") from None
    if isinstance(private, RSAPrivateKey) and _SHORTEST_RSA <= private.key_size <= _LONGEST_RSA:
        return DkimKey(selector, private)
    if isinstance(private, Ed25519PrivateKey):
        return DkimKey(selector, private)
    raise InvalidDkimKey(f"it is of another kind; take Ed25519, or RSA of {_SHORTEST_RSA} to {_LONGEST_RSA} bits")


@dataclass(frozen=True)
class DkimSigner:
    """Signs with each key, for one domain."""

    domain: str
    keys: Sequence[DkimKey]

    def signatures(self, letter: bytes) -> bytes:
        """The fields to stand before the letter, whose lines end in CRLF and which has no other signature of ours."""
        head, _, body = letter.partition(b"\r\n\r\n")
        fields = _fields(head)
        body_hash = b64encode(hashlib.sha256(_simple(body)).digest()).decode()
        names = [*(name for name in _SIGNED if name in fields), *_NEVER_ADDED]
        said = b"".join(b"%b:%b\r\n" % (name.encode(), fields[name]) for name in _SIGNED if name in fields)
        return b"".join(self._signature(key, names, body_hash, said) for key in self.keys)

    def _signature(self, key: DkimKey, names: Sequence[str], body_hash: str, said: bytes) -> bytes:
        open_ = (
            f"v=1; a={key.algorithm}; c=relaxed/simple; d={self.domain}; s={key.selector};\r\n"
            f" h={_folded(':'.join(names), ':')};\r\n bh={body_hash};\r\n b="
        )
        value = key.sign(said + b"dkim-signature:" + _relaxed(open_.encode()))
        digits = b64encode(value).decode()
        lines = "\r\n ".join(digits[at : at + _WIDTH] for at in range(0, len(digits), _WIDTH))
        return f"DKIM-Signature: {open_}{lines}\r\n".encode()

    @cached_property
    def dns_names(self) -> tuple[str, ...]:
        """Where the public halves are looked for."""
        return tuple(f"{key.selector}._domainkey.{self.domain}" for key in self.keys)


def _fields(head: bytes) -> dict[str, bytes]:
    """Each field's value as relaxed canonicalization has it, by its name in small letters; a head of ours has none
    twice."""
    lines = _UNFOLDED.sub(b"", head).split(b"\r\n")
    pairs = (line.partition(b":") for line in lines)
    return {name.decode("ascii", "replace").strip().lower(): _relaxed(value) for name, _, value in pairs}


def _relaxed(value: bytes) -> bytes:
    """RFC 6376, section 3.4.2."""
    return _BLANKS.sub(b" ", _UNFOLDED.sub(b"", value)).strip(b" ")


def _simple(body: bytes) -> bytes:
    """RFC 6376, section 3.4.3: one line end at the end, and an empty body is one."""
    return body.rstrip(b"\r\n") + b"\r\n" if body.endswith(b"\r\n\r\n") or not body.endswith(b"\r\n") else body


def _folded(text: str, after: str) -> str:
    lines, line = [], ""
    for piece in text.split(after):
        if line and len(line) + len(piece) > _WIDTH:
            lines.append(line)
            line = ""
        line += piece + after
    return "\r\n ".join([*lines, line]).removesuffix(after)
