"""How many of those set free are out already, where a text counts them apart: "52 pardoned, 51 are free"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.contract import Claim
from services.fact_table import PARTS
from services.ingest.extraction.claims import counted, places
from services.ingest.extraction.kind import News
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.earlier import earlier_numbers

_FOLLOWING: Final = 2
"""Sentences behind one that states the act, in which "of them" is said of its people."""


def released_claims(text: ReadText, news: News, head: Claim) -> Iterator[Claim]:
    """`head` is the number of the act. A sentence counts them where its words say that they are of these people
    ("51 of them", "already"), or where another party than the act's counts; and never more than the act has."""
    for index in _about_them(text, news):
        for each in counted("released", text, index, elsewhere=_others(text, index)):
            own = each.said_by.id not in (head.said_by.id, text.speakers.outlet.id)
            if _is_fewer(each, head) and _is_of_them(text, index, by_another=own):
                yield each


def _about_them(text: ReadText, news: News) -> list[int]:
    behind = {act + step for act in news.acts for step in range(_FOLLOWING + 1)}
    told = {index for index in behind if index < len(text.readings) and not text.readings[index].dates}
    return sorted({*text.without(news.background), *told} - news.apart)


def _others(text: ReadText, index: int) -> frozenset[int]:
    """Where numbers stand that count something else: women among them, those of an earlier act."""
    reading = text.readings[index]
    parts = (places(text.lexicon.counts[field], reading) for field in PARTS)
    return frozenset[int]().union(earlier_numbers(reading, text.lexicon), *parts)


def _is_of_them(text: ReadText, index: int, *, by_another: bool) -> bool:
    """Not who was taken abroad: that is told as what it is, and says nothing of the others."""
    counted_words, lexicon = text.readings[index].counted, text.lexicon
    abroad = any(lexicon.signals[name].first(counted_words) for name in ("taken_abroad", "exchange"))
    if abroad or lexicon.statements["of_others"].first(counted_words):
        return False
    return by_another or lexicon.statements["of_these"].first(counted_words) is not None


def _is_fewer(each: Claim, head: Claim) -> bool:
    return isinstance(each.value, int) and isinstance(head.value, int) and each.value < head.value
