"""Email addresses as people type them: checked strictly, and written one way.

Stricter than RFC 5321 on purpose: quoted local parts, comments and address literals belong to nobody who signs up,
and are read differently by different servers.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

import idna

from services.subscribers.address import InvalidAddress

_ASCII_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_LONGEST = 254  # octets, RFC 5321, section 4.5.3.1.3 less the angle brackets
_LONGEST_LOCAL = 64
_PLAIN = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
    r"@(?:[a-z0-9](?:-?[a-z0-9]){0,30}\.)+[a-z](?:-?[a-z0-9]){0,30}"
)
"""The usual signs of a name, and labels of a domain in ASCII that are no encoded ones."""


@dataclass(frozen=True, slots=True)
class MailAddress:
    local: str = field(repr=False)
    domain: str = field(repr=False)
    """In ASCII, lower case (IDNA 2008)."""

    @property
    def text(self) -> str:
        return f"{self.local}@{self.domain}"


def is_written_plainly(text: str) -> bool:
    """Whether `read_mail_address` would surely give this very text: it costs twenty times as much. Most are."""
    return len(text) <= _LONGEST and _PLAIN.fullmatch(text) is not None


def read_mail_address(typed: str) -> MailAddress:
    """Raises InvalidAddress."""
    local, at, domain = unicodedata.normalize("NFC", typed.strip()).rpartition("@")
    if not at or not local:
        raise InvalidAddress("an email address has a name, an @ and a domain")
    address = MailAddress(_read_local(local), _read_domain(domain))
    if len(address.text.encode()) > _LONGEST:
        raise InvalidAddress(f"an email address has at most {_LONGEST} bytes")
    return address


def _read_local(local: str) -> str:
    if len(local.encode(errors="replace")) > _LONGEST_LOCAL:
        raise InvalidAddress(f"what stands before the @ has at most {_LONGEST_LOCAL} bytes")
    if "=?" in local or not all(map(_is_atom, local.split("."))):  # =? may begin an encoded word (RFC 2047)
        raise InvalidAddress("what stands before the @ holds a character we do not take, or a dot too many")
    return local


def _is_atom(text: str) -> bool:
    # Letters, marks and digits of every script (RFC 6531), but nothing invisible and no second way to write a sign.
    plain = "".join(sign if sign.isascii() else "x" for sign in text)
    return bool(_ASCII_ATOM.fullmatch(plain)) and all(
        sign.isascii() or unicodedata.category(sign)[0] in "LMN" for sign in text
    )


def _read_domain(domain: str) -> str:
    try:
        ascii_domain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise InvalidAddress("what stands after the @ is not a domain") from None
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not labels[-1] or labels[-1].isdigit():
        raise InvalidAddress("what stands after the @ is not a whole domain, like example.org")
    return ascii_domain
