"""How likely a text that the rules take for no news tells of an act all the same, by what labelled texts taught. Pure.

Rules see what they have words for. So what they saw and the words of the opening are weighed together: a text in
which they saw no act waits as well if it is likely enough, and one in which they saw an act of before does not if it
is hardly likely. Only what waits at the desk hangs on it; nothing goes out by it, and no fact is read by it.

The weights are learned by `benchmarks/near_miss_weights.py`; see infra/decisions/0078-near-misses-are-weighed.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from services.contract import Kind
from services.ingest.extraction.near_miss.seen import NearMiss

_OPENING: Final = 600
"""Characters whose words are weighed: news is told there, what stands behind is often another story's."""
_LETTERS: Final = {"en": 5, "ru": 6, "be": 6}
"""Of each word: so its forms are one."""
_WORD: Final = re.compile(r"(?<!\w)[a-zа-яёіў']{2,}(?!\w)")
"""In small letters: no name of anybody is learned, and none is weighed."""
_MANY: Final = 5
_LIKELY: Final = 0.4
_HARDLY_LIKELY: Final = 0.3
_OF_ANOTHER_TIME: Final = frozenset({"conviction", "background", "reference", "promise", "old", "amnesty"})
_ARTICLE: Final = 200
"""Characters; of less text too little is known to be weighed against what the rules saw."""


@dataclass(frozen=True, slots=True)
class RulesSaw:
    """What the rules saw in a text of which they made no report."""

    kind: Kind
    near_miss: NearMiss | None
    doubts: Collection[str]
    claims: int
    people: int
    roles: Collection[str]
    stale: bool


class Weigher(msgspec.Struct, forbid_unknown_fields=True):
    """What was learned: how much each trait speaks for news, or against it."""

    bias: float
    traits: dict[str, float]

    def likelihood(self, traits: Mapping[str, float]) -> float:
        """0 to 1."""
        total = self.bias + sum(value * self.traits.get(name, 0.0) for name, value in traits.items())
        return 1 / (1 + math.exp(-total))

    def waits(self, text: str, language: str, saw: RulesSaw) -> bool:
        """Whether a person should look at a text of which rules made no report. `text`: with its title."""
        seen = saw.near_miss
        if seen is None:
            return self.likelihood(traits_of(text, language, saw)) >= _LIKELY
        if len(text) < _ARTICLE or _OF_ANOTHER_TIME.isdisjoint(seen.vetoes):
            return True
        return self.likelihood(traits_of(text, language, saw)) >= _HARDLY_LIKELY


@cache
def weigher() -> Weigher:
    return msgspec.json.decode(files(__package__).joinpath("weights.json").read_bytes(), type=Weigher)


def traits_of(text: str, language: str, saw: RulesSaw) -> dict[str, float]:
    """By name; each counts as much as it says, 1 at most. `text`: with its title, in one of the languages read."""
    found = {f"{language}:{word[: _LETTERS[language]]}": 1.0 for word in _WORD.findall(text[:_OPENING])}
    seen = saw.near_miss
    found |= {
        f"kind {saw.kind}": 1.0,
        "claims": min(saw.claims, _MANY) / _MANY,
        "people": min(saw.people, _MANY) / _MANY,
    }
    found |= {f"doubt {doubt}": 1.0 for doubt in saw.doubts} | {f"role {role}": 1.0 for role in saw.roles}
    if saw.stale:
        found["stale"] = 1.0
    if seen is not None or saw.kind is not Kind.OTHER:
        found["seen"] = 1.0
    if seen is not None:
        found |= {f"veto {veto}": 1.0 for veto in seen.vetoes} | {f"act {act}": 1.0 for act in seen.acts}
    return found
