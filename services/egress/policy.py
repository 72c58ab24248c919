"""Where we may connect to, and how patiently."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EgressPolicy:
    """The default is for strangers' addresses: https, usual ports, the public internet."""

    allow_http: bool = False
    allowed_networks: tuple[str, ...] = ()
    """Networks ("127.0.0.0/8") that are open although they are not public; with any of them, every port is."""
    ports: tuple[int, ...] = (443, 8443)
    """Ports of public addresses; 80 and 8080 join them with `allow_http`. Others speak other protocols."""
    named: tuple[str, str, int] | None = None
    """Scheme, host and port that the operator's own settings name: open whatever else is not."""
    own: tuple[tuple[str, int], ...] = ()
    """Hosts and ports that are ourselves: closed whatever else is open."""
    opened_by: str = ""
    """The settings that would open a network which is not public, for whoever reads the refusal."""
    connect_timeout: float = 5.0
    """Seconds to find the address and be connected; the handshake of TLS has as many again."""
    per_address: int = 32
    """Requests to one address (the whole URL) at a time. The others wait within their own deadline, and delay nobody
    else's, not even on the same host."""

    @property
    def open_ports(self) -> frozenset[int]:
        return frozenset(self.ports) | (frozenset({80, 8080}) if self.allow_http else frozenset())
