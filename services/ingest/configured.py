"""What the service is put together from and a command asks for by itself; FastStream is not among it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from services.egress import Egress, EgressPolicy
from services.ingest.release.rules import InvalidRules, Rules, load_rules
from services.ingest.settings import IngestSettings
from services.ingest.stories import InvalidKnownActs, Story, load_known_acts
from services.runtime.settings import SettingsError, networks_or

T = TypeVar("T")

_OPENED_BY: Final = "VESTKA_ALLOWED_NETWORKS_SOURCES or VESTKA_ALLOWED_NETWORKS"


def open_egress(settings: IngestSettings) -> Egress:
    networks = networks_or(settings.allowed_networks_sources, settings.allowed_networks)
    return Egress(EgressPolicy(allow_http=settings.allow_http, allowed_networks=networks, opened_by=_OPENED_BY))


def load_release_rules(path: Path) -> Rules:
    """Raises SettingsError."""
    return _load(path, load_rules)


def load_known_acts_file(path: Path) -> tuple[Story, ...]:
    """Raises SettingsError."""
    return _load(path, load_known_acts)


def _load(path: Path, read: Callable[[str], T]) -> T:
    try:
        return read(path.read_text())
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not text in UTF-8") from None
    except (InvalidRules, InvalidKnownActs) as error:
        raise SettingsError(f"{path}: {error}") from None
