"""What a near miss is: where in a text the words of an act stand, which act, and why that is no news by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from services.ingest.extraction.seen_act import SeenAct as SeenAct

MEANINGS: Final = {
    "foreign": "the sentence speaks of another country",
    "no_home": "no word of the text says that it is about Belarus",
    "background": "the sentence tells of what was before",
    "reference": "the act is taken for known, as in a reaction to it",
    "conviction": "the sentence tells of a trial, a conviction, a death, or other news of prisoners",
    "promise": "the act is promised, asked for, refused or thought possible",
    "denied": "the act is denied, or was only tried",
    "question": "the sentence asks",
    "amnesty": "a law, and no act for anybody in particular",
    "ordinary_crime": "the act is told with the words of an ordinary crime",
    "old": "the text's own date of the act lies long before the text",
    "no_number": "neither a number nor a name of those whom the act touched",
    "unsure_words": "a word of an act stands there, but none of the ways in which one is stated",
    "unread_language": "nobody reads this language; a word of an act and one of Belarus stand in it",
    "watched": "nobody reads this language; its source is watched for this news alone",
    "overruled": "other sentences of the text speak against it",
}
"""What each slug of a veto tells an operator."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The first sentence of the lead in which an act is seen."""

    sentence: str
    """As it stands in the text, or in the title."""
    span: tuple[int, int]
    """Code points of the text; (0, 0) where the sentence is the title's."""
    acts: tuple[SeenAct, ...]
    """Empty where only the source speaks for it."""
    vetoes: tuple[str, ...]
    """Slugs of MEANINGS, sorted; one at least."""
    in_title: bool = False
    language: str = "und"
    """Of the text, as a code."""
