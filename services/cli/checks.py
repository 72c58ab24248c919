"""What in the configuration would stop a service: for `vestka check-config`, and before `vestka run` starts one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from services.ingest.app import load_known_acts_file, load_release_rules
from services.ingest.settings import IngestSettings
from services.ingest.sources import load_sources
from services.notify.app import open_notify_channels
from services.notify.languages import LanguageFault
from services.notify.rendering import Renderer
from services.notify.settings import NotifySettings
from services.notify.subscribers_file import UnusableSubscribers, read_file, to_subscriber
from services.runtime.clock import rfc3339
from services.runtime.settings import SettingsError, load_settings


def problems_of(services: Iterable[str]) -> list[str]:
    """What would stop these services, each problem once and in words; none where they can start."""
    return list(dict.fromkeys(problem for name in services for problem in _problems(name)))


def _problems(service: str) -> Iterator[str]:
    try:
        yield from CHECKS[service]()
    except (SettingsError, UnusableSubscribers, LanguageFault) as error:
        yield from str(error).splitlines()


def _ingest() -> Iterator[str]:
    settings = load_settings(IngestSettings)
    for file, check in (
        (settings.release_rules_file, lambda: load_release_rules(settings.release_rules_file)),
        (settings.known_acts_file, lambda: load_known_acts_file(settings.known_acts_file)),
        (settings.sources_file, lambda: load_sources(settings.sources_file, _NoFetch())),
    ):
        try:
            check()
        except SettingsError as error:
            yield from str(error).splitlines()
        except UnicodeDecodeError:
            yield f"{file}: is not text in UTF-8"


def _notify() -> Iterator[str]:
    settings = load_settings(NotifySettings)
    languages = Renderer(settings.templates).languages
    if not languages:
        yield f"VESTKA_TEMPLATES: {settings.templates} has no languages; name a folder like templates"
    channels, _egress = open_notify_channels(settings)
    if settings.subscribers_file is not None:
        where = str(settings.subscribers_file)
        try:
            for entry in read_file(settings.subscribers_file):
                to_subscriber(entry, channels, languages, rfc3339(0), f"{where}: {entry.id}")
        except UnicodeDecodeError:
            yield f"{where}: is not text in UTF-8"


def has_a_channel() -> bool:
    """False where notify would run and have no way to reach anybody. Raises SettingsError."""
    channels, _egress = open_notify_channels(load_settings(NotifySettings))
    return bool(channels)


CHECKS: Final[Mapping[str, Callable[[], Iterator[str]]]] = {"ingest": _ingest, "notify": _notify}


class _NoFetch:
    """Reading the sources' configuration asks nothing of the network."""

    async def request(self, *_args: Any, **_kwargs: Any) -> Any:
        raise AssertionError("a check of the configuration asks no source")
