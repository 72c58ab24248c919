"""English verbs: regular endings; what follows "was" of an irregular one stands in the list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from services.ingest.extraction.verbs import Forms

_PAST_AS_BASE: Final = frozenset({"let", "set", "put"})
_ONE_SYLLABLE: Final = re.compile(r"[^aeiou]*[aeiou][^aeiou]$")


def conjugate(verb: str, participle: str | None) -> Forms:
    """`verb` may have words behind it ("hand over"); `participle`: "took/taken", or one word for both."""
    first, blank, rest = verb.partition(" ")
    past, _, done = (participle or _past(first)).partition("/")
    behind = blank + rest
    did = {past + behind, _third(first) + behind, first + behind, f"(?:is|are|was|were) {_ing(first)}{behind}"}
    participles = {(done or past) + behind}
    return Forms(frozenset(did), frozenset(participles), frozenset(participles), frozenset({first + behind}))


def decline(noun: str) -> Iterable[str]:
    return (noun, noun + "s")


def _past(verb: str) -> str:
    if verb in _PAST_AS_BASE:
        return verb
    return f"{verb}d" if verb.endswith("e") else f"{_stem(verb)}ed"


def _third(verb: str) -> str:
    return f"{verb}es" if verb.endswith(("ch", "sh", "ss", "x")) else f"{verb}s"


def _ing(verb: str) -> str:
    cut = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else _stem(verb)
    return f"{cut}ing"


def _stem(verb: str) -> str:
    """ "Grab": "grabb". Only short verbs double their consonant, and "expel" and the like."""
    doubles = bool(_ONE_SYLLABLE.match(verb)) or verb.endswith("pel")
    return verb + verb[-1] if doubles and not verb.endswith(("w", "x", "y")) else verb
