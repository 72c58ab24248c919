"""One address, one subscriber: the form in which addresses are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

import idna

from services.forgettable import forgettable

_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_CHAT: Final = re.compile(r"(-?)0*([0-9]+)", re.ASCII)


def canonical(channel: str, target: str) -> str:
    """The one form of all the ways to write an address; never what is sent to."""
    return _FORMS.get(channel, str)(target.strip())


def _mailbox(target: str) -> str:
    """RFC 5321 lets a server tell letter case apart before the @, and none that people use does.

    Dots and +tags stay: what they mean is each server's own affair.
    """
    local, _, domain = unicodedata.normalize("NFC", target).rpartition("@")
    return f"{unicodedata.normalize('NFC', ''.join(map(_small, local)))}@{_host(domain)}"


def _small(sign: str) -> str:
    """Simple case folding (Unicode, C and S): ß stays apart from ss, since both may be somebody's."""
    folded = sign.casefold()
    return folded if len(folded) == 1 else sign.lower()


@forgettable(1024)
def _host(name: str) -> str:
    bare = name.strip().rstrip(".").lower()
    try:
        return idna.encode(bare, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return bare


def _chat(target: str) -> str:
    number = _CHAT.fullmatch(target)
    if number:
        return f"{number[1]}{number[2]}"
    return target.lower()


def _endpoint(target: str) -> str:
    """The normal form of RFC 3986, section 6.2.2 and 6.2.3; what it means to the server stays as it is."""
    try:
        parts = urlsplit(target)
        port = parts.port
    except ValueError:
        return target
    scheme = parts.scheme.lower()
    usual = port is None or port == _DEFAULT_PORTS.get(scheme)
    where = _host(parts.hostname or "") + ("" if usual else f":{port}")
    return f"{scheme}://{where}{_path_and_query(parts)}"


def _path_and_query(parts: SplitResult) -> str:
    path = _without_dots(_escaped_alike(parts.path)) or "/"
    return f"{path}?{_escaped_alike(parts.query)}" if parts.query else path


def _escaped_alike(text: str) -> str:
    def one(escape: re.Match[str]) -> str:
        byte = unquote_to_bytes(escape[0])
        return byte.decode() if byte[0] in _UNRESERVED else escape[0].upper()

    return _ESCAPE.sub(one, text)


def _without_dots(path: str) -> str:
    """RFC 3986, section 5.2.4."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept) + ("/" if segments[-1] in (".", "..") and kept[-1:] != [""] else "")


_FORMS: Final[Mapping[str, Callable[[str], str]]] = {"email": _mailbox, "telegram": _chat, "webhook": _endpoint}
