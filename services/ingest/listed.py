"""What a list says of a person as data becomes an extraction without going through words.

A row is exact: read as prose, its name could be missed or its date taken for another. So the claims come from the row,
and point at the words of the sentence that shows it. Pure.
"""

from __future__ import annotations

from typing import Final

from services.contract import Claim, Facts, Kind, Party, Person, Role
from services.ingest.extraction import Extraction
from services.ingest.sources.base import Listed
from services.names import fold


def read_listed(listed: Listed, text: str, keeper: Party) -> Extraction:
    """Only who is newly held is news of ours: a list does not say that a release was a pardon."""
    if listed.change != "detained":
        return Extraction(Kind.OTHER, language="en", facts=Facts())
    day = listed.since.isoformat() if listed.since else None
    return Extraction(
        kind=Kind.ARREST,
        language="en",
        facts=Facts(
            detained=1,
            names=(listed.name,),
            criminal_articles=listed.articles or None,
            administrative=False if listed.articles else None,
            attribution=(keeper.name,),
            occurred_on=day,
            recognised_by=(keeper.id,) if listed.recognised else None,
        ),
        claims=tuple(_claims(listed, text, keeper)),
        persons=(Person(name=listed.name, role=Role.DETAINED, key=fold(listed.name), said_by=keeper),),
        occurred_on=day,
    )


_RECOGNISED: Final = "political prisoners"
"""The words of the row's sentence that say whose list it is."""


def _claims(listed: Listed, text: str, keeper: Party) -> list[Claim]:
    name = _span(text, listed.name)
    found = [Claim(field="detained", value=1, said_by=keeper, span=name)]
    if listed.articles:
        span = _span(text, ", ".join(listed.articles))
        found.append(Claim(field="criminal_articles", value=listed.articles, said_by=keeper, span=span))
        found.append(Claim(field="administrative", value=False, said_by=keeper, span=span))
    if listed.recognised:
        found.append(Claim(field="recognised_by", value=(keeper.id,), said_by=keeper, span=_span(text, _RECOGNISED)))
    return found


def _span(text: str, words: str) -> tuple[int, int]:
    start = max(text.find(words), 0)
    return start, min(start + len(words), len(text))
