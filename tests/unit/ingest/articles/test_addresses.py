from __future__ import annotations

import pytest

from services.ingest.articles import canonical_url


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("HTTPS://News.Example./a?b=1#c", "https://news.example/a?b=1"),
        ("https://news.example:443", "https://news.example/"),
        ("http://news.example:80/", "http://news.example/"),
        ("https://news.example:8443/a", "https://news.example:8443/a"),
        ("https://news.example/a?utm_source=rss&id=7&fbclid=x&UTM_Medium=y", "https://news.example/a?id=7"),
        ("https://news.example/a?p0=P324&guid=3871", "https://news.example/a?p0=P324&guid=3871"),
        ("https://user:word@news.example/a", "https://news.example/a"),
        ("https://news.example/361−1", "https://news.example/361%E2%88%921"),
        ("https://news.example/361%E2%88%921", "https://news.example/361%E2%88%921"),
        ("https://навіны.example/", "https://xn--80ae5ac4e2c.example/"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("  https://cdn.example/a ", "https://news.example/a"),
    ],
)
def test_two_ways_of_writing_an_address_become_one(written: str, canonical: str) -> None:
    assert canonical_url(written, {"cdn.example": "news.example"}) == canonical


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "news.example/a",
        "javascript:alert(1)",
        "ftp://news.example/",
        "https://",
        "http://[",
        "https://a.example:port/",
    ],
)
def test_what_is_no_address_of_the_web_is_none(written: str | None) -> None:
    assert canonical_url(written) is None
