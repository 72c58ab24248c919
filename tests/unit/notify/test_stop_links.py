from __future__ import annotations

import pytest

from services.notify.stop_links import StopLinks

LINKS = StopLinks(b"a key for this test", "https://alerts.example.org/")


def token(number: int, links: StopLinks = LINKS) -> str:
    return links.url(number).rpartition("/")[2]


@pytest.mark.parametrize("number", [1, 16, 255, 10**9])
def test_a_link_leads_back_to_whom_it_was_given(number: int) -> None:
    assert LINKS.number(token(number)) == number


def test_a_link_lies_below_the_public_address() -> None:
    assert LINKS.url(26).startswith("https://alerts.example.org/stop/1a-")


def test_a_link_is_the_same_every_time() -> None:
    assert LINKS.url(7) == LINKS.url(7)


def test_the_tag_of_one_is_no_tag_of_another() -> None:
    tag = token(7).partition("-")[2]
    assert LINKS.number(f"8-{tag}") is None


def test_a_link_of_another_key_is_nobodys() -> None:
    assert LINKS.number(token(7, StopLinks(b"another key", "https://alerts.example.org"))) is None


@pytest.mark.parametrize(
    "text", ["", "-", "7", "7-", "-aaaa", "zz-aaaa", "7-aaaa", "--", "1.5-a", "7-\u0430\u0431", "7-" + "a" * 10_000]
)
def test_what_is_no_link_of_ours_is_nobodys(text: str) -> None:
    assert LINKS.number(text) is None


def test_a_shortened_tag_is_nobodys() -> None:
    assert LINKS.number(token(7)[:-1]) is None
    assert LINKS.number(token(7) + "a") is None


def test_a_tag_is_too_long_to_be_guessed_and_fits_a_header_line() -> None:
    tag = token(7).partition("-")[2]
    assert len(tag) * 5 >= 120, "bits"
    assert tag.isalnum()
    assert len(LINKS.url(10**9)) < 76
