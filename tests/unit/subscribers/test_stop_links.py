"""The link that stops the alerts: the same in every letter, and nobody's without the key."""

from __future__ import annotations

import pytest

from services.subscribers.keyring import Keyring
from services.subscribers.stop_links import StopLinks, new_seed

BASE = "https://alerts.example.org"
LINKS = StopLinks(Keyring(b"a key for this test"), f"{BASE}/")
SEED = "00112233445566778899aabbccddeeff"
OLD_FORM = {1: "1-dbr53mnnt6c55f2xb7v5pang", 4711: "1267-5rktqfnywgaxk3ew4zlnezzz"}
"""As they stand in letters that were sent, by the key of this test."""


def token(seed: str = SEED, links: StopLinks = LINKS) -> str:
    return links.url(seed).rpartition("/")[2]


def test_a_link_leads_back_to_the_seed_it_was_made_of() -> None:
    seeds = {new_seed() for _ in range(200)}
    assert len(seeds) == 200
    assert {LINKS.seed(token(seed)) for seed in seeds} == seeds


def test_a_link_lies_below_the_public_address() -> None:
    assert LINKS.url(SEED).startswith(f"{BASE}/stop/")


def test_a_link_is_the_same_every_time() -> None:
    assert LINKS.url(SEED) == LINKS.url(SEED)


def test_a_link_shows_nothing_of_its_seed_and_seeds_alike_make_links_unlike() -> None:
    other = SEED[:-1] + "e"
    assert SEED[:8] not in LINKS.url(SEED)
    assert sum(a == b for a, b in zip(token(), token(other), strict=True)) < len(token()) / 2


def test_a_link_of_another_key_is_nobodys_until_that_key_is_named_as_one_before() -> None:
    link = token(links=StopLinks(Keyring(b"another key"), BASE))
    assert LINKS.seed(link) is None
    assert StopLinks(Keyring(b"a key for this test", (b"a third", b"another key")), BASE).seed(link) == SEED


@pytest.mark.parametrize("at", [0, 7, 25, 26, 40, 51])
def test_a_link_with_one_sign_changed_is_nobodys(at: int) -> None:
    link = token()
    changed = link[:at] + ("a" if link[at] != "a" else "b") + link[at + 1 :]
    assert LINKS.seed(changed) is None


def test_a_link_is_too_long_to_be_guessed_and_all_of_letters_and_digits_behind_its_form() -> None:
    form, _, sealed = token().partition("-")
    assert form == "2"
    assert len(sealed) * 5 >= 256, "bits"
    assert sealed.isalnum()


def test_a_link_of_before_the_form_was_written_goes_on_working() -> None:
    assert LINKS.seed(token().removeprefix("2-")) == SEED
    assert LINKS.is_formed(token().removeprefix("2-"))


@pytest.mark.parametrize("number", OLD_FORM)
def test_a_link_in_a_letter_of_before_goes_on_working(number: int) -> None:
    assert LINKS.number(OLD_FORM[number]) == number
    later = StopLinks(Keyring(b"a key of later", (b"a key for this test",)), BASE)
    assert later.number(OLD_FORM[number]) == number


def test_a_link_of_before_by_another_key_is_nobodys() -> None:
    assert StopLinks(Keyring(b"another key"), BASE).number(OLD_FORM[1]) is None


def test_the_tag_of_one_number_is_no_tag_of_another() -> None:
    tag = OLD_FORM[1].partition("-")[2]
    assert LINKS.number(f"2-{tag}") is None


@pytest.mark.parametrize("text", [OLD_FORM[1][:-1], OLD_FORM[1] + "a", f"0{OLD_FORM[1]}", OLD_FORM[1].upper()])
def test_a_link_of_before_that_was_changed_is_nobodys(text: str) -> None:
    assert LINKS.number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "7", "7-", "-aaaa", "zz-aaaa", "7-aaaa", "--", "1.5-a", "7-\u0430\u0431", "7-" + "a" * 10_000),
        *("a" * 51, "a" * 52, "a" * 53, "A" * 52, "1" * 52, "\u0430" * 52, "a" * 10_000, "a" * 28, "=" * 52),
    ],
)
def test_what_is_no_link_of_ours_is_nobodys(text: str) -> None:
    assert LINKS.number(text) is None
    assert LINKS.seed(text) is None
