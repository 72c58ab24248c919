from __future__ import annotations

import pytest

from services.notify.fanout.gaps import GapsFound, StreamView, find_gaps, gap


def seen(newest: int, settled: int, kept: str = "", routed: str = "", in_hand: str = "") -> StreamView:
    """Ids are letters; "a" has the sequence 1."""
    numbered = {letter: ord(letter) - ord("a") + 1 for letter in "abcdefghij"}
    return StreamView(
        newest,
        settled,
        [(letter, numbered[letter]) for letter in kept],
        frozenset(in_hand),
        {letter: numbered[letter] for letter in routed},
    )


@pytest.mark.parametrize(
    ("look", "found"),
    [
        (seen(0, 0), GapsFound(0)),
        (seen(3, 0, "abc", "abc"), GapsFound(3)),
        (seen(3, 0, "abc", "ac"), GapsFound(1, ("b",))),
        (seen(3, 0, "abc", "c"), GapsFound(0, ("a", "b"))),
        (seen(3, 0, "abc", "", "abc"), GapsFound(0)),
        (seen(3, 0, "abc", "c", "b"), GapsFound(0, ("a",))),
        (seen(3, 2, "c", ""), GapsFound(2, ("c",))),
        (seen(4, 1, "d", "d"), GapsFound(4, (), 2)),
        (seen(4, 1, "", ""), GapsFound(4, (), 3)),
        (seen(4, 1, "", "bcd"), GapsFound(4)),
        (seen(4, 0, "acd", "cd"), GapsFound(0, ("a",))),
        (seen(2, 0, "ab", "abj"), GapsFound(2)),
    ],
    ids=range(12),
)
def test_what_was_published_and_neither_routed_nor_in_hand_is_missing(look: StreamView, found: GapsFound) -> None:
    assert find_gaps(look) == found


def test_what_was_given_up_holds_nothing_back() -> None:
    assert find_gaps(seen(3, 0, "abc", "c"), {"a", "b"}) == GapsFound(3)


def test_a_foreign_event_of_the_same_sequence_hides_no_gap() -> None:
    look = StreamView(1, 0, [("ours", 1)], frozenset(), {"foreign": 1})
    assert find_gaps(look).missing == ("ours",)


def test_how_much_is_done_does_not_depend_on_the_number_of_a_sequence() -> None:
    assert find_gaps(seen(10**15, 0, "ab", "ab")) == GapsFound(10**15, (), 10**15 - 2)


def test_a_gap_is_told_in_words_and_what_did_not_come_back_before_what_did() -> None:
    assert gap(0, 0) is None
    came, lost = gap(2, 0), gap(2, 1)
    assert came is not None
    assert lost is not None
    assert "2 event(s)" in came.says
    assert "1 event(s)" in lost.says
    assert "vestka replay" in lost.says
