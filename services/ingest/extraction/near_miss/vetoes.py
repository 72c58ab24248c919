"""Why a sentence in which an act stands is no news of its own, by the same words by which the kind of news is told."""

from __future__ import annotations

from collections.abc import Iterator

from services.ingest.extraction.kind import News
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.signals import referred_to

_SIGNALS = {
    "promise": ("promised",),
    "denied": ("not_detained",),
    "amnesty": ("amnesty",),
    "conviction": ("conviction", "other_news"),
    "ordinary_crime": ("ordinary_crime",),
}
"""Slug of the veto → the lexicon's lists of its words."""


def vetoes_of(text: ReadText, index: int, news: News, *, is_stated: bool) -> frozenset[str]:
    """Slugs of `seen.MEANINGS` that speak against the sentence; empty where only the rest of the text does.
    `is_stated`: a pattern of an act is met, and no mere stem."""
    counted = text.readings[index].counted
    slugs = set(_of_sentence(counted, text.lexicon))
    if index in news.background:
        slugs.add("background")
    if not news.home:
        slugs.add("no_home")
    if news.retold:
        slugs.add("old")
    if not is_stated:
        slugs.add("unsure_words")
    return frozenset(slugs)


def _of_sentence(counted: str, lexicon: Lexicon) -> Iterator[str]:
    if lexicon.signals["foreign"].first(counted):
        yield "foreign"
    if counted.rstrip().endswith("?"):
        yield "question"
    if referred_to(counted, lexicon):
        yield "reference"
    for slug, lists in _SIGNALS.items():
        if any(lexicon.signals[words].first(counted) for words in lists):
            yield slug
