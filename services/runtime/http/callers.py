"""Which network a request came from, as a hash: enough to count, and of no use to whoever reads our memory later.

The salt is made when the process starts and dies with it. What a proxy says of the address behind it
(`X-Forwarded-For`) is not believed: anybody can write that.
"""

from __future__ import annotations

import hashlib
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

_SUBSCRIBERS_NETWORK: Final = 8
"""Bytes of an IPv6 address that one subscriber has to give away, or moves about in: a /64 (RFC 6177, RFC 8981)."""


class Callers:
    def __init__(self, salt: bytes) -> None:
        """`salt`: 16 to 64 random bytes."""
        self._salt = salt

    def key(self, host: str | None) -> bytes:
        """Equal for addresses that count as one: an IPv4 address, a /64 of IPv6. `host`: as the socket has it."""
        return hashlib.blake2b(_network(host), key=self._salt, digest_size=16).digest()


def _network(host: str | None) -> bytes:
    try:
        address = ip_address((host or "").partition("%")[0])
    except ValueError:  # a socket of this machine has no address
        return b"local"
    return _packed(address)


def _packed(address: IPv4Address | IPv6Address) -> bytes:
    if isinstance(address, IPv4Address):
        return address.packed
    mapped = address.ipv4_mapped
    return mapped.packed if mapped is not None else address.packed[:_SUBSCRIBERS_NETWORK]
