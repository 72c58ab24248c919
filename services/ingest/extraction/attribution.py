"""Who says a thing: by the sentence itself, its paragraph, a word that looks back, else whoever announced the act."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, overload

from services.contract import Party, PartyClass
from services.ingest.extraction.dialect.patterns import PARTY, Patterns, masked
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.sentences.read_sentence import Reading

UNATTRIBUTED: Final = Party(id="article", name="the article itself", party_class=PartyClass.MEDIA)
"""Says what a text tells in its own voice, where the caller did not name the outlet."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A party with the words that make it a speaker; offsets within the sentence.

    `of_before` where it speaks for what stands before as well: "This was reported by ...", a source on its own line.
    """

    party: Party
    start: int
    end: int
    of_before: bool = False


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who speaks in which sentence. `outlet` answers for the rest."""

    by_sentence: Sequence[tuple[Saying, ...]]
    paragraphs: tuple[int, ...]
    outlet: Party
    announcer: Party | None = None

    def explicit(self, index: int, start: int, end: int) -> Party | None:
        """The party nearest to the words within their own sentence. A wire that names whom it has the words
        from ("AP reports, citing Viasna") speaks for those."""
        sayings = self.by_sentence[index]
        heard = [saying for saying in sayings if saying.party.party_class is not PartyClass.MEDIA] or sayings
        nearest = min(heard, key=lambda saying: _distance(saying, start, end), default=None)
        return nearest.party if nearest else None

    def carried(self, index: int) -> Party | None:
        """The last party that spoke earlier in the same paragraph."""
        for earlier in range(index - 1, -1, -1):
            if self.paragraphs[earlier] != self.paragraphs[index]:
                return None
            if self.by_sentence[earlier]:
                return self.by_sentence[earlier][-1].party
        return None

    def looking_back(self, index: int) -> Party | None:
        """The next party that speaks, if it speaks for what stands before it."""
        spoken = next((sayings for sayings in self.by_sentence[index + 1 :] if sayings), ())
        return spoken[0].party if spoken and spoken[0].of_before else None

    def official_after(self, index: int, within: int) -> Party | None:
        """The first official party that speaks from that sentence on, `within` so many."""
        following = (saying.party for sayings in self.by_sentence[index : index + within] for saying in sayings)
        return next((party for party in following if party.party_class is PartyClass.OFFICIAL), None)

    def of(self, index: int, start: int, end: int, *, act: bool) -> Party:
        """Who says these words: about the act, its announcer answers where nobody nearer does."""
        said_by = self.explicit(index, start, end) or self.carried(index) or self.looking_back(index)
        return said_by or (self.announcer if act else None) or self.outlet


class _Sayings(Sequence[tuple[Saying, ...]]):
    """Sentence by sentence; read when first asked, since most news holds nothing for anybody to have said."""

    def __init__(self, sentences: Sequence[str], lexicon: Lexicon) -> None:
        self._sentences, self._lexicon = sentences, lexicon

    @cached_property
    def _read(self) -> tuple[tuple[Saying, ...], ...]:
        return tuple(_all_sayings(self._sentences, self._lexicon))

    def __len__(self) -> int:
        return len(self._sentences)

    @overload
    def __getitem__(self, at: int) -> tuple[Saying, ...]: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[tuple[Saying, ...], ...]: ...

    def __getitem__(self, at: int | slice) -> tuple[Saying, ...] | tuple[tuple[Saying, ...], ...]:
        return self._read[at]


def speakers(readings: Sequence[Reading], lexicon: Lexicon, outlet: Party | None) -> Speakers:
    return Speakers(
        by_sentence=_Sayings(tuple(reading.sentence.plain for reading in readings), lexicon),
        paragraphs=tuple(reading.sentence.paragraph for reading in readings),
        outlet=outlet or UNATTRIBUTED,
    )


def _all_sayings(sentences: Sequence[str], lexicon: Lexicon) -> Iterator[tuple[Saying, ...]]:
    last: dict[PartyClass, Party] = {}
    for plain in sentences:
        named = _parties(plain)
        meant = _meant_by_anaphors(plain, named, last, lexicon)
        yield _sayings(plain, [*named, *meant], lexicon)
        last.update((saying.party.party_class, saying.party) for saying in named)


def _sayings(plain: str, named: Sequence[Saying], lexicon: Lexicon) -> tuple[Saying, ...]:
    if not named:
        return ()
    veiled = masked(plain, ((saying.start, saying.end) for saying in named), PARTY)
    found: dict[int, Saying] = {}
    for patterns, of_before in ((lexicon.of_before, True), (lexicon.attributions, False)):
        for match, party in _spoken(patterns, veiled, named):
            found.setdefault(party.start, Saying(party.party, match.start(), match.end(), of_before))
    return tuple(found[start] for start in sorted(found))


def _spoken(patterns: Patterns, veiled: str, named: Sequence[Saying]) -> Iterator[tuple[re.Match[str], Saying]]:
    for match in patterns.all(veiled):
        party = next((saying for saying in named if saying.start <= match.start("party") < saying.end), None)
        if party:
            yield match, party


def _parties(plain: str) -> list[Saying]:
    """Every party named, the longer name where two overlap."""
    found = [Saying(party, match.start(), match.end()) for match, party in gazetteer().parties.found(plain)]
    kept: list[Saying] = []
    for saying in sorted(found, key=lambda saying: saying.start - saying.end):
        if all(saying.end <= other.start or other.end <= saying.start for other in kept):
            kept.append(saying)
    return sorted(kept, key=lambda saying: saying.start)


def _meant_by_anaphors(
    plain: str, named: Sequence[Saying], last: dict[PartyClass, Party], lexicon: Lexicon
) -> Iterator[Saying]:
    """ "The website", "the group": the party of that class named last, in an earlier sentence."""
    for match, party_class in lexicon.anaphors.found(plain) if last else ():
        if (party := last.get(party_class)) and _is_apart(match.span(), named):
            yield Saying(party, match.start(), match.end())


def _is_apart(span: tuple[int, int], named: Sequence[Saying]) -> bool:
    return all(span[1] <= saying.start or saying.end <= span[0] for saying in named)


def _distance(saying: Saying, start: int, end: int) -> int:
    if saying.end <= start:
        return start - saying.end
    if end <= saying.start:
        return saying.start - end
    return 0
