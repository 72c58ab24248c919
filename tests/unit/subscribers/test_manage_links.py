"""The link by which somebody manages what they get: theirs alone, and for an hour."""

from __future__ import annotations

import msgspec
import pytest

from services.subscribers.keyring import Keyring
from services.subscribers.manage_links import GOOD_FOR, ManageLinks, ManagePass
from services.subscribers.subscriber import StoredAddress, Subscriber

LINKS = ManageLinks(Keyring(b"a key for this test"), "https://alerts.example.org")
DIGEST = "5eed" * 8
SOMEBODY = Subscriber(
    number=7, since="", addresses=(StoredAddress(channel="email", target="reader@example.org", digest=DIGEST),)
)
NOW = 1_700_000_000.0


def passed(links: ManageLinks = LINKS, number: int = 7) -> ManagePass:
    found = links.read(links.token(number, DIGEST, NOW))
    assert found is not None
    return found


def test_a_link_says_whose_it_is_and_ends_after_an_hour() -> None:
    assert passed().number == 7
    assert passed().admits(SOMEBODY, NOW)
    assert passed().admits(SOMEBODY, NOW + GOOD_FOR - 1)
    assert not passed().admits(SOMEBODY, NOW + GOOD_FOR)


def test_it_ends_with_the_address_at_which_it_was_asked_for() -> None:
    elsewhere = msgspec.structs.replace(SOMEBODY.addresses[0], digest="00ff" * 8)
    assert not passed().admits(msgspec.structs.replace(SOMEBODY, addresses=(elsewhere,)), NOW)


def test_no_two_links_are_alike_and_none_shows_the_number() -> None:
    tokens = {LINKS.token(4711, DIGEST, NOW) for _ in range(20)}
    assert len(tokens) == 20
    assert not any("4711" in one for one in tokens)


@pytest.mark.parametrize("change", [lambda one: one[:-1], lambda one: one + "a", lambda one: "a" + one[1:], str.upper])
def test_what_we_did_not_make_is_no_link(change: object) -> None:
    assert callable(change)
    token = LINKS.token(7, DIGEST, NOW)
    assert change(token) == token or LINKS.read(change(token)) is None


def test_another_keys_link_is_none_of_ours_and_an_earlier_keys_is() -> None:
    token = LINKS.token(7, DIGEST, NOW)
    assert ManageLinks(Keyring(b"another key"), "").read(token) is None
    assert ManageLinks(Keyring(b"another key", (b"a key for this test",)), "").read(token) is not None
