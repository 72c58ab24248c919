"""What is remembered for speed and may be somebody's: names that are watched, addresses, hosts. It can be forgotten.

It lies in the memory of a process, bounded. It is forgotten twice a minute (`runtime.forgetting`), and when somebody is
erased. What Python cannot promise: that memory which was given back is overwritten, and that none of it was swapped.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Final, ParamSpec, Protocol, TypeVar, cast
from weakref import WeakSet

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Remembering(Protocol):
    def cache_clear(self) -> None: ...


_remembering: Final[WeakSet[Remembering]] = WeakSet()


def forgettable(most: int) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """As `functools.lru_cache`, for what must not be remembered for ever."""

    def remembering(function: Callable[_P, _T]) -> Callable[_P, _T]:
        kept = lru_cache(most)(function)
        _remembering.add(kept)
        return cast(Callable[_P, _T], kept)

    return remembering


def remembers(one: Remembering) -> None:
    """It is cleared with all others, for as long as it is there."""
    _remembering.add(one)


def forget() -> None:
    """In this process, all of it; and what Python itself remembers of addresses of endpoints."""
    for one in tuple(_remembering):
        one.cache_clear()
    if (python := sys.modules.get("urllib.parse")) is not None:
        python.urlsplit.cache_clear()
