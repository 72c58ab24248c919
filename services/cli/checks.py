"""What in the configuration would stop a service: for `vestka check-config`, and before `vestka run` starts one."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from services.cli.listening_places import listening_places, places_that_meet
from services.ingest.configured import load_known_acts_file, load_release_rules
from services.ingest.settings import IngestSettings
from services.ingest.sources.kinds import load_sources
from services.notify.assembly import open_notify_channels, renderer_of
from services.notify.content.languages import LanguageFault
from services.notify.content.rendering import RenderingFailed
from services.notify.earnest import ruinous
from services.notify.settings import NotifySettings
from services.portal.bot.open_bot import unreachable_bot
from services.portal.settings import PortalSettings
from services.runtime.clock import rfc3339
from services.runtime.setting_names import SettingNames
from services.runtime.settings import RuntimeSettings, SettingsError, load_settings, names_given, unknown_setting
from services.subscribers.entries import UnusableSubscribers
from services.subscribers.key_files import KeyFolder
from services.subscribers.store_faults import UnusableKeys
from services.subscribers.subscribers_file import read_file, to_subscribers

_FROM_THE_ENVIRONMENT: Final = re.compile(r"\benv[\"']?\s*:\s*[\"']?(\w+)")


def problems_of(services: Iterable[str]) -> list[str]:
    """What would stop these services, each problem once and in words; none where they can start."""
    names = list(services)
    found = [*unknown_names(), *(problem for name in names for problem in _problems(name))]
    found += _ports_that_meet(names)
    return list(dict.fromkeys(found))


def unknown_names() -> Iterator[str]:
    """A name that is read by nobody is a setting that somebody believes to be set."""
    known = SettingNames.of([RuntimeSettings, *_SETTINGS.values()])
    named_by_us = _names_in_the_subscribers_file()
    for name in known.unknown(names_given()):
        if name not in named_by_us:
            yield unknown_setting(name, known)


def _names_in_the_subscribers_file() -> frozenset[str]:
    """What `{env: NAME}` there says, whatever it is called."""
    file = os.environ.get("VESTKA_SUBSCRIBERS_FILE")
    try:
        text = Path(file).read_text(errors="replace") if file else ""
    except OSError:  # it is told of where it is read
        text = ""
    return frozenset(name.upper() for name in _FROM_THE_ENVIRONMENT.findall(text))


def _ports_that_meet(services: Sequence[str]) -> Iterator[str]:
    try:
        places = [place for name in services for place in listening_places(name, load_settings(_SETTINGS[name]))]
    except SettingsError:  # told by each service's own check
        return
    yield from places_that_meet(places)


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
        (settings.sources_file, lambda: load_sources(settings.sources_file, NO_FETCH)),
    ):
        try:
            check()
        except SettingsError as error:
            yield from str(error).splitlines()
        except UnicodeDecodeError:
            yield f"{file}: is not text in UTF-8"


def _notify() -> Iterator[str]:
    settings = load_settings(NotifySettings)
    if ruins := list(ruinous(settings)):
        yield from ruins
        return  # with these, opening the channels may fail in their own words
    try:
        KeyFolder(settings.keys_folder).read()
    except UnusableKeys as error:
        yield str(error)
    languages = renderer_of(settings).languages
    if not languages:
        yield f"VESTKA_TEMPLATES: {settings.templates} has no languages; name a folder like templates"
    channels, _egress = open_notify_channels(settings)
    if settings.subscribers_file is not None:
        file = settings.subscribers_file
        to_subscribers(read_file(file), channels, languages, rfc3339(time.time()), str(file))


def has_a_channel() -> bool:
    """False where notify would run and have no way to reach anybody. Raises SettingsError."""
    channels, _egress = open_notify_channels(load_settings(NotifySettings))
    return bool(channels)


def _portal() -> Iterator[str]:
    settings = load_settings(PortalSettings)
    try:
        KeyFolder(settings.keys_folder).read()
    except UnusableKeys as error:
        yield str(error)
    try:
        if not renderer_of(settings).page_languages:
            yield f"VESTKA_TEMPLATES: {settings.templates} has no words for pages; name a folder like templates"
    except RenderingFailed as error:
        yield str(error)
    yield from unreachable_bot(settings)


CHECKS: Final[Mapping[str, Callable[[], Iterator[str]]]] = {"ingest": _ingest, "notify": _notify, "portal": _portal}
_SETTINGS: Final[Mapping[str, type[RuntimeSettings]]] = {
    "ingest": IngestSettings,
    "notify": NotifySettings,
    "portal": PortalSettings,
}


class _NoFetch:
    """Reading the sources' configuration asks nothing of the network."""

    async def request(self, *_args: Any, **_kwargs: Any) -> Any:
        raise AssertionError("a check of the configuration asks no source")


NO_FETCH: Final = _NoFetch()
