"""The body of `POST /v1/reports`: a text, and what it says of itself. Who sent it, its token says."""

from __future__ import annotations

import json
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec

from services.contract import PartyClass
from services.ingest.news_time import FIRST_YEAR, LAST_YEAR, known_date
from services.ingest.sources.base import Item
from services.runtime.http.web import Problem

MOST_BYTES: Final = 1_000_000

_MAY_BE_EMPTY: Final = ("title", "url", "published", "language")

ArticleText = Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_BYTES)]
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class Submission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Times are RFC 3339 with an offset."""

    text: ArticleText
    source: Short
    """Where the text is from, as the partner says; nobody has seen that it is."""
    title: Annotated[str, msgspec.Meta(max_length=1000)] | None = None
    url: Annotated[str, msgspec.Meta(max_length=2000, pattern="^https?://")] | None = None
    published: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    language: Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}$")] | None = None
    html: bool = False

    def __post_init__(self) -> None:
        if self.published is not None and known_date(self.published) is None:
            raise ValueError(
                f"`published` lies outside the years {FIRST_YEAR} to {LAST_YEAR}; correct it or leave it out"
            )


def read_submission(body: bytes) -> Submission:
    """Raises Problem, which names the field and never repeats what stood there."""
    try:
        return msgspec.convert(_without_empty(_document(body)), Submission)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        detail: Any = str(error)
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "report",
            f"{detail}. The body is a JSON object with 'text' and 'source', and may have 'title', 'url', 'published' "
            "(RFC 3339), 'language' and 'html'.",
        ) from None


def _document(body: bytes) -> Any:
    """JSON as programs write it: a byte order mark before it, UTF-16, or half a sign where a text was cut.

    Raises MsgspecError, ValueError or RecursionError.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        try:
            return _whole_signs(json.loads(body))
        except ValueError:
            raise error from None  # which says where


def _whole_signs(value: Any) -> Any:
    """Half of a surrogate pair, which no text can hold, becomes the sign for what cannot be shown (U+FFFD)."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case dict():
            return {_whole_signs(name): _whole_signs(one) for name, one in value.items()}
        case list():
            return [_whole_signs(one) for one in value]
    return value


def _without_empty(document: Any) -> Any:
    """What may be left out may be empty."""
    if not isinstance(document, dict):
        return document
    return {name: one for name, one in document.items() if one != "" or name not in _MAY_BE_EMPTY}


def partner_id(partner: str) -> str:
    """The source, and the outlet, that a partner is."""
    return f"partner:{partner}"


def to_item(submission: Submission, partner: str, received: datetime) -> Item:
    """The source is the partner whose token came with it, a medium that speaks for nobody but itself."""
    return Item(
        source_id=partner_id(partner),
        source_name=partner,
        source_class=PartyClass.MEDIA,
        body=submission.text,
        media_type="text/html" if submission.html else "text/plain",
        title=submission.title,
        url=submission.url,
        published=submission.published,
        language=submission.language,
        received=received,
        solicited=True,
        outlet=partner_id(partner),
        claims_to_be=submission.source,
    )
