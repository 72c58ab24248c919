"""Which fields of a struct may hold a struct at all, so that a walk through an event asks only those."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, get_args, get_type_hints

from msgspec import Struct


@lru_cache(maxsize=1024)
def fields_holding(kind: type[Struct], wanted: tuple[type, ...]) -> tuple[str, ...]:
    """The names of those fields that may hold, however deep, a value of one of these kinds of struct."""
    hints = get_type_hints(kind)
    return tuple(name for name in kind.__struct_fields__ if _may_hold(hints[name], wanted))


def _may_hold(hint: Any, wanted: tuple[type, ...]) -> bool:
    if isinstance(hint, type) and issubclass(hint, Struct):
        return issubclass(hint, wanted) or bool(fields_holding(hint, wanted))
    return any(_may_hold(inner, wanted) for inner in get_args(hint))
