"""What the accuracy figures count as right."""

from __future__ import annotations

from benchmarks.scoring import Tally, macro_f1, score_details, score_names, score_numbers, score_pairs


def test_a_wrong_number_is_a_false_find_and_a_miss() -> None:
    found = score_numbers({"pardoned": 20, "women": 11}, {"pardoned": 22, "women": 11, "men": 9})
    assert found["pardoned"] == Tally(0, 1, 1)
    assert found["women"] == Tally(1, 0, 0)
    assert found["men"] == Tally(0, 1, 0)


def test_a_name_counts_in_any_spelling_and_case_and_only_once() -> None:
    label = {"names": ["Алеся Бяляцкага"], "names_pardoned": []}
    assert score_names(label, {"names": ["Ales Bialiatski", "Алесь Бяляцкі"]}) == Tally(1, 1, 0)
    assert score_names(label, {}) == Tally(0, 0, 1)


def test_a_label_of_a_surname_alone_is_met_by_the_full_name() -> None:
    assert score_names({"names": ["Статкевіч"]}, {"names": ["Мікалай Статкевіч"]}) == Tally(1, 0, 0)
    assert score_names({"names": ["Статкевіч"]}, {"names": ["Мікалай Бабарыка"]}) == Tally(0, 1, 1)


def test_a_kind_that_is_never_found_costs_its_share_of_the_average() -> None:
    assert macro_f1([("pardon", "pardon"), ("other", "other")]) == 1.0
    assert macro_f1([("pardon", "other"), ("other", "other")]) == (0 + 2 / 3) / 2


def test_items_of_no_event_that_are_put_together_are_false_pairs() -> None:
    tally, mixed = score_pairs([("a", "s1"), ("a", "s1"), ("b", "s1"), (None, "s2"), (None, "s2"), ("a", None)])
    assert tally == Tally(hits=1, false_finds=3, misses=2)
    assert mixed == 1


def test_a_place_and_an_article_are_right_or_wrong_each_by_itself() -> None:
    found = score_details(
        {"place": "Gomel", "criminal_articles": ["342", "368"], "administrative": False},
        {"place": "Minsk", "criminal_articles": ["342", "24.23"], "administrative": False},
    )
    assert found["place"] == Tally(0, 1, 1)
    assert found["criminal_articles"] == Tally(1, 1, 1)
    assert found["administrative"] == Tally(1, 0, 0)
    assert found["authority"] == Tally(0, 0, 0)


def test_an_authority_is_right_where_the_label_names_it_among_others() -> None:
    label = {"authority": "riot police, internal troops"}
    assert score_details(label, {"authority": "riot police"})["authority"] == Tally(1, 0, 0)
    assert score_details(label, {"authority": "KGB"})["authority"] == Tally(0, 1, 1)
