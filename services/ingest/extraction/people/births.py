"""The year in which a named person was born, where the text says it right behind the name: it tells namesakes apart.

An age is none: of which day it is, is not said.
"""

from __future__ import annotations

import re
from typing import Final

_YEAR: Final = r"(?:19|20)\d\d(?!\d)"
_BEHIND: Final = r"(?:г\. ?р\.|г(?:од|ода|\.)? рождения|г\. ?н\.|г(?:од|ода|\.)? нараджэння)"
_BEFORE: Final = r"(?:born(?: in)?|b\.|родил(?:ся|ась) в|нарадзі(?:ўся|лася) [ўу])"
_BORN: Final = re.compile(rf"\s?[,(]?\s?(?:({_YEAR}) ?{_BEHIND}|{_BEFORE} ({_YEAR}))", re.IGNORECASE)


def year_of_birth(plain: str, end: int) -> int | None:
    """`plain`: a sentence; `end`: where the name in it ends."""
    found = _BORN.match(plain, end)
    return None if found is None else int(found[1] or found[2])
