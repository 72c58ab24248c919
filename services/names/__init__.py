"""How names meet: folded to a skeleton, and the given names that no folding of letters brings together."""

from __future__ import annotations

from services.names.folding import (
    by_initial,
    fold,
    fold_token,
    is_initialled,
    one_script,
    without_patronymic,
)
from services.names.given import BadNames, GivenName, Sex, forms_of_given_names, given_names
from services.names.likeness import similarity
from services.names.name_match import (
    GIVEN_NAME,
    NO_MATCH,
    PATRONYMIC_AGREES,
    NameMatch,
    NameVerdict,
    match_names,
)
from services.names.name_parts import (
    NameParts,
    parts_of_key,
    parts_of_name,
    parts_of_strong,
    strong_key,
    surname_sounds,
)

__all__ = [
    "GIVEN_NAME",
    "NO_MATCH",
    "PATRONYMIC_AGREES",
    "BadNames",
    "GivenName",
    "NameMatch",
    "NameParts",
    "NameVerdict",
    "Sex",
    "by_initial",
    "fold",
    "fold_token",
    "forms_of_given_names",
    "given_names",
    "is_initialled",
    "match_names",
    "one_script",
    "parts_of_key",
    "parts_of_name",
    "parts_of_strong",
    "similarity",
    "strong_key",
    "surname_sounds",
    "without_patronymic",
]
