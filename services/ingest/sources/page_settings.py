"""What `infra/sources.yaml` may say about a page: which links to follow, and where an article keeps its parts."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from services.ingest.sources.settings import Section, SourceSettings


def _checked_css(css: str | None) -> str | None:
    try:
        LexborHTMLParser("").css(css or "p")
    except SelectolaxError:
        raise ValueError("is no CSS selector") from None
    return css


class LinkSettings(Section):
    css: str = "a[href]"
    pattern: str
    limit: int = Field(default=5, ge=1, le=15)
    recheck: int = Field(default=1, ge=1, le=5)

    _css_is_css = field_validator("css")(_checked_css)

    @field_validator("pattern")
    @classmethod
    def _is_a_pattern(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"is no regular expression ({error})") from None
        return pattern


class ArticleSettings(Section):
    title: str | None = None
    body: str | None = None
    published: str | None = None

    _css_is_css = field_validator("title", "body", "published")(_checked_css)


class PageSettings(SourceSettings):
    kind: Literal["page"]
    links: LinkSettings | None = None
    article: ArticleSettings = ArticleSettings()
