"""What a configuration turns on, for whoever has just written it. No secret, and nobody's address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from services.cli.checks import NO_FETCH
from services.ingest.settings import IngestSettings
from services.ingest.sources.kinds import load_sources
from services.notify.channels import EmailSettings
from services.notify.settings import NotifySettings
from services.runtime.sentinel_address import SentinelAddress, names_sentinels
from services.runtime.settings import RuntimeSettings, load_settings, networks_or
from services.subscribers.subscribers_file import read_file


def what_is_on() -> dict[str, Any]:
    """Each thing and where it is; None where it is off. Raises SettingsError."""
    ingest, notify = load_settings(IngestSettings), load_settings(NotifySettings)
    return {
        "store": _store(ingest),
        **_channels(notify),
        "links in messages": notify.sample_stop_url,
        "link key": "yours" if notify.link_key is not None else f"made up, and kept in {notify.keys_folder}",
        "keys of subscribers": str(notify.keys_folder),
        "sources": _sources(ingest),
        "partners": len(ingest.partners),
        "operators over http": len(ingest.operator_tokens),
        "subscribers file": None if notify.subscribers_file is None else len(read_file(notify.subscribers_file)),
        "networks open to sources": networks_or(ingest.allowed_networks_sources, ingest.allowed_networks) or None,
        "networks open to endpoints": networks_or(notify.allowed_networks_endpoints, notify.allowed_networks) or None,
        "http allowed": notify.allow_http,
        "development": notify.development,
        "ingest listens": f"{ingest.ingest_host}:{ingest.ingest_port}",
        "notify listens": f"{notify.notify_host}:{notify.notify_port}",
    }


def _store(settings: RuntimeSettings) -> str:
    if settings.redis_url is None:
        return f"embedded, in {settings.state_dir / 'redis'}"
    url = settings.redis_url.get_secret_value()
    if names_sentinels(url):
        return str(SentinelAddress.of(url))
    address = urlsplit(url)
    if address.scheme == "unix":
        return f"unix://{address.path}"
    return f"{address.scheme}://{address.hostname}:{address.port or 6379}{address.path}"


def _channels(settings: NotifySettings) -> dict[str, str | None]:
    email, telegram, webhook = settings.channels.email, settings.channels.telegram, settings.channels.webhook
    return {
        "email": None if email is None else f"{email.host}:{email.port}, {_tls(email)}",
        "telegram": None if telegram is None else urlsplit(telegram.api_base).netloc.rpartition("@")[2],
        "webhook": None if webhook is None else "on",
    }


def _tls(email: EmailSettings) -> str:
    if email.implicit_tls:
        return "TLS"
    return {"required": "STARTTLS", "opportunistic": "STARTTLS where offered"}.get(email.starttls, "no TLS")


def _sources(settings: IngestSettings) -> str:
    enabled = len(load_sources(settings.sources_file, NO_FETCH))
    known = len(load_sources(settings.sources_file, NO_FETCH, include_disabled=True))
    return f"{enabled} of {known}" + ("" if settings.watch_sources else ", none asked (VESTKA_WATCH_SOURCES)")
