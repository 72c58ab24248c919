"""In which language a page answers, and where its links lead."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from services.portal.frame.asked import Asked, asked_by
from services.portal.frame.page_refused import PageRefused

KNOWN = ("be", "en", "ru")


def request(query: str = "", accepted: str = "", path: str = "/s/pardon-1") -> Request:
    headers = [(b"accept-language", accepted.encode())] if accepted else []
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": headers}
    return Request({**scope, "server": ("portal", 80), "scheme": "http"})


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "", "en"), ("", "be-BY, ru;q=0.8", "be"), ("", "de, uk", "en"), ("lang=ru", "be", "ru"),
        ("lang=ru&lang=be", "", "be"), ("page=3&lang=be", "", "be"),
    ],
)  # fmt: skip
def test_the_address_goes_before_the_browser(query: str, accepted: str, language: str) -> None:
    assert asked_by(request(query, accepted), KNOWN).language == language


@pytest.mark.parametrize("query", ["lang=", "lang=xx", "lang=EN", "lang=%3Cb%3E", "lang=ru%00", "lang=" + "r" * 9000])
def test_a_language_that_nobody_writes_is_refused(query: str) -> None:
    with pytest.raises(PageRefused, match="language"):
        asked_by(request(query), KNOWN)


def test_links_keep_the_language_only_where_the_address_chose_it() -> None:
    chosen, negotiated = asked_by(request("lang=ru"), KNOWN), asked_by(request("", "ru"), KNOWN)
    assert chosen.to("/s/x") == "/s/x?lang=ru"
    assert negotiated.to("/s/x") == "/s/x"
    assert chosen.to("/", before="5-a b") == "/?before=5-a+b&lang=ru"


def test_the_switch_stays_on_the_page_with_all_that_it_says() -> None:
    assert asked_by(request("before=5-a&lang=ru"), KNOWN).here_in("be") == "/s/pardon-1?before=5-a&lang=be"


@pytest.mark.parametrize("path", ['/s/"><script>', "//evil.example", "/s/ü\r\nX: 1"])
def test_a_path_that_somebody_made_up_never_leads_out_of_its_quotes(path: str) -> None:
    link = Asked(path, "en", False, KNOWN).here_in("ru")
    assert not set(link) & set("\"'<>\r\n ")
    assert link.startswith("/")
    assert not link.startswith("//")


def test_belarusian_stands_first_and_a_language_of_tomorrow_last() -> None:
    assert asked_by(request(), ("en", "pl", "ru", "be")).languages == ("be", "ru", "en", "pl")
