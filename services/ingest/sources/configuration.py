"""From `infra/sources.yaml` to sources, with an error for each mistake that says where it stands and what to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import yaml
from pydantic import ValidationError

from services.data_files import read_yaml
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.sources.asking import Fetch
from services.ingest.sources.base import WatchedSource
from services.ingest.sources.links import host_of
from services.ingest.sources.settings import SourceSettings
from services.runtime.settings import SettingsError

_TOP_LEVEL = frozenset({"sources", "mirrors"})
_CALLED = ("outlet", "name", "id")
"""The keys under which a source says what it or its outlet is called."""


class SourcesError(SettingsError):
    """The sources file cannot be used. One line for each mistake: file, source, field, what to do."""


class SourceKind(Protocol):
    """A class of sources: its settings, and how to make one."""

    @property
    def Settings(self) -> type[SourceSettings]: ...  # noqa: N802 - it is a class

    def __call__(self, settings: Any, fetch: Fetch) -> WatchedSource: ...


def read_sources(
    path: Path, fetch: Fetch, kinds: Mapping[str, SourceKind], *, include_disabled: bool
) -> tuple[WatchedSource, ...]:
    """Raises SourcesError with all that is wrong, not only the first of it."""
    entries = _read_file(path).get("sources") or []
    if not isinstance(entries, list):
        raise SourcesError(f"{path}: `sources` must be a list; begin each source with `- id:`")
    sources: list[WatchedSource] = []
    mistakes: list[str] = []
    for number, entry in enumerate(entries, 1):
        try:
            kind, settings = _read_entry(entry, kinds)
        except _Mistakes as found:
            mistakes += [f"{path}: {_label(entry, number)}: {text}" for text in found.texts]
            continue
        if settings.enabled or include_disabled:
            sources.append(kind(settings, fetch))
    mistakes += [f"{path}: source '{id_}': `id` stands twice; give each source its own" for id_ in _repeated(entries)]
    if mistakes:
        raise SourcesError("\n".join(mistakes))
    return tuple(sources)


def read_mirrors(path: Path) -> Mapping[str, str]:
    """Hosts that show another host's articles, by the host they stand for. Raises SourcesError."""
    mirrors = _read_file(path).get("mirrors") or {}
    if not isinstance(mirrors, dict) or not all(isinstance(part, str) for pair in mirrors.items() for part in pair):
        raise SourcesError(f"{path}: `mirrors` must be lines like `mirror.example: news.example`")
    return {mirror.lower().removesuffix("."): host.lower().removesuffix(".") for mirror, host in mirrors.items()}


def read_names(path: Path) -> Mapping[str, str]:
    """What the sources of the file, enabled or not, and their outlets are called, each with the source's id. Raises
    SourcesError."""
    entries = _read_file(path).get("sources") or []
    named = [entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
    return {str(entry[key]): entry["id"] for entry in named for key in _CALLED if entry.get(key)}


def read_outlets(path: Path) -> Mapping[str, str]:
    """The outlet of each host that a source of the file names, switched on or not. Raises SourcesError."""
    entries = [one for one in _read_file(path).get("sources") or [] if isinstance(one, dict)]
    return {host: outlet for one in entries if (outlet := _outlet_of(one)) for host in _hosts_of(one)}


def _outlet_of(entry: Mapping[str, Any]) -> str:
    return str(entry.get("outlet") or entry.get("speaks_for") or entry.get("id") or "")


def _hosts_of(entry: Mapping[str, Any]) -> Iterator[str]:
    hosts = entry.get("hosts") or ()
    named = [host_of(str(entry.get("url") or "")), *(hosts if isinstance(hosts, list) else ())]
    return (str(host).lower() for host in named if host)


class _Mistakes(Exception):
    def __init__(self, *texts: str) -> None:
        super().__init__(*texts)
        self.texts = texts


def _read_file(path: Path) -> dict[str, Any]:
    try:
        content = read_yaml(path.read_bytes())
    except OSError as error:
        raise SourcesError(f"{path}: cannot be read ({error.strerror}); name the file of sources") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = "" if line is None else f", line {line + 1}"
        raise SourcesError(f"{path}{where}: is no YAML; check the indentation and the quotes there") from None
    if content is None:  # cut short, perhaps; nothing would be watched, and nobody would notice
        raise SourcesError(f"{path}: the file is empty; where nothing is to be watched, write `sources: []`")
    if not isinstance(content, dict) or not content.keys() <= _TOP_LEVEL:
        raise SourcesError(f"{path}: the file holds `sources:` and `mirrors:` and nothing else beside them")
    return content


def _read_entry(entry: Any, kinds: Mapping[str, SourceKind]) -> tuple[SourceKind, SourceSettings]:
    if not isinstance(entry, dict):
        raise _Mistakes("is not a list of `key: value` lines; begin it with `- id:`")
    kind = kinds.get(str(entry.get("kind")))
    if kind is None:
        raise _Mistakes(f"`kind` must be one of: {', '.join(sorted(kinds))}")
    try:
        settings = kind.Settings.model_validate(entry)
    except ValidationError as error:
        raise _Mistakes(*map(_explain, error.errors(include_input=False))) from None
    _check_voice(settings)
    return kind, settings


def _check_voice(settings: SourceSettings) -> None:
    """An authority's or a group's own word confirms by itself, so no source of another class may be taken for one."""
    voice = settings.speaks_for or settings.id
    classes = {party.party_class for _, party in gazetteer().parties if party.id == voice}
    if classes and settings.source_class not in classes:
        raise _Mistakes(
            f"`speaks_for`: {voice} is {', '.join(classes)} in the gazetteer, and this source is of class "
            f"{settings.source_class.value}; correct one of the two"
        )


def _explain(problem: Mapping[str, Any]) -> str:
    field = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"`{field}` is no key of this kind; remove it or correct its spelling"
    if problem["type"] == "missing":
        return f"`{field}` is missing; add it"
    return f"`{field}`: {problem['msg'].removeprefix('Value error, ')}"


def _label(entry: Any, number: int) -> str:
    return f"source '{entry['id']}'" if isinstance(entry, dict) and entry.get("id") else f"source no. {number}"


def _repeated(entries: list[Any]) -> Iterator[str]:
    ids = [entry["id"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
    return iter(sorted({id_ for id_ in ids if ids.count(id_) > 1}))
