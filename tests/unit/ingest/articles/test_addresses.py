from __future__ import annotations

import pytest

from services.ingest.articles import canonical_url, is_copy, page_key


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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://pravo.by/document/?guid=12551&p0=P32400343", "https://pravo.by/document/?guid=3871&p0=p32400343"),
        (
            "https://president.gov.by/ru/documents/ukaz-no-343-ot-4-sentyabrya-2024-g",
            "https://president.gov.by/ru/documents/ukaz-no-343-ot-4-sentabra-2024-g",
        ),
    ],
)
def test_two_addresses_of_one_document_have_one_key(one: str, other: str) -> None:
    assert page_key(one) == page_key(other) != one


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://pravo.by/document/?guid=12551", "pravo.by/document?guid=12551"),
        ("https://impostor.example/document/?p0=P32400343", "impostor.example/document?p0=P32400343"),
        ("https://president.gov.by/ru/events/x-1735398000", "president.gov.by/ru/events/x-1735398000"),
        ("http://charter97.org/ru/news/2024/12/28/623456/", "charter97.org/ru/news/2024/12/28/623456"),
        ("https://ru.hrodna.life/2021/09/27/azot-sizo/amp", "ru.hrodna.life/2021/09/27/azot-sizo"),
        ("https://news.example/", "news.example"),
    ],
)
def test_every_other_page_is_known_by_host_path_and_query(url: str, key: str) -> None:
    assert page_key(url) == key


def test_decrees_in_two_languages_are_two_pages() -> None:
    ru = "https://president.gov.by/ru/documents/ukaz-no-343-ot-4-sentyabrya-2024-g"
    assert page_key(ru) != page_key(ru.replace("/ru/", "/be/"))


def test_an_article_in_latin_letters_is_a_copy() -> None:
    assert is_copy("https://nashaniva.com/be_latn/361234/")
    assert not is_copy("https://nashaniva.com/361234/")
    assert not is_copy(None)
