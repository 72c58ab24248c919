"""That a page says no: which words it says, and how HTTP calls it. Never what somebody typed."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, Self

_STATUS: Final = {
    "bad_request": HTTPStatus.BAD_REQUEST,
    "language": HTTPStatus.BAD_REQUEST,
    "not_found": HTTPStatus.NOT_FOUND,
    "method": HTTPStatus.METHOD_NOT_ALLOWED,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_many": HTTPStatus.TOO_MANY_REQUESTS,
    "internal": HTTPStatus.INTERNAL_SERVER_ERROR,
    "unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""By the words: `door.frame.refused.…` of the languages has each of them."""


class PageRefused(Exception):
    """`words`: a key of phrases that has a `title` and a `text`."""

    def __init__(self, status: HTTPStatus, words: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.headers = dict(headers or {})

    @classmethod
    def of(cls, slug: str, headers: Mapping[str, str] | None = None) -> Self:
        """One of those that every room may say."""
        return cls(_STATUS[slug], f"door.frame.refused.{slug}", headers)

    @classmethod
    def by_status(cls, status: int, headers: Mapping[str, str] | None = None) -> Self:
        """For a refusal that has no words of its own."""
        slugs = {int(known): slug for slug, known in _STATUS.items() if slug != "language"}
        slug = slugs.get(status, "internal" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "bad_request")
        return cls(HTTPStatus(status), f"door.frame.refused.{slug}", headers)
