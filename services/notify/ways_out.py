"""Where notify may connect to: partners' endpoints by one policy, the Bot API that the settings name by another."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address

from services.egress import Egress, EgressPolicy, ForbiddenTarget, WireTransport, origin_of
from services.notify.settings import NotifySettings
from services.runtime.settings import networks_or

_OPENED_BY = "VESTKA_ALLOWED_NETWORKS_ENDPOINTS or VESTKA_ALLOWED_NETWORKS"


@dataclass(frozen=True, slots=True)
class WaysOut:
    endpoints: Egress
    bot_api: Egress

    async def close(self) -> None:
        await asyncio.gather(self.endpoints.close(), self.bot_api.close())


def open_ways_out(settings: NotifySettings) -> WaysOut:
    endpoints = Egress(endpoint_policy(settings), transport=WireTransport)
    return WaysOut(endpoints, Egress(bot_api_policy(settings), transport=WireTransport))


def endpoint_policy(settings: NotifySettings) -> EgressPolicy:
    return EgressPolicy(
        allow_http=settings.allow_http,
        allowed_networks=networks_or(settings.allowed_networks_endpoints, settings.allowed_networks),
        own=own_addresses(settings),
        opened_by=_OPENED_BY,
    )


def bot_api_policy(settings: NotifySettings) -> EgressPolicy:
    """A server that an operator names is open by its own scheme, host and port, and nothing beside it is."""
    telegram = settings.channels.telegram
    try:
        return EgressPolicy(named=None if telegram is None else origin_of(telegram.api_base))
    except ForbiddenTarget:  # no address at all: `check-config` says so
        return EgressPolicy()


def own_addresses(settings: NotifySettings) -> tuple[tuple[str, int], ...]:
    """Host and port where readers reach us, and where we listen."""
    found = []
    for url in filter(None, (settings.public_url, settings.discreet_url, settings.pages_url)):
        with suppress(ForbiddenTarget):  # `check-config` says so
            found.append(origin_of(url)[1:])
    if settings.notify_port:
        found += [(host, settings.notify_port) for host in _listening(settings.notify_host)]
    return tuple(dict.fromkeys(found))


def _listening(host: str) -> tuple[str, ...]:
    try:
        everywhere = ip_address(host).is_unspecified
    except ValueError:
        everywhere = host == "localhost"
    return (host, "127.0.0.1", "::1") if everywhere else (host,)
