"""What the accuracy figures say of readers: who sees a true item, and what is said that is not so."""

from __future__ import annotations

from pathlib import Path

from benchmarks.accuracy import CORPUS, files_of, read_arguments
from benchmarks.felt import Fate, Fates, count_fates, count_story_fates, false_statements, score_act
from benchmarks.felt_report import world_of
from benchmarks.scoring import Tally, false_names


def test_items_are_counted_by_what_became_of_them() -> None:
    fates = count_fates([Fate.OUT, Fate.WAITS, Fate.DROPPED, Fate.DROPPED])
    assert fates == Fates(out=1, waits=1, dropped=2)
    assert fates.share(Fate.DROPPED) == 0.5
    assert Fates().share(Fate.OUT) == 0.0


def test_a_happening_is_told_where_any_item_of_it_goes_out() -> None:
    told = [("a", Fate.DROPPED), ("a", Fate.OUT), ("a", Fate.WAITS), ("b", Fate.DROPPED), ("b", Fate.WAITS)]
    assert count_story_fates(told) == Fates(out=1, waits=1, dropped=0)


def test_items_of_no_event_are_happenings_of_their_own() -> None:
    assert count_story_fates([(None, Fate.DROPPED), (None, Fate.DROPPED)]) == Fates(dropped=2)


def test_news_made_of_no_news_is_one_false_statement() -> None:
    said = false_statements({"kind": "other"}, "arrest", {"detained": 7, "names": ["Jan Nowak"]})
    assert said == [("kind", "arrest")]


def test_news_that_nobody_read_says_nothing_false() -> None:
    assert false_statements({"kind": "arrest", "detained": 7}, "other", {}) == []


def test_each_wrong_number_and_each_wrong_name_is_a_false_statement() -> None:
    label = {"kind": "pardon", "pardoned": 20, "women": None, "names_pardoned": ["Алесь Бяляцкі"]}
    facts = {"pardoned": 22, "women": 9, "names_pardoned": ["Ales Bialiatski", "Jan Nowak"]}
    assert false_statements(label, "pardon", facts) == [("pardoned", 22), ("women", 9), ("names", "Jan Nowak")]


def test_false_names_are_given_as_they_were_found() -> None:
    assert false_names({"names": ["Статкевіч"]}, {"names": ["Мікалай Статкевіч", "Ян Новак"]}) == ["Ян Новак"]


def test_numbers_and_names_of_pardons_and_of_arrests_are_counted_apart() -> None:
    found = score_act(
        [
            ({"kind": "pardon", "pardoned": 20}, {"pardoned": 20}),
            ({"kind": "arrest", "detained": 3, "names": ["Jan Nowak"]}, {"detained": 4}),
            ({"kind": "other"}, {"detained": 5}),
        ]
    )
    assert found["pardon"] == (Tally(1, 0, 0), Tally())
    assert found["arrest"] == (Tally(0, 1, 1), Tally(0, 0, 1))


def test_a_page_as_it_stood_is_of_the_real_world_and_a_restated_one_is_not() -> None:
    assert [world_of({"wording": wording}) for wording in ("restated", "verbatim", "real")] == [
        "restated", "real", "real",
    ]  # fmt: skip


def test_a_file_may_be_named_with_or_without_the_option() -> None:
    assert files_of(read_arguments(["--items", "a.jsonl", "--items", "b.jsonl"])) == [Path("a.jsonl"), Path("b.jsonl")]
    assert files_of(read_arguments(["a.jsonl"])) == [Path("a.jsonl")]
    assert files_of(read_arguments([])) == [CORPUS]
