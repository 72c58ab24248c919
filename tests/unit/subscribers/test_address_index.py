"""When two ways of writing are one address, and when they are two."""

from __future__ import annotations

import pytest

from services.subscribers.address_index import canonical
from services.subscribers.lookups import Lookups

LOOKUPS = Lookups(b"a key for this test")


@pytest.mark.parametrize(
    ("channel", "one", "other"),
    [
        ("email", "reader@example.org", "Reader@Example.ORG"),
        ("email", "reader@example.org", " reader@example.org "),
        ("email", "reader@bücher.example", "READER@xn--bcher-kva.example"),
        ("email", "reader@BÜCHER.example", "reader@bu\u0308cher.example"),
        ("email", "ЧИТАТЕЛЬ@example.org", "читатель@example.org"),
        ("email", "re\u0301ader@example.org", "RÉADER@example.org"),
        ("telegram", "-1001557912345", "-01001557912345"),
        ("telegram", "1001", "0001001"),
        ("telegram", "@SomeNews", "@somenews"),
        ("webhook", "https://partner.example/a", "HTTPS://Partner.Example:443/a"),
        ("webhook", "https://partner.example", "https://partner.example/"),
        ("webhook", "https://partner.example./a", "https://partner.example/a"),
        ("webhook", "https://partner.example/a%2fb%7Ec", "https://partner.example/a%2Fb~c"),
        ("webhook", "https://partner.example/a#part", "https://partner.example/a"),
        ("webhook", "https://partner.example/x/../a", "https://partner.example/./a"),
        ("webhook", "http://partner.example:80/a", "http://partner.example/a"),
        ("webhook", "https://partner.example/a?", "https://partner.example/a"),
    ],
)
def test_one_address_is_known_however_it_is_written(channel: str, one: str, other: str) -> None:
    assert LOOKUPS.address(channel, one) == LOOKUPS.address(channel, other)


@pytest.mark.parametrize(
    ("channel", "one", "other"),
    [
        ("email", "reader@example.org", "rea.der@example.org"),
        ("email", "reader@example.org", "reader+alerts@example.org"),
        ("email", "reader@example.org", "reader@mail.example.org"),
        ("email", "strasse@example.org", "straße@example.org"),
        ("email", "reader@example.org", "rеader@example.org"),  # a Cyrillic е
        ("telegram", "1557912345", "-1557912345"),
        ("telegram", "-1557912345", "-1001557912345"),
        ("webhook", "https://partner.example/a", "https://partner.example/A"),
        ("webhook", "https://partner.example/a", "https://partner.example/a/"),
        ("webhook", "https://partner.example/a?b=1", "https://partner.example/a?b=2"),
        ("webhook", "https://partner.example/a", "http://partner.example/a"),
        ("webhook", "https://partner.example/a", "https://partner.example:8443/a"),
        ("webhook", "https://partner.example/a/b", "https://partner.example/a%2Fb"),
    ],
)
def test_two_addresses_are_never_taken_for_one(channel: str, one: str, other: str) -> None:
    assert LOOKUPS.address(channel, one) != LOOKUPS.address(channel, other)


@pytest.mark.parametrize(
    ("path", "normal"), [("/a/./b", "/a/b"), ("/a/../../b", "/b"), ("/a/b/..", "/a/"), ("/..", "/"), ("/a/.", "/a/")]
)
def test_dots_in_a_path_are_resolved(path: str, normal: str) -> None:
    assert canonical("webhook", f"https://partner.example{path}") == f"https://partner.example{normal}"


def test_the_same_words_on_another_channel_are_another_address() -> None:
    assert LOOKUPS.address("email", "a@b.example") != LOOKUPS.address("telegram", "a@b.example")


def test_without_the_key_nobody_can_tell_which_address_it_is() -> None:
    other = Lookups(b"another key")
    assert LOOKUPS.address("email", "reader@example.org") != other.address("email", "reader@example.org")
