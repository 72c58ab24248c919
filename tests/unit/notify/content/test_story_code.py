"""A story's code: said, typed on any keyboard, and a slip is found."""

from __future__ import annotations

from itertools import pairwise

import pytest

from services.notify.content.story_code import SIGNS, read_story_code, story_code

STORIES = [f"pardon-20241228-{number}" for number in range(300)]
CODES = [story_code(story) for story in STORIES]


def test_a_code_is_the_same_for_a_story_and_another_for_another() -> None:
    assert [story_code(story) for story in STORIES] == CODES
    assert len(set(CODES)) == len(CODES)


def test_a_code_is_read_as_it_is_written() -> None:
    assert all(read_story_code(f" {code} ") == code for code in CODES)


def test_it_is_read_in_small_letters_without_a_hyphen_and_in_cyrillic() -> None:
    cyrillic = str.maketrans("ACEHKMPTXY", "АСЕНКМРТХУ")
    for code in CODES:
        for typed in (code.lower(), code.replace("-", ""), code.replace("-", " — "), code.translate(cyrillic)):
            assert read_story_code(typed) == code
        assert read_story_code(code.translate(cyrillic).lower()) == code


def test_every_wrong_sign_is_found() -> None:
    for code in CODES[:20]:
        bare = code.replace("-", "")
        for at, sign in enumerate(bare):
            for wrong in set(SIGNS) - {sign}:
                assert read_story_code(bare[:at] + wrong + bare[at + 1 :]) is None


def test_every_two_signs_that_changed_places_are_found() -> None:
    for code in CODES:
        bare = code.replace("-", "")
        for at, (one, other) in enumerate(pairwise(bare)):
            if one != other:
                assert read_story_code(bare[:at] + other + one + bare[at + 2 :]) is None


@pytest.mark.parametrize(
    "typed", ["", "-", "2" * 7, "2" * 9, "O" * 8, "\u0000" * 8, "4X7K-M2TA" * 1000, "٢" * 8, "😀" * 8]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_story_code(typed) is None
