"""Looks for an act in a text of a language that nobody reads, or that is only skimmed: by stems alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.near_miss.seen import NearMiss
from services.ingest.extraction.sentences.passages import Sentence, sentences
from services.ingest.extraction.wide_stems import stems

_LEAD: Final = 6
"""Sentences of the text, the title aside."""
_ENGLISH: Final = frozenset((
    "the", "a", "an", "of", "and", "to", "in", "on", "at", "by", "for", "from", "with", "that", "has", "have", "had",
    "was", "were", "is", "are",
))  # fmt: skip
_ENOUGH: Final = 6
_SHARE: Final = 0.12
_WORD: Final = re.compile(r"[^\W\d_]+")
_LONGEST_LEAD: Final = 2_000
"""Code points, where a script ends its sentences otherwise than ours."""


def near_miss_in(text: str, title: str, *, watched: bool) -> NearMiss | None:
    """`watched`: the source is watched for this news alone, so that whatever it gives is worth a look."""
    lead = text[:_LONGEST_LEAD]
    if _is_home(f"{title}\n{text}"):
        for sentence, is_title in _opening(title, lead):
            if acts := stems().acts_in(sentence.plain):
                span = (0, 0) if is_title else (sentence.start, sentence.start + len(sentence.written.rstrip()))
                return NearMiss(sentence.written.strip(), span, acts, ("unread_language",), in_title=is_title)
    return _only_watched(title, lead) if watched else None


def is_hardly_english(text: str) -> bool:
    """Is a text that was told to be English without the words that every English text has? Languages that nobody reads
    and that have no letters of their own are told so."""
    words = _WORD.findall(text[:_LONGEST_LEAD].lower())
    return len(words) >= _ENOUGH and sum(word in _ENGLISH for word in words) < len(words) * _SHARE


def _opening(title: str, lead: str) -> Iterator[tuple[Sentence, bool]]:
    yield from ((sentence, False) for sentence in sentences(lead)[:_LEAD])
    yield from ((sentence, True) for sentence in sentences(title)[:1])


def _is_home(text: str) -> bool:
    return bool(stems().home.search(text) or gazetteer().parties.any_in(text))


def _only_watched(title: str, lead: str) -> NearMiss | None:
    first = next(_opening(title, lead), None)
    if first is None:
        return None
    sentence, is_title = first
    span = (0, 0) if is_title else (sentence.start, sentence.start + len(sentence.written.rstrip()))
    return NearMiss(sentence.written.strip(), span, (), ("unread_language", "watched"), in_title=is_title)
