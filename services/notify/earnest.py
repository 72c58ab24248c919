"""What in notify's settings would ruin it in earnest although each value by itself can be used.

Nothing is resolved: what a name stands for changes, and a check must say the same without a network.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

from services.egress import ForbiddenTarget, origin_of
from services.notify.channels import EmailSettings, TelegramSettings
from services.notify.settings import NotifySettings

_INSIDE: Final = frozenset(
    {"localhost", "local", "localdomain", "internal", "intranet", "private", "home", "lan", "corp"}
)
"""Last labels of names that nobody outside can look up (RFC 6761, RFC 6762, ICANN's .internal)."""
_ABOVE_ZERO: Final = ("deadline", "max_body", "overall_per_second", "per_chat_per_second", "per_group_per_minute")
_TLS_FROM_THE_START: Final = 465

_ALLOWS: Final = "VESTKA_DEVELOPMENT=true allows it on a developer's machine"


def ruinous(settings: NotifySettings) -> Iterator[str]:
    """Each problem names the setting that refuses, and the one that would allow it where there is one."""
    yield from _of_the_public_address(settings, "VESTKA_PUBLIC_URL", settings.public_url)
    for name, url in (("VESTKA_PAGES_URL", settings.pages_url), ("VESTKA_DISCREET_URL", settings.discreet_url)):
        if url:
            yield from _of_the_public_address(settings, name, url)
    channels = settings.channels
    if channels.email is not None:
        yield from _of_the_relay(channels.email, settings.development)
    if channels.telegram is not None:
        yield from _of_the_bot_api(channels.telegram, settings.development)
    for name in ("email", "telegram", "webhook"):
        yield from _without_measure(name, getattr(channels, name))


def _of_the_public_address(settings: NotifySettings, name: str, url: str) -> Iterator[str]:
    try:
        scheme, host, _ = origin_of(url)
    except ForbiddenTarget as error:
        yield f"{name}: {error.why}, like https://alerts.example.org; it is the base of links in messages"
        return
    if "?" in url or "#" in url:
        yield f"{name}: it is the base of links, so it has no ? and no #"
    real = ", ".join(real_channels(settings))
    if not real or settings.development:
        return
    if is_inside(host):
        yield f"{name}: readers cannot reach it, so links in messages are dead ({real}). {_ALLOWS}"
    elif scheme != "https" and not host.endswith(".onion"):
        yield f"{name}: in earnest it is https://, else anybody between can use a reader's link ({real}). {_ALLOWS}"


def real_channels(settings: NotifySettings) -> list[str]:
    """The channels whose messages leave this machine."""
    channels = settings.channels
    found = []
    if channels.email is not None and not is_loopback(channels.email.host):
        found.append("email")
    if channels.telegram is not None and not is_loopback(urlsplit(channels.telegram.api_base).hostname or ""):
        found.append("telegram")
    if channels.webhook is not None and not settings.allow_http:
        found.append("webhook")
    return found


def _of_the_relay(email: EmailSettings, development: bool) -> Iterator[str]:
    name = "VESTKA_CHANNELS__EMAIL__"
    plain = not email.implicit_tls and email.starttls != "required"
    if plain and not is_loopback(email.host) and not (development or email.trusted_network):
        yield (
            f"{name}STARTTLS: {email.starttls} hands readers' addresses to whoever listens on the way to a relay on "
            f"another machine: make it required, or set {name}IMPLICIT_TLS. {name}TRUSTED_NETWORK=true allows it "
            "where the relay stands in a network of your own"
        )
    if email.port == _TLS_FROM_THE_START and not email.implicit_tls:
        yield f"{name}PORT: {email.port} speaks TLS from the first byte: set {name}IMPLICIT_TLS=true"
    if not email.host.strip() or "://" in email.host or "/" in email.host or "@" in email.host:
        yield f"{name}HOST: it takes the name of a host and nothing else, like smtp.example.org"
    if email.ca_file is not None:
        try:
            ssl.create_default_context(cafile=email.ca_file)
        except OSError:  # ssl.SSLError is one
            yield f"{name}CA_FILE: {email.ca_file} cannot be read as certificates in PEM"


def _of_the_bot_api(telegram: TelegramSettings, development: bool) -> Iterator[str]:
    name = "VESTKA_CHANNELS__TELEGRAM__"
    try:
        scheme, host, _ = origin_of(telegram.api_base)
    except ForbiddenTarget as error:
        yield f"{name}API_BASE: {error.why}, like https://api.telegram.org"
        return
    if scheme == "http" and not is_inside(host) and not development:
        yield f"{name}API_BASE: over http:// anybody between could read the bot's token: make it https://. {_ALLOWS}"
    if telegram.token is None:
        yield f"{name}TOKEN: without it no message can be sent; take the other settings of Telegram away to turn it off"


def _without_measure(channel: str, settings: object) -> Iterator[str]:
    for field in _ABOVE_ZERO:
        value = getattr(settings, field, None)
        if value is not None and not 0 < value < float("inf"):
            yield f"VESTKA_CHANNELS__{channel.upper()}__{field.upper()}: it is a number above 0"


def is_loopback(host: str) -> bool:
    """This very machine, by what is written."""
    name = _bare(host)
    address = _address(name)
    return name == "localhost" or name.endswith(".localhost") if address is None else address.is_loopback


def is_inside(host: str) -> bool:
    """Nobody on the internet reaches it: this machine, or a name or address of some network of its own."""
    name = _bare(host)
    address = _address(name)
    if address is None:
        return "." not in name or name.rpartition(".")[2] in _INSIDE
    return not address.is_global


def _bare(host: str) -> str:
    return host.strip().strip("[]").removesuffix(".").lower()


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(name)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
