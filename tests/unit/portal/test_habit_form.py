"""How often and when: every way to fill the form in is one of those that there are, or a problem said at once."""

from __future__ import annotations

from itertools import product

import msgspec
import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from services.contract import Kind
from services.portal.signup.habit_form import HabitForm, habit_form_of, read_habits, shown_habits
from services.portal.signup.zones import ZONES, zones_by_city
from services.subscribers.habits import FREQUENCIES, zone_of
from services.subscribers.signups import Choices, chosen
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import Interest

ARRESTS = Interest(kinds=(Kind.ARREST,))
CHOICES = Choices("en", "plain", True, (Interest(), ARRESTS))
NOBODY = Subscriber(number=1, since="2024-12-28T09:14:03Z")


def fields(**given: str) -> dict[str, tuple[str, ...]]:
    return {name: (value,) for name, value in given.items()}


@pytest.mark.parametrize(
    ("frequency", "quiet", "zone", "urgent"),
    list(product(FREQUENCIES, [("", ""), ("22:00", "07:00")], ["Europe/Minsk", "Asia/Tbilisi"], [0, 1])),
)
def test_what_was_chosen_is_kept_for_all_that_was_asked_for_and_shown_again(
    frequency: str, quiet: tuple[str, str], zone: str, urgent: int
) -> None:
    typed = fields(frequency=frequency, quiet_from=quiet[0], quiet_until=quiet[1], zone=zone)
    read = read_habits(typed | ({"urgent": ("yes",)} if urgent else {}))
    assert not read.problems
    someone = chosen(NOBODY, read.onto(CHOICES))
    assert {one.frequency for one in someone.interests} == {frequency}
    assert someone.zone == (None if zone == "Europe/Minsk" else zone)
    assert someone.urgent is bool(urgent)
    assert habit_form_of(someone) == read.form


@pytest.mark.parametrize(
    ("start", "end"),
    [("22:00", ""), ("", "07:00"), ("22:00", "22:00"), ("24:00", "07:00"), ("10", "11"), ("aa:bb", "07:00")],
)
def test_quiet_hours_are_two_times_or_none(start: str, end: str) -> None:
    read = read_habits(fields(frequency="daily", quiet_from=start, quiet_until=end))
    assert [(one.field, one.slug) for one in read.problems] == [("quiet_from", "quiet")]


@pytest.mark.parametrize(
    "typed",
    [
        fields(frequency="hourly"),
        fields(frequency="mixed"),
        fields(frequency=""),
        {"frequency": ("daily", "weekly")},
        fields(frequency="daily", zone="Europe/Nowhere"),
        fields(frequency="daily", zone="../../etc/passwd"),
        fields(frequency="daily", zone="<b>"),
        fields(frequency="daily", urgent="no"),
        {"frequency": ("daily",), "zone": ("Europe/Minsk", "Europe/Riga")},
    ],
)
def test_what_no_form_of_ours_sends_changes_nothing(typed: dict[str, tuple[str, ...]]) -> None:
    assert [one.slug for one in read_habits(typed).problems] == ["form"]


def test_a_page_that_does_not_ask_leaves_what_there_is() -> None:
    known = HabitForm("weekly", "22:00", "07:00", "Asia/Tbilisi", urgent=True)
    read = read_habits({"zone": ("Europe/Riga",)}, known)
    assert (read.form, read.problems) == (known, ())
    assert read.onto(CHOICES).quiet == (1320, 420)


def test_who_has_several_frequencies_keeps_each_unless_one_is_chosen() -> None:
    before = (msgspec.structs.replace(ARRESTS, frequency="weekly"), Interest())
    known = habit_form_of(msgspec.structs.replace(NOBODY, interests=before))
    assert known.frequency == "mixed"
    kept = read_habits(fields(frequency="mixed"), known, before).onto(CHOICES)
    assert [one.frequency for one in kept.interests] == ["at_once", "weekly"]
    changed = read_habits(fields(frequency="daily"), known, before).onto(CHOICES)
    assert [one.frequency for one in changed.interests] == ["daily", "daily"]


def test_a_zone_that_was_set_elsewhere_is_offered_to_whoever_has_it() -> None:
    known = HabitForm(zone="Pacific/Chatham")
    assert "Pacific/Chatham" in shown_habits(Locale("en"), known)["zones"]  # type: ignore[operator]
    assert not read_habits(fields(frequency="daily", zone="Pacific/Chatham"), known).problems
    assert read_habits(fields(frequency="daily", zone="Pacific/Chatham")).problems


@pytest.mark.parametrize("language", ["en", "ru", "be"])
def test_every_zone_offered_is_one_and_has_a_name_of_its_own(language: str) -> None:
    named = zones_by_city(Locale.parse(language))
    assert list(map(zone_of, ZONES)) == list(ZONES)
    assert next(iter(named)) == "Europe/Minsk"
    assert len(set(named.values())) == len(ZONES)
    if language != "en":
        assert not [city for city in named.values() if city.isascii()]


@given(st.dictionaries(st.sampled_from(["frequency", "quiet_from", "quiet_until", "zone", "urgent"]),
                       st.lists(st.text(max_size=30), max_size=3).map(tuple)))  # fmt: skip
def test_whatever_comes_is_read_or_is_a_problem(typed: dict[str, tuple[str, ...]]) -> None:
    read = read_habits({name: values for name, values in typed.items() if values})
    if not read.problems:
        assert habit_form_of(chosen(NOBODY, read.onto(CHOICES))).frequency in FREQUENCIES
