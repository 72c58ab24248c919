"""A teaser, which a feed gives in place of an article: told from a whole text, and put together with the page."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from services.ingest.cleaning import clean_text, fold
from services.ingest.sources.base import Item, Original
from services.ingest.sources.html_text import TooTangled, text_of_fragment
from services.ingest.sources.page_reading import PageParts

_SHORT: Final = 600
"""Characters: what is shorter is the whole of few articles and most teasers."""
_LONGEST: Final = 2000
"""Characters: what is longer tells the news, though it may be cut off."""
_MOST_MARKUP: Final = 20_000
"""Characters of markup that are looked at: an entry with more of it holds an article."""
_TAG = re.compile(r"<[^<>]{0,2000}>")
_CUT = re.compile(
    r"(?:(?:^|(?<=[.!?…»”\])\n]))[\s\[(>»→—-]*"
    r"(?:(?:read|continue|view|see)\s+(?:more|on|full|the\s+full|the\s+rest|reading)\b[^.!?\n]{0,80}|(?:full\s+(?:story|text|article)|more)"
    r"|(?:читать|читайте)\b[^.!?\n]{0,80}|(?:подробнее|подробности|далее|дальше|полный\s+текст|продолжение)(?:\s+на\s[^.!?\n]{0,60})?"
    r"|(?:чытаць|чытайце)\b[^.!?\n]{0,80}|(?:падрабязней|падрабязнасці|далей|поўны\s+тэкст|працяг)(?:\s+на\s[^.!?\n]{0,60})?)"
    r"|…|\.\.\.|\[\s*(?:…|\.\.\.)\s*\])[\s»→>.…\])]*$",
    re.IGNORECASE,
)
"""How a text ends that goes on elsewhere: cut off, or with a line that leads on."""
_CREDIT = re.compile(
    r"(?:The post\s.{0,300}\sappeared first on\s.{0,200}"
    r"|(?:Запись|Сообщение|Запіс)\s.{0,300}\s(?:появил|з'явіў|з’явіў).{0,200})$",
    re.IGNORECASE | re.DOTALL,
)
"""What blogs put under each entry of their feeds."""
_LONGEST_MARK: Final = 200
_SENTENCE_END = re.compile(r"[.!?](?=[\s»”\"]|$)")
_WORD = re.compile(r"[^\W\d_]{4,}")
_SAME_ARTICLE: Final = 0.5
"""The share of a title's or teaser's words that a page must have: a page of consent, or the front page, has few."""


def teasers_among(items: Sequence[Item]) -> list[Item]:
    """The items of one feed that only lead to an article. Where most entries are whole texts, a short one is whole too,
    unless it was cut off."""
    lengths = [_length(item) for item in items]
    are_short = bool(lengths) and statistics.median(lengths) < _SHORT
    return [
        item
        for item, length in zip(items, lengths, strict=True)
        if (are_short and length < _SHORT) or (length < _LONGEST and _cut_at(plain_of(item)) is not None)
    ]


def with_page(teaser: Item, page: PageParts, original: Original) -> Item | None:
    """The teaser's item with the text of its page; None where the page is another article, or doubtful.

    What the teaser says and the page does not stands first: a summary is often no part of the text below it.
    """
    plain = plain_of(teaser)
    summary = _whole_sentences(plain)
    is_more = len(page.body) > len(summary)
    if page.doubts or not is_more or not _is_same_article(f"{teaser.title or ''}\n{plain}", page):
        return None
    is_told = fold(summary) in fold(page.body)
    is_title_cut = (teaser.title or "").rstrip().endswith(("…", "..."))
    return replace(
        teaser,
        body=page.body if is_told else f"{summary}\n\n{page.body}",
        media_type="text/plain",
        title=page.title or teaser.title if is_title_cut or not teaser.title else teaser.title,
        published=teaser.published or page.published,
        language=teaser.language or page.language,
        original=original,
    )


def plain_of(item: Item) -> str:
    """The text of an entry without what blogs put under it; "" for what cannot be read."""
    body = item.body[:_MOST_MARKUP]
    try:
        text = text_of_fragment(body) if item.media_type == "text/html" else body
    except TooTangled:
        return ""
    return _CREDIT.sub("", clean_text(text)).strip()


def _length(item: Item) -> int:
    """Of the text, nearly."""
    return len(item.body if len(item.body) > _MOST_MARKUP else _TAG.sub("", item.body))


def _cut_at(plain: str) -> int | None:
    """Where the mark begins by which a text says that it goes on elsewhere."""
    start = max(0, len(plain) - _LONGEST_MARK)
    match = _CUT.search(plain, start)
    return match.start() if match else None


def _whole_sentences(plain: str) -> str:
    """Without a last sentence that is cut off: it may say the reverse."""
    cut = _cut_at(plain)
    if cut is None:
        return plain
    ends = [match.end() for match in _SENTENCE_END.finditer(plain, 0, cut)]
    return plain[: ends[-1]] if ends else ""


def _is_same_article(teaser: str, page: PageParts) -> bool:
    shown = set(_WORD.findall(fold(f"{page.title or ''}\n{page.body}")))
    title, _, text = teaser.partition("\n")
    return any(_share_in(shown, part) >= _SAME_ARTICLE for part in (title, text[:_SHORT]))


def _share_in(shown: set[str], text: str) -> float:
    words = set(_WORD.findall(fold(text)))
    return len(words & shown) / len(words) if words else 0.0
