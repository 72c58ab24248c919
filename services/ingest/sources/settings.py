"""What every source in `infra/sources.yaml` may say about itself, whatever its kind."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from services.contract import PartyClass
from services.ingest.sources.asking import FetchLimits
from services.ingest.sources.links import host_of, web_link

_SLUG: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_OURS: Final = "vestka"
"""Whose word stands over everybody's: an operator's."""
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")


def _seconds(written: object) -> object:
    if not isinstance(written, str):
        return written
    match = _DURATION.fullmatch(written.strip())
    if match is None:
        raise ValueError("write a time with its unit, like 60s, 5m or 1h")
    return float(match[1]) * _UNITS[match[2]]


Duration = Annotated[float, BeforeValidator(_seconds)]


class Section(BaseModel):
    """A part of the file in which a misspelt key is an error and no silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SourceSettings(Section):
    """The keys are explained in `infra/sources.yaml`, where people write them."""

    id: str = Field(pattern=_SLUG, max_length=40)
    name: str = Field(min_length=1, max_length=100)
    source_class: PartyClass = Field(alias="class")
    url: str
    language: Literal["en", "ru", "be"] | None = None
    every: Duration = Field(default=60.0, ge=10, le=86400)
    slowest: Duration = Field(default=900.0, ge=10, le=86400)
    quiet_after: Duration = Field(default=259200.0, ge=3600, le=31_536_000)
    enabled: bool = False
    speaks_for: str | None = Field(default=None, pattern=_SLUG)
    outlet: str | None = Field(default=None, pattern=_SLUG, max_length=40)
    owner: str | None = Field(default=None, pattern=_SLUG, max_length=40)
    only_this_news: bool = False
    only_belarus: bool = False
    hosts: tuple[str, ...] = ()
    failures_seen: tuple[str, ...] = ()
    deadline: Duration = Field(default=15.0, gt=0, le=60)
    max_bytes: int = Field(default=3_000_000, ge=1000, le=16_000_000)

    @field_validator("id", "speaks_for", "outlet", "owner")
    @classmethod
    def _is_not_us(cls, slug: str | None) -> str | None:
        if slug == _OURS:
            raise ValueError(f"{_OURS!r} is our own desk; give it another name")
        return slug

    @field_validator("url")
    @classmethod
    def _leads_to_a_page(cls, url: str) -> str:
        if web_link("", url) is None:
            raise ValueError("write a whole address, like https://news.example/rss")
        return url

    @field_validator("hosts")
    @classmethod
    def _are_exact(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        if any("/" in host or "*" in host or not host for host in hosts):
            raise ValueError("write exact host names, like www.news.example, without https:// or *")
        return tuple(host.lower().removesuffix(".") for host in hosts)

    @property
    def fetch_limits(self) -> FetchLimits:
        return FetchLimits(frozenset({host_of(self.url), *self.hosts}), self.deadline, self.max_bytes)
