"""Looks for an act in a text of a language that nobody reads, or that is only skimmed: by stems alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.near_miss.seen import NearMiss
from services.ingest.extraction.near_miss.stems import stems
from services.ingest.extraction.sentences.passages import Sentence, sentences

_LEAD: Final = 6
"""Sentences of the text, the title aside."""
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
