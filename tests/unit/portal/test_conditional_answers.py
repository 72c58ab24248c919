"""Whoever has an answer already gets it no second time, and what is kept is kept for a moment."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from services.portal.frame.conditional import SharedAnswer, conditional, is_known

PAGE = SharedAnswer(b"<p>20 people</p>", "text/html; charset=utf-8", "en", by_language=False)


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": raw})


@pytest.mark.parametrize("named", ["{0}", "W/{0}", '"other", {0}', '"a",W/{0},"b"', "*", " {0} "])
def test_a_tag_is_known_in_every_form_that_the_header_has(named: str) -> None:
    assert is_known(named.format(PAGE.tag), PAGE.tag)


@pytest.mark.parametrize("named", [None, "", '"other"', "w/", PAGE.tag.strip('"')])
def test_another_tag_is_not(named: str | None) -> None:
    assert not is_known(named, PAGE.tag)


def test_an_answer_that_is_known_has_no_body_and_the_same_headers() -> None:
    first = conditional(request(), PAGE, {"x-robots-tag": "noindex"})
    again = conditional(request(if_none_match=first.headers["etag"]), PAGE, {"x-robots-tag": "noindex"})
    assert (first.status_code, again.status_code) == (200, 304)
    assert (first.body, again.body) == (PAGE.body, b"")
    for name in ("etag", "cache-control", "content-language", "x-robots-tag"):
        assert again.headers[name] == first.headers[name]


def test_the_tag_tells_one_body_and_one_type_from_another() -> None:
    kinds = ("text/html", "text/css")
    tags = {SharedAnswer(body, kind, "en", by_language=False).tag for body in (b"a", b"b") for kind in kinds}
    assert len(tags) == 4


def test_a_cache_hears_that_the_language_was_negotiated() -> None:
    negotiated = SharedAnswer(PAGE.body, PAGE.media_type, "be", by_language=True)
    assert conditional(request(), negotiated, {}).headers["vary"] == "Accept-Language"
    assert "vary" not in conditional(request(), PAGE, {}).headers
