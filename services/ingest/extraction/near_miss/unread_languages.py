"""Looks for an act in a text of a language that nobody reads, or that is only skimmed: by stems alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.language import UNDETERMINED, share_of_words
from services.ingest.extraction.near_miss.seen import NearMiss
from services.ingest.extraction.seen_act import SeenAct
from services.ingest.extraction.sentences.passages import Sentence, sentences
from services.ingest.extraction.skimming import SKIMMED
from services.ingest.extraction.wide_stems import stems

_LEAD: Final = 6
"""Sentences of the text, the title aside."""
_ENGLISH: Final = frozenset((
    "the", "of", "and", "to", "on", "at", "by", "for", "from", "with", "that", "has", "have", "had", "was", "were",
    "are",
))  # fmt: skip
"""Without those that its sisters have as well: "in", "is"."""
_ENOUGH: Final = 6
_SHARE: Final = 0.08
_TALKATIVE: Final = frozenset({"de", "es", "fr", "it", "nl", "pt"})
"""Languages no text of which does without small words; so others are often told to be one of them."""
_LEAST_TALK: Final = 0.15
_LETTERS_OF_OTHERS: Final = re.compile("[әөүҗңһғқҳҷӣӯҡҙҫќѓљњџћђјѕ]", re.IGNORECASE)
"""Cyrillic letters of Tatar, Kazakh, Kyrgyz, Tajik, Mongolian, Bashkir, Serbian, Macedonian."""
_ENOUGH_LETTERS: Final = 2
_WORD: Final = re.compile(r"[^\W\d_]+")
_HOME_AS_HEARD: Final = re.compile(
    r"b[iyj]?[ea]{1,3}l+[aoe]{1,2}r+[uoi]{1,2}s|l[ou]{1,2}[ck]a{1,2}(?:i?x|sch|sh|sj|ch|tx|s|c)[aeoy]n[ckq]|w[iy]t-?rus"
)
"""The country and its ruler as other languages write down what they hear, in bare Latin letters."""
_COUNT: Final = re.compile(r"(?<![\d.,:/-])[1-9]\d{0,2}(?![\d.,:/%-]|\s?(?:%|°|km|kg|m\b))")
"""No year, score, share or measure."""
_LONGEST_LEAD: Final = 2_000
"""Code points, where a script ends its sentences otherwise than ours."""


def near_miss_in(text: str, title: str, *, watched: bool, language: str = UNDETERMINED) -> NearMiss | None:
    """`watched`: the source is watched for this news alone, so that whatever it gives is worth a look. `language`: what
    the text is told to be in; the stems of one that is skimmed are known, and where nobody can tell it, a number beside
    the country is enough."""
    if is_hardly_read(text, language):
        language = UNDETERMINED
    lead = text[:_LONGEST_LEAD]
    if _is_home(f"{title}\n{text}"):
        for sentence, is_title in _opening(title, lead):
            acts = stems().acts_in(sentence.plain) if language in SKIMMED else stems().acts_in_unread(sentence.plain)
            if acts:
                return _near_miss(sentence, acts, ("unread_language",), is_title=is_title)
        for sentence, is_title in () if language in SKIMMED else _opening(title, lead):
            if _speaks_of_prisoners(sentence.plain, is_told=language != UNDETERMINED):
                return _near_miss(sentence, (), ("unread_language", "unsure_words"), is_title=is_title)
    return _only_watched(title, lead) if watched else None


def is_hardly_read(text: str, language: str) -> bool:
    """Is a text that was told to be in a language we know without what every text of that language has, or has it what
    none has? Languages that nobody reads and that are near to ours, or have no letters of their own, are told so."""
    if language in _TALKATIVE:
        return share_of_words(text, language) < _LEAST_TALK
    if language in ("ru", "be"):
        return len(_LETTERS_OF_OTHERS.findall(text[:_LONGEST_LEAD])) >= _ENOUGH_LETTERS
    if language != "en":
        return False
    words = _WORD.findall(text[:_LONGEST_LEAD].lower())
    return len(words) >= _ENOUGH and sum(word in _ENGLISH for word in words) < len(words) * _SHARE


def _speaks_of_prisoners(plain: str, *, is_told: bool) -> bool:
    """Words that travel, or a number that may count people, beside the country: no stem of an act is needed then."""
    if not _is_home(plain):
        return False
    return stems().of_prisoners.search(plain) is not None or (not is_told and _COUNT.search(plain) is not None)


def _opening(title: str, lead: str) -> Iterator[tuple[Sentence, bool]]:
    yield from ((sentence, False) for sentence in sentences(lead)[:_LEAD])
    yield from ((sentence, True) for sentence in sentences(title)[:1])


def _is_home(text: str) -> bool:
    return bool(stems().home.search(text) or gazetteer().parties.any_in(text) or _HOME_AS_HEARD.search(_bare(text)))


def _bare(text: str) -> str:
    """In letters without marks."""
    apart = unicodedata.normalize("NFKD", text.lower().replace("ł", "l"))
    return "".join(each for each in apart if not unicodedata.combining(each))


def _only_watched(title: str, lead: str) -> NearMiss | None:
    first = next(_opening(title, lead), None)
    if first is None:
        return None
    sentence, is_title = first
    return _near_miss(sentence, (), ("unread_language", "watched"), is_title=is_title)


def _near_miss(sentence: Sentence, acts: tuple[SeenAct, ...], vetoes: tuple[str, ...], *, is_title: bool) -> NearMiss:
    span = (0, 0) if is_title else (sentence.start, sentence.start + len(sentence.written.rstrip()))
    return NearMiss(sentence.written.strip(), span, acts, vetoes, in_title=is_title)
