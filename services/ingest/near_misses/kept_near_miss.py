"""A near miss as it is kept: the article, what was seen in it, and the operator's answer once there is one."""

from __future__ import annotations

from typing import Literal

import msgspec

from services.contract import Kind
from services.ingest.articles import Article
from services.ingest.extraction.near_miss import NearMiss


class OperatorAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an operator said it is. `kind` is `other` for what is no news, and then `reason` says why."""

    kind: Kind
    by: str
    at: str
    """RFC 3339."""
    reason: str = ""
    number: int | None = None
    names: tuple[str, ...] = ()
    said_by: str | None = None
    """The party's id."""
    occurred_on: str | None = None
    story: str | None = None


class KeptNearMiss(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    article: Article
    seen: NearMiss
    since: float
    """Unix seconds: when it first came."""
    also_from: tuple[str, ...] = ()
    """The other sources that carried the same text or sentence, by id."""
    answer: OperatorAnswer | None = None

    @property
    def state(self) -> Literal["waiting", "news", "dismissed"]:
        if self.answer is None:
            return "waiting"
        return "dismissed" if self.answer.kind is Kind.OTHER else "news"
