"""Who says a thing: by the sentence itself, else by its paragraph, else by whoever announced the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.contract import Party, PartyClass
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.patterns import PARTY, masked
from services.ingest.extraction.reading import Reading

UNATTRIBUTED: Final = Party(id="article", name="the article itself", party_class=PartyClass.MEDIA)
"""Says what a text tells in its own voice, where the caller did not name the outlet."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A party with the words that make it a speaker; offsets within the sentence."""

    party: Party
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who speaks in which sentence. `outlet` answers for the rest."""

    by_sentence: tuple[tuple[Saying, ...], ...]
    paragraphs: tuple[int, ...]
    outlet: Party
    announcer: Party | None = None

    def explicit(self, index: int, start: int, end: int) -> Party | None:
        """The party nearest to the words within their own sentence."""
        sayings = self.by_sentence[index]
        nearest = min(sayings, key=lambda saying: _distance(saying, start, end), default=None)
        return nearest.party if nearest else None

    def carried(self, index: int) -> Party | None:
        """The last party that spoke earlier in the same paragraph."""
        for earlier in range(index - 1, -1, -1):
            if self.paragraphs[earlier] != self.paragraphs[index]:
                return None
            if self.by_sentence[earlier]:
                return self.by_sentence[earlier][-1].party
        return None

    def of(self, index: int, start: int, end: int, *, act: bool) -> Party:
        """Who says these words: about the act, its announcer answers where nobody nearer does."""
        said_by = self.explicit(index, start, end) or self.carried(index)
        return said_by or (self.announcer if act else None) or self.outlet


def speakers(readings: Sequence[Reading], lexicon: Lexicon, outlet: Party | None) -> Speakers:
    return Speakers(
        by_sentence=tuple(_sayings(reading.sentence.plain, lexicon) for reading in readings),
        paragraphs=tuple(reading.sentence.paragraph for reading in readings),
        outlet=outlet or UNATTRIBUTED,
    )


def _sayings(plain: str, lexicon: Lexicon) -> tuple[Saying, ...]:
    named = _parties(plain)
    veiled = masked(plain, ((saying.start, saying.end) for saying in named), PARTY)
    found: dict[int, Saying] = {}
    for pattern in lexicon.attributions:
        for match in pattern.finditer(veiled):
            party = next((saying for saying in named if saying.start <= match.start("party") < saying.end), None)
            if party and party.start not in found:
                found[party.start] = Saying(party.party, match.start(), match.end())
    return tuple(found[start] for start in sorted(found))


def _parties(plain: str) -> list[Saying]:
    """Every party named, the longer name where two overlap."""
    found = [
        Saying(party, match.start(), match.end())
        for pattern, party in gazetteer().parties
        for match in pattern.finditer(plain)
    ]
    kept: list[Saying] = []
    for saying in sorted(found, key=lambda saying: saying.start - saying.end):
        if all(saying.end <= other.start or other.end <= saying.start for other in kept):
            kept.append(saying)
    return kept


def _distance(saying: Saying, start: int, end: int) -> int:
    if saying.end <= start:
        return start - saying.end
    if end <= saying.start:
        return saying.start - end
    return 0
