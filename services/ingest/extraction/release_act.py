"""How those of whom a text tells went free: pardoned, exchanged, taken abroad, or merely released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from services.contract import Claim
from services.fact_table import ReleaseAct
from services.ingest.extraction.claims import claim
from services.ingest.extraction.kind import News
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.signals import without_references

_SIGNALS: Final = {
    ReleaseAct.PARDONED: "pardon",
    ReleaseAct.EXCHANGED: "exchange",
    ReleaseAct.TAKEN_ABROAD: "taken_abroad",
    ReleaseAct.RELEASED: "release",
}


def act_claim(text: ReadText, news: News) -> Iterator[Claim]:
    """One at most: the act that says most of those which the text states freshly.

    A pardon told of elsewhere in the text ("the ninth pardon since July") is not this act's, but a sentence right
    beside the act's may give it: "16 people left prison. The decree was signed on Friday." So may it say where to.
    """
    near = [index for index in text.without(news.background) if any(abs(index - act) <= 1 for act in news.acts)]
    for act, signal in _SIGNALS.items():
        order = news.acts if act is ReleaseAct.RELEASED else near
        if found := _first(text, order, signal):
            index, span = found
            yield claim("act", act.value, text, index, span)
            return
    if news.acts:
        yield claim("act", ReleaseAct.RELEASED.value, text, news.acts[0], (0, 0))


def _first(text: ReadText, order: Sequence[int], signal: str) -> tuple[int, tuple[int, int]] | None:
    for index in order:
        counted = without_references(text.readings[index].counted, text.lexicon)
        if match := text.lexicon.signals[signal].first(counted):
            return index, match.span()
    return None
