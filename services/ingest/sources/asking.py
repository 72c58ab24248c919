"""One polite question to a site: conditional, within its own hosts, and every bad answer told apart by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol
from urllib.parse import urljoin

from services.egress import (
    Answer,
    AnswerTooLarge,
    BadAnswer,
    BadRequest,
    EgressError,
    ForbiddenTarget,
    TimedOut,
    TlsFailed,
    Unreachable,
    read_retry_after,
)
from services.ingest.sources.base import Cursor, Original, SourceTrouble
from services.ingest.sources.charsets import decode
from services.ingest.sources.links import host_of
from services.ingest.sources.poll_hints import wait_of_headers
from services.ingest.sources.written_dates import read_date
from services.version import VERSION

_MOST_REDIRECTS: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HARMLESS: Final = ("content-type", "date", "last-modified", "etag")
"""Headers that are kept as evidence: others may tell who asked (cookies) and prove nothing."""
_LONGEST_HEADER: Final = 500
ACCEPT_PAGES: Final = "text/html, application/xhtml+xml;q=0.9"
USER_AGENT: Final = f"Vestka/{VERSION} (news alerts)"

_EGRESS_SLUGS: Final[Mapping[type[EgressError], str]] = {
    ForbiddenTarget: "forbidden_target",
    Unreachable: "unreachable",
    TlsFailed: "tls",
    TimedOut: "timeout",
    AnswerTooLarge: "too_large",
    BadAnswer: "bad_answer",
    BadRequest: "bad_request",
}
_REFUSED: Final = (
    "refused",
    "the site refuses us; look at it in a browser from this network, or watch the same news elsewhere",
)
_GONE: Final = ("gone", "there is nothing at this address; correct `url` in the sources file")
_STATUSES: Final[Mapping[int, tuple[str, str]]] = {
    401: _REFUSED,
    403: _REFUSED,
    451: _REFUSED,
    404: _GONE,
    410: _GONE,
    408: ("timeout", "the site gave up on the request; it is asked again later"),
    429: ("rate_limited", "we ask too often; raise `every` for this source"),
}


class Fetch(Protocol):
    """The part of `services.egress.Egress` that sources use."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        deadline: float,
        max_bytes: int,
        body: Literal["whole", "glance"] = "whole",
    ) -> Answer: ...


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How one source may be asked. `hosts`: exact names that a redirect may lead to. `deadline`: seconds a request."""

    hosts: frozenset[str]
    deadline: float
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Page:
    """An answer worth reading; `unchanged` stands for a 304, which has no body. `headers`: names in lower case."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    cursor: Cursor
    unchanged: bool = False

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").lower()

    @property
    def wait(self) -> float | None:
        """Seconds for which the site's headers say that asking again brings nothing new."""
        return wait_of_headers(self.headers)

    def original(self, fetched: datetime) -> Original:
        kept = tuple((name, self.headers[name][:_LONGEST_HEADER]) for name in _HARMLESS if name in self.headers)
        return Original(self.body, kept, self.url, fetched)


async def ask_site(fetch: Fetch, url: str, cursor: Cursor, limits: FetchLimits, *, accept: str) -> Page:
    """GET, conditional on `cursor`, following up to three redirects within `limits.hosts`. Raises SourceTrouble."""
    headers = {"user-agent": USER_AGENT, "accept": accept, "accept-encoding": "gzip", **_conditions(cursor)}
    at = url
    for _hop in range(_MOST_REDIRECTS + 1):
        answer = await _request(fetch, at, headers, limits)
        if answer.status not in _REDIRECTS:
            return _read(answer, at, cursor)
        at = _redirect_target(answer, at, limits.hosts)
    raise SourceTrouble("redirect", f"more than {_MOST_REDIRECTS} redirects; put the final address into `url`")


def decode_page(page: Page) -> str:
    """The page as text; see `charsets`."""
    return decode(page.body, page.content_type)


def _conditions(cursor: Cursor) -> dict[str, str]:
    named = {"if-none-match": cursor.etag, "if-modified-since": cursor.last_modified}
    return {name: value for name, value in named.items() if value}


async def _request(fetch: Fetch, url: str, headers: Mapping[str, str], limits: FetchLimits) -> Answer:
    try:
        return await fetch.request("GET", url, headers=headers, deadline=limits.deadline, max_bytes=limits.max_bytes)
    except EgressError as error:
        raise SourceTrouble(_EGRESS_SLUGS.get(type(error), "unreachable"), f"{host_of(url)}: {error}") from None


def _read(answer: Answer, url: str, cursor: Cursor) -> Page:
    if answer.status == 304:
        if not _conditions(cursor):
            raise SourceTrouble("bad_answer", f"{host_of(url)} answered 304 to a question without conditions")
        return Page(url, b"", answer.headers, cursor, unchanged=True)
    if answer.status != 200:
        raise _trouble(answer, url)
    validators = Cursor(etag=_validator(answer, "etag"), last_modified=_last_modified(answer))
    return Page(url, answer.body, answer.headers, validators)


def _validator(answer: Answer, name: str) -> str | None:
    """What is kept and sent back with every request to come; one that is longer than any honest one is not."""
    value = answer.headers.get(name, "")
    return value if value and len(value) <= _LONGEST_HEADER and value.isascii() and value.isprintable() else None


def _last_modified(answer: Answer) -> str | None:
    """None for a day that the site's clock has not reached (RFC 9110, section 8.8.2.1): it would give 304 for ever."""
    modified = read_date(answer.headers.get("last-modified"))
    ahead = modified is not None and modified.timestamp() > _said_at(answer)
    return None if ahead else _validator(answer, "last-modified")


def _trouble(answer: Answer, url: str) -> SourceTrouble:
    status = answer.status
    fallback = ("server_error", "the site is in trouble; it is asked again later")
    if status < 500:
        fallback = ("status", "this is no answer we know; open the address in a browser")
    what, remedy = _STATUSES.get(status, fallback)
    wait = read_retry_after(answer.headers.get("retry-after"), _said_at(answer))
    return SourceTrouble(what, f"{host_of(url)} answered {status}: {remedy}", wait)


def _said_at(answer: Answer) -> float:
    """Unix time on the site's own clock: a date in `Retry-After` is a date on that clock."""
    date = read_date(answer.headers.get("date"))
    return date.timestamp() if date else float("inf")


def _redirect_target(answer: Answer, at: str, hosts: frozenset[str]) -> str:
    target = urljoin(at, answer.headers.get("location", ""))
    host = host_of(target)
    if host not in hosts:
        raise SourceTrouble(
            "redirect",
            f"{host_of(at)} redirects to {host or 'no readable address'}, which is not among `hosts` of this source; "
            "add it there if it belongs to the same people",
        )
    if at.startswith("https:") and not target.startswith("https:"):
        raise SourceTrouble("redirect", f"{host_of(at)} redirects from https to http; put an https address into `url`")
    return target
