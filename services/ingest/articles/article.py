"""An item becomes an article: one text of one source, cleaned, with an address and a fingerprint to know it by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from services.contract import PartyClass
from services.ingest.articles.addresses import canonical_url, page_key
from services.ingest.articles.markup import doubts_of, is_markup, is_whole_page, without_struck
from services.ingest.cleaning import clean_line, clean_text, fold
from services.ingest.sources.base import Item, Listed
from services.ingest.sources.html_text import TooTangled, text_of_fragment
from services.ingest.sources.page_reading import read_page

MOST_TEXT: Final = 1_000_000
"""Bytes of cleaned text, as UTF-8. The longest articles have a tenth of it."""
_MOST_BODY: Final = 8 * MOST_TEXT
_LONGEST_TITLE: Final = 200
_KNOWN_AS: Final = {"by": "be"}
"""Pages in Belarusian often give the country's code for the language's."""


class UnreadableItem(ValueError):
    """An item of which no article can be made. `what` is a slug for the metric; the text says what to do."""

    def __init__(self, what: str, text: str) -> None:
        super().__init__(text)
        self.what = what


@dataclass(frozen=True, slots=True)
class Article:
    """One text from one source. Spans of claims count code points in `text`."""

    source_id: str
    source_name: str
    source_class: PartyClass
    title: str
    text: str
    """NFC; paragraphs separated by one blank line; the title is not repeated in it, unless it is all there is."""
    language: str | None
    """As the source says ("ru"), which may be nothing or wrong."""
    url: str | None
    """Canonical."""
    published: datetime | None
    received: datetime
    as_of: date | None
    """The day a person says the text is to be read on."""
    solicited: bool
    fingerprint: str
    """SHA-256 of title and text folded: the same for texts that differ in white space, case, quotes and dashes."""
    sha256: str
    """SHA-256 of `text` in UTF-8."""
    seen_key: str
    """Address and content in one: an edited page has another, a mirror or a tracking link the same."""
    evidence: str | None = None
    """SHA-256 of the bytes that the article was read from, where they are kept."""
    speaks_for: str | None = None
    outlet: str | None = None
    owner: str | None = None
    claims_to_be: str | None = None
    listed: Listed | None = None
    doubts: tuple[str, ...] = ()
    watched: bool = False
    at_home: bool = False
    """See `sources.base.Item`, for these eight."""


def to_article(item: Item, mirrors: Mapping[str, str] | None = None) -> Article:
    """`mirrors`: see `addresses.canonical_url`. Raises UnreadableItem."""
    seen, doubts = _seen(item)
    seen_title = without_struck(item.title or "")
    title = clean_line(seen_title)
    text = _without_title(clean_text(seen), title) or title
    if not text:
        raise UnreadableItem("empty", "the item holds no text that a person could read; give it a body or a title")
    if len(text.encode()) > MOST_TEXT:
        raise UnreadableItem("too_large", f"the text is longer than {MOST_TEXT:,} bytes; hand in the article alone")
    received = item.received or item.published
    if received is None:
        raise UnreadableItem("undated", "nobody says when the item came in; set its `received`")
    url = canonical_url(item.url, mirrors)
    fingerprint = _digest(f"{fold(title)}\n{fold(text)}")
    return Article(
        source_id=item.source_id,
        source_name=item.source_name,
        source_class=item.source_class,
        title=title or _first_line(text),
        text=text,
        language=_language(item.language),
        url=url,
        published=item.published,
        received=received,
        as_of=item.as_of,
        solicited=item.solicited,
        fingerprint=fingerprint,
        sha256=_digest(text),
        seen_key=_digest(f"{page_key(url) if url else item.source_id}\n{fingerprint}"),
        evidence=item.evidence,
        speaks_for=item.speaks_for,
        outlet=item.outlet,
        owner=item.owner,
        claims_to_be=item.claims_to_be,
        listed=item.listed,
        doubts=tuple(sorted({*item.doubts, *doubts, *doubts_of(seen, seen_title)})),
        watched=item.watched,
        at_home=item.at_home,
    )


def _seen(item: Item) -> tuple[str, tuple[str, ...]]:
    """What a reader sees of the body, and doubts about it."""
    if len(item.body) > _MOST_BODY:
        raise UnreadableItem(
            "too_large", f"the body is longer than {_MOST_BODY:,} characters; hand in the article alone"
        )
    if item.media_type != "text/html" and not is_markup(item.body):
        return without_struck(item.body), ()
    try:
        page = read_page(item.body, any_text=True) if is_whole_page(item.body) else None
        text, doubts = (page.body, page.doubts) if page else (text_of_fragment(item.body), ())
    except TooTangled as error:
        raise UnreadableItem("tangled", f"{error}; hand in its text instead") from None
    return without_struck(text), doubts


def _without_title(text: str, title: str) -> str:
    """Without the title where it stands once more, or twice, above the text."""
    folded = fold(title)
    while folded and text:
        first, _, rest = text.partition("\n\n")
        if fold(first) != folded:
            break
        text = rest
    return text


def _first_line(text: str) -> str:
    first = text.partition("\n\n")[0]
    return first if len(first) <= _LONGEST_TITLE else first[: _LONGEST_TITLE - 1].rpartition(" ")[0] + "…"


def _language(given: str | None) -> str | None:
    primary = (given or "").strip().replace("_", "-").partition("-")[0].lower()
    return _KNOWN_AS.get(primary, primary) or None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
