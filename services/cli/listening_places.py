"""Where each service listens, by the settings that say so: no two may be the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from services.runtime.settings import RuntimeSettings


class ListeningPlace(NamedTuple):
    """`setting`: the one that names the port; `field`: that setting in ours."""

    setting: str
    host: str
    port: int
    field: str


_SIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "ingest": ("ingest",),
    "notify": ("notify",),
    "portal": ("portal", "portal_private"),
}
"""By service, what the settings of its ports begin with."""


def listening_places(service: str, settings: RuntimeSettings) -> list[ListeningPlace]:
    return [
        ListeningPlace(
            f"VESTKA_{side.upper()}_PORT",
            getattr(settings, f"{side}_host"),
            getattr(settings, f"{side}_port"),
            f"{side}_port",
        )
        for side in _SIDES[service]
    ]


def places_that_meet(places: Sequence[ListeningPlace]) -> Iterator[str]:
    """A problem for each two that would listen on one port."""
    for one, other in combinations(places, 2):
        if one.port == other.port != 0 and _same_host(one.host, other.host):
            yield f"{one.setting} and {other.setting}: both are {one.port}; each listens on a port of its own"


def _same_host(one: str, other: str) -> bool:
    return one == other or not {one, other}.isdisjoint({"0.0.0.0", "::"})  # noqa: S104 (compared, not bound)
