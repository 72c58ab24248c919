"""Which names so many bear that they tell nobody apart: `common_names.yaml`."""

from __future__ import annotations

from functools import cache

import msgspec

from services.data_files import read_packaged
from services.names.folding import fold_token
from services.names.given import BadNames

_WOMEN_ADD_A = ("v", "n")


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    surnames: str
    given: str


@cache
def _written() -> _Written:
    return read_packaged(__package__, "common_names.yaml", _Written, BadNames)


@cache
def common_surnames() -> frozenset[str]:
    """Folded, a man's and a woman's. Raises BadNames."""
    folded = [fold_token(surname) for surname in _written().surnames.split()]
    return frozenset(folded) | {f"{surname}a" for surname in folded if surname.endswith(_WOMEN_ADD_A)}


@cache
def common_given() -> frozenset[str]:
    """In full and in Belarusian. Raises BadNames."""
    return frozenset(_written().given.split())
