"""Whether a word that ends like a patronymic is one: made of a given name that we know, as "Гриневич" is not."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from services.ingest.extraction.people.morphology.given_forms import unaccented
from services.names import given_names

_ENDINGS: Final = tuple(
    re.compile(f"{ending}$")
    for ending in (
        "[оаеы]в[іи]ч(?:а|у|ем|ам|е|ы)?",
        "[іи]ч(?:а|у|ем|ам|е|ы)?",
        "[оаеы][вўу]н(?:а|ы|е|у|ой|ою|ай|аю)",
        "(?:[іиы]н)?[іиы]чн(?:а|ы|е|у|ой|ою|ай|аю)",
    )
)
_WITHOUT_ENDING: Final = re.compile("[йьаяо]$")
_FLEETING: Final = frozenset({"павл", "паўл", "льв", "петр", "пятр", "михайл", "міхайл", "данил", "даніл"})
"""Stems of fathers' names that the nominative does not show."""


def has_father(patronymic: str) -> bool:
    """Is it made of a given name that we know?"""
    word = unaccented(patronymic)
    bases = (word[: match.start()].rstrip("ь'") for each in _ENDINGS if (match := each.search(word)))
    return any(base in _fathers() or base in _FLEETING for base in bases)


@cache
def _fathers() -> frozenset[str]:
    """Given names without their ending: "серге", "васил" and "васили"."""
    forms = (form for name in given_names() for form in name.forms)
    stems = {_WITHOUT_ENDING.sub("", unaccented(form)) for form in forms}
    return frozenset(stems | {stem.rstrip("иіь") for stem in stems})
