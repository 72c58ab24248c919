"""Which addresses are on the public internet: one machine each, and nobody's inside.

The tables are IANA's special-purpose registries (RFC 6890), written out because what `ipaddress.is_global` says
depends on the version of Python; an address has to pass both.
"""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

_CLOSED_V4 = (
    "0.0.0.0/8",  # this network
    "10.0.0.0/8",  # private, RFC 1918
    "100.64.0.0/10",  # carriers' NAT, RFC 6598
    "127.0.0.0/8",  # loopback
    "168.63.129.16/32",  # public by registry, the host's own service on Azure
    "169.254.0.0/16",  # link-local, and the clouds' metadata
    "172.16.0.0/12",  # private, RFC 1918
    "192.0.0.0/24",  # protocol assignments
    "192.0.2.0/24",  # documentation
    "192.88.99.0/24",  # 6to4 relays
    "192.168.0.0/16",  # private, RFC 1918
    "198.18.0.0/15",  # benchmarks
    "198.51.100.0/24",  # documentation
    "203.0.113.0/24",  # documentation
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, broadcast
)

_UNICAST_V6 = "2000::/3"
"""All public unicast there is; mapped IPv4, NAT64, unique local, link-local and multicast lie outside."""

_CLOSED_V6 = (
    "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
    "2001:db8::/32",  # documentation
    "2002::/16",  # 6to4, which carries an IPv4 address
    "3fff::/20",  # documentation, RFC 9637
)

_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""The middle of an interface id that carries an IPv4 address (RFC 5214)."""


@cache
def _networks(names: tuple[str, ...]) -> tuple[IPNetwork, ...]:
    return tuple(ip_network(name) for name in names)


def read_networks(names: tuple[str, ...]) -> tuple[IPNetwork, ...]:
    """Raises ValueError for a network that is none: a mistake in the settings."""
    return _networks(names)


def is_public(address: IPAddress) -> bool:
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        return not is_within(address, _networks(_CLOSED_V4))
    return _is_public_v6(address)


def _is_public_v6(address: IPv6Address) -> bool:
    return (
        address.scope_id is None
        and address in IPv6Network(_UNICAST_V6)
        and not is_within(address, _networks(_CLOSED_V6))
        and (int(address) >> 32) & 0xFFFFFFFF not in _ISATAP
    )


def is_within(address: IPAddress, networks: tuple[IPNetwork, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def read_address(text: str) -> IPAddress | None:
    """The strict reading: four decimal numbers without leading zeros, or IPv6."""
    try:
        return ip_address(text)
    except ValueError:
        return None
