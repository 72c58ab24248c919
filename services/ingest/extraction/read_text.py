"""A text as the stations of the room pass it on: what is asked of it again and again, in one hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from services.contract import Party
from services.ingest.extraction.attribution import Speakers, speakers
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.sentences.read_sentence import Reading, read


@dataclass(frozen=True, slots=True)
class ReadText:
    """A sentence is meant by its index. A title is a text of its own."""

    readings: tuple[Reading, ...]
    """The sentences, in order."""
    lexicon: Lexicon
    speakers: Speakers
    reference: date | None
    """The text's day, against which "yesterday" and days without a year are read; None: nobody knows it."""

    def without(self, background: frozenset[int]) -> list[int]:
        """The sentences that do not tell of before."""
        return [index for index in range(len(self.readings)) if index not in background]

    def announced_by(self, announcer: Party | None) -> Self:
        """The same text, with who answers for the details of its act known."""
        return replace(self, speakers=replace(self.speakers, announcer=announcer))


def read_text(text: str, lexicon: Lexicon, outlet: Party | None, reference: date | None) -> ReadText:
    """`text`: in the spelling of the lexicon. `outlet` answers for what the text says in its own voice."""
    readings = read(text, lexicon)
    return ReadText(readings, lexicon, speakers(readings, lexicon, outlet), reference)
