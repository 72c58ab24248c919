"""A claim's own words, as its text has them, for whoever checks it: short, and only where they can name nobody.

Who may be named is decided later and per person (`stories/publishable.py`), so words that might name somebody are not
quoted at all: none with a capital letter, none like a given name, none of a person whom the text mentions. And only of
numbers and of yes or no: what is told in the source's words is those words already.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

import msgspec

from services.contract import Claim, Person
from services.names import fold, fold_token, given_names

LONGEST: Final = 120
"""Characters: a clause, and no sentence of somebody else's text."""
_SHORTEST_STEM: Final = 4
_ENDING: Final = 3
"""Letters that a case adds to a name at most."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_CASED: Final = frozenset({"be", "ru", "en"})
"""Languages that write names with a capital letter, and whose given names we know."""


def with_quotes(claims: Iterable[Claim], text: str, language: str, persons: Iterable[Person]) -> tuple[Claim, ...]:
    """`text` is the one whose code points the spans count."""
    if language not in _CASED:
        return tuple(claims)
    named = {part for person in persons for part in fold(person.name).split()}
    return tuple(_quoted(claim, text, named) for claim in claims)


def _quoted(claim: Claim, text: str, named: set[str]) -> Claim:
    words = text[slice(*claim.span)]
    telling = isinstance(claim.value, int) and 0 < len(words) <= LONGEST and words.isprintable()
    return msgspec.structs.replace(claim, quote=words) if telling and not _may_name(words, named) else claim


def _may_name(words: str, named: set[str]) -> bool:
    return any(
        word != word.lower() or fold_token(word) in named or _is_like_a_given_name(word)
        for word in _WORD.findall(words)
    )


def _is_like_a_given_name(word: str) -> bool:
    stems = _stems()
    shortest = max(_SHORTEST_STEM, len(word) - _ENDING)
    return any(word[:length] in stems for length in range(shortest, len(word) + 1))


@cache
def _stems() -> frozenset[str]:
    """Of all given names, in small letters, without the vowel that a case changes."""
    forms = (form.lower() for name in given_names() for form in name.forms)
    return frozenset(form[:-1] if form[-1] in "aаяyйьі" else form for form in forms if len(form) > _SHORTEST_STEM)
