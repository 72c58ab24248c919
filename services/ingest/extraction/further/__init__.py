"""What a text says beyond the act: of those whom it touched, and of the counts that run on. Precision first.

A fact wrongly told is far worse than one not told: whatever is said of some of them, of somebody else, or of what may
come is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.contract import Claim, Kind, Person
from services.ingest.extraction.claims import without_repeats
from services.ingest.extraction.further.afterwards import afterwards
from services.ingest.extraction.further.in_law import in_law
from services.ingest.extraction.further.periods import counted_since, dated
from services.ingest.extraction.further.said_of_them import them
from services.ingest.extraction.kind import News
from services.ingest.extraction.read_text import ReadText


def with_further_claims(
    text: ReadText, news: News, claims: tuple[Claim, ...], people: Sequence[Person]
) -> tuple[Claim, ...]:
    """The claims, each count with the day of which it is, and what else is said of the people of the act."""
    claims = tuple(dated(text, claims))
    found = list(counted_since(text, claims))
    if news.kind is not Kind.OTHER and news.acts:
        whom = them(text, news, claims, people)
        found += afterwards(text, news, list(claims), whom)
        found += in_law(text, news, whom)
    return without_repeats((*claims, *found)) if found else claims
