"""Is this where we may connect to? First the written address alone, then every address its name stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import httpx
import idna

from services.egress.errors import ForbiddenTarget
from services.egress.ip_addresses import is_public, is_within, read_address, read_networks
from services.egress.policy import EgressPolicy

_LONGEST = 2048
_FORBIDDEN_CHARACTER = re.compile(r"[\x00-\x20\x7f-\x9f\\\s]")
_AUTHORITY = re.compile(
    r"[a-z][a-z0-9+.-]*://((?:\[[^]]*\]|[^]/?#:@[]+)(?::[0-9]{1,5})?)(?:[/?#].*)?", re.IGNORECASE | re.ASCII
)
"""A host and perhaps a port; nothing like a user name."""
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""A last label like this makes the host an IPv4 address for some resolver (WHATWG URL, "ends in a number")."""

_INSIDE = frozenset({
    "localhost", "local", "localdomain", "internal", "intranet", "private", "corp", "home", "lan",
    "test", "invalid", "onion", "alt", "arpa",
})  # fmt: skip
"""Last labels that no public name has (RFC 6761, RFC 6762, RFC 9476, ICANN's .internal), and .arpa."""


Origin = tuple[bool, str, int]
"""Whether by TLS, the host and the port: what a connection leads to."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was read, in the pieces a request is made of."""

    url: httpx.URL = field(repr=False)
    text: str = field(repr=False)
    encrypted: bool
    host: str = field(repr=False)
    port: int = field(repr=False)
    authority: str = field(repr=False)
    """Host and port as the field Host says them."""
    path: str = field(repr=False)
    """With the query."""
    opening: str = field(repr=False)
    """What a request begins with, after its method."""
    origin: Origin = field(repr=False)

    @classmethod
    def of(cls, url: httpx.URL) -> Target:
        encrypted, host, port = url.scheme == "https", url.raw_host.decode("ascii"), port_of(url)
        path, authority = url.raw_path.decode("ascii"), url.netloc.decode("ascii")
        return cls(
            url=url,
            text=str(url),
            encrypted=encrypted,
            host=host,
            port=port,
            authority=authority,
            path=path,
            opening=f"{path} HTTP/1.1\r\nHost: {authority}\r\n",
            origin=(encrypted, host, port),
        )


_LAST_PORT = 65_535
_OURSELVES = "it is our own address (VESTKA_PUBLIC_URL, or where we listen)"
_BY_HTTP = "VESTKA_ALLOW_HTTP=true"


class Guard:
    def __init__(self, policy: EgressPolicy) -> None:
        self._schemes = ("https", "http") if policy.allow_http else ("https",)
        self._networks = read_networks(policy.allowed_networks)
        self._ports = policy.open_ports
        self._named, self._own = policy.named, frozenset(policy.own)
        self._opened_by = policy.opened_by

    def is_named(self, host: str, port: int) -> bool:
        """Do our own settings name it?"""
        return self._named is not None and (host, port) == self._named[1:]

    def read_url(self, url: str) -> httpx.URL:
        """The address normalised and without its fragment, not yet resolved. Raises ForbiddenTarget."""
        target = _parse(url)
        if self._named == (target.scheme, host_of(target), port_of(target)):
            return target.copy_with(host=host_of(target), fragment=None)
        if (host_of(target), port_of(target)) in self._own:
            raise ForbiddenTarget(_OURSELVES)
        if target.scheme not in self._schemes:
            raise ForbiddenTarget(f"it must begin with {self._schemes[0]}://{self._hint(_BY_HTTP)}")
        if not self._networks and port_of(target) not in self._ports:
            raise ForbiddenTarget("only the usual ports of web servers are open")
        host = self._read_host(target.raw_host.decode("ascii").lower(), port_of(target))
        return target.copy_with(host=host, fragment=None)

    def admit(self, address: str, port: int) -> None:
        """Raises ForbiddenTarget unless we may connect to this very address and port."""
        ip = read_address(address)
        if (address, port) in self._own:
            raise ForbiddenTarget(_OURSELVES)
        if ip is not None and is_within(ip, self._networks):
            return
        if ip is None or not is_public(ip):
            raise ForbiddenTarget(f"it is not on the public internet{self._hint(self._opened_by)}")
        if port not in self._ports:
            raise ForbiddenTarget("only the usual ports of web servers are open")

    def _read_host(self, host: str, port: int) -> str:
        if ":" in host or _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
            self.admit(host, port)
            return host
        name = host.removesuffix(".")
        labels = name.split(".")
        if len(name) > 253 or not all(map(_is_label, labels)):
            raise ForbiddenTarget("the name of the host is not well formed")
        if not self._networks and (len(labels) < 2 or labels[-1] in _INSIDE):
            raise ForbiddenTarget(f"the name of the host is not a public one{self._hint(self._opened_by)}")
        return name

    def _hint(self, setting: str) -> str:
        return f" ({setting} would allow it)" if setting and self._opened_by else ""


def origin_of(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address as it is written. Raises ForbiddenTarget where it is none of the web."""
    target = _parse(url)
    if target.scheme not in ("https", "http"):
        raise ForbiddenTarget("it must begin with https://")
    if not 0 < port_of(target) <= _LAST_PORT:
        raise ForbiddenTarget("a port is a number from 1 to 65535")
    return target.scheme, host_of(target), port_of(target)


def host_of(url: httpx.URL) -> str:
    host = url.raw_host.decode("ascii").lower().removesuffix(".")
    address = read_address(host)
    return host if address is None else str(address)


def port_of(url: httpx.URL) -> int:
    return {"https": 443, "http": 80}.get(url.scheme, 0) if url.port is None else url.port


def _parse(url: str) -> httpx.URL:
    if len(url) > _LONGEST or _FORBIDDEN_CHARACTER.search(url):
        raise ForbiddenTarget("it is too long, or holds a space, a backslash or a control character")
    if not _AUTHORITY.fullmatch(url):
        raise ForbiddenTarget("it must be a scheme, a host and perhaps a port, without a user name")
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError):
        raise ForbiddenTarget("it is not an address of the web") from None


def _is_label(label: str) -> bool:
    if not _LABEL.fullmatch(label):
        return False
    if not label.startswith("xn--"):
        return True
    try:
        return bool(idna.decode(label))
    except idna.IDNAError:
        return False
