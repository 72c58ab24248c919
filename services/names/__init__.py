"""How names meet: folded to a skeleton, and the given names that no folding of letters brings together."""

from __future__ import annotations

from services.names.folding import (
    by_initial,
    fold,
    fold_token,
    is_initialled,
    one_script,
    similarity,
    without_patronymic,
)
from services.names.given import BadNames, GivenName, Sex, given_names

__all__ = [
    "BadNames",
    "GivenName",
    "Sex",
    "by_initial",
    "fold",
    "fold_token",
    "given_names",
    "is_initialled",
    "one_script",
    "similarity",
    "without_patronymic",
]
