"""Whether a word that ends like a patronymic is one: made of a given name that we know, as "Гриневич" is not."""

from __future__ import annotations

import re
from typing import Final

from services.names import fold_token
from services.names.fathers import fathers

_OF_A_SON: Final = re.compile("(?<=ч)(?:а|у|ем|ам|е|ы)$")
_OF_A_DAUGHTER: Final = re.compile("(?<=н)(?:ы|е|у|ой|ою|ай|аю)$")
"""Endings of the oblique cases."""


def has_father(patronymic: str) -> bool:
    """Is it, in whatever case, made of a given name that we know?"""
    nominative = _OF_A_DAUGHTER.sub("а", _OF_A_SON.sub("", patronymic.lower()))
    return bool(fathers(fold_token(nominative)))
