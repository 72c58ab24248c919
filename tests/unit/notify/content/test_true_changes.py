"""What is said of a change, of our own errors and of what we take back: true and in each language."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from services.contract import (
    Certainty,
    Change,
    Event,
    EventType,
    Facts,
    Kind,
    Person,
    Place,
    Precision,
    ReasonCode,
    Role,
    Value,
)
from services.names import fold
from tests.letters import LANGUAGES
from tests.told_events import RENDERER, VIASNA, alert, rows, told


def change(field: str, after: Value) -> Change:
    return Change(field=field, before=None, after=after)


@pytest.mark.parametrize(
    ("language", "count", "subject"),
    [
        ("en", 5, "Update: those pardoned have been let out"),
        ("ru", 5, "Уточнение: помилованных выпустили на свободу"),
        ("be", 5, "Удакладненне: памілаваных выпусцілі на волю"),
        ("en", 1, "Update: the person has been let out"),
        ("ru", 1, "Уточнение: человека выпустили на свободу"),
        ("be", 1, "Удакладненне: чалавека выпусцілі на волю"),
    ],
)
def test_that_they_are_out_is_the_subject_and_the_first_line(language: str, count: int, subject: str) -> None:
    told_of = alert(told(pardoned=count, left_prison=True, changes=(change("left_prison", True),)), language)
    assert told_of.subject == subject
    assert told_of.opening[0].casefold().startswith(subject.partition(": ")[2].casefold())


@pytest.mark.parametrize(
    ("language", "field", "value", "subject"),
    [
        ("en", "where_held", "SIZO-1", "Update: where they are held – SIZO-1"),
        ("ru", "where_held", "SIZO-1", "Уточнение: где содержат — СИЗО-1"),
        ("be", "where_held", "SIZO-1", "Удакладненне: дзе ўтрымліваюць — СІЗА-1"),
        ("en", "went_to", "LT", "Update: where they went – Lithuania"),
        ("ru", "went_to", "LT", "Уточнение: куда направились — Литва"),
        ("be", "went_to", "LT", "Удакладненне: куды накіраваліся — Літва"),
    ],
)
def test_a_subject_says_the_change_with_one_colon(language: str, field: str, value: str, subject: str) -> None:
    kind = Kind.ARREST if field == "where_held" else Kind.PARDON
    made = told(VIASNA, kind, changes=(change(field, value),), **{field: value})
    assert alert(made, language).subject == subject


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [2, 12])
def test_after_a_mark_a_subject_goes_on_in_small_letters(language: str, number: int) -> None:
    made = told(pardoned=number, women=1, changes=(change("women", 1),))
    mark, _, rest = alert(made, language).subject.partition(": ")
    assert mark[0].isupper()
    assert not rest[0].isupper()


@pytest.mark.parametrize(
    ("language", "one", "several"), [("ru", "остаётся", "остаются"), ("be", "застаецца", "застаюцца")]
)
def test_one_who_is_still_held_remains_and_several_remain(language: str, one: str, several: str) -> None:
    made = told(pardoned=5)
    held = [Person(name=name, key=fold(name), role=Role.STILL_HELD) for name in ("Viktar Babaryka", "Ales Bialiatski")]
    for persons, verb in ((held[:1], one), (held, several)):
        of_these = replace(made, data=replace(made.data, persons=tuple(persons)))
        (line,) = alert(of_these, language).still_held
        assert verb in line


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("act", "is_told"), [("pardoned", True), ("released", False), ("exchanged", False)])
def test_that_they_are_out_is_a_row_only_where_the_act_does_not_say_it(act: str, is_told: bool, language: str) -> None:
    label = RENDERER.words[language].phrase("facts.left_prison")
    made = told(VIASNA, pardoned=3, left_prison=True)
    made = replace(made, data=replace(made.data, headline_facts=Facts(act=act)))
    assert (label in rows(made, language)) is is_told


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Update: at least 31 people detained, earlier at least 22"), ("ru", "ранее не менее 22"), ("be", "раней")],
)
def test_a_floor_that_has_grown_was_not_wrong(language: str, said: str) -> None:
    grown = Change(field="detained", before=22, after=31, was=Precision.AT_LEAST)
    made = told(VIASNA, Kind.ARREST, changes=(grown,), detained=31)
    claims = tuple(replace(claim, precision=Precision.AT_LEAST) for claim in made.data.claims)
    subject = alert(replace(made, data=replace(made.data, claims=claims)), language).subject
    assert said in subject or "22" not in subject
    for word in (" not ", " а не ", "не не"):
        assert word not in subject


def named(of: Event, *names: str, role: Role = Role.DETAINED) -> Event:
    persons = tuple(Person(name=name, key=fold(name), role=role, said_by=VIASNA) for name in names)
    return replace(of, data=replace(of.data, persons=persons))


def retracted(of: Event) -> Event:
    data = replace(of.data, reason_code=ReasonCode.MISREAD, occurred_on="2024-12-28", revision=2)
    return replace(of, type=EventType.STORY_RETRACTED, data=data)


@pytest.mark.parametrize(
    ("language", "nobody", "not_they"),
    [
        ("en", "nobody was detained", "Maksim Znak was not detained"),
        ("ru", "никто не был задержан", "задержания не было (Максим Знак)"),
        ("be", "нікога не затрымалі", "затрымання не было (Максім Знак)"),
    ],
)
def test_that_one_was_not_detained_does_not_say_that_nobody_was(language: str, nobody: str, not_they: str) -> None:
    of_one = retracted(named(told(VIASNA, Kind.ARREST, detained=1), "Maksim Znak"))
    assert not_they in alert(of_one, language).opening[0]
    assert nobody not in alert(of_one, language).opening[0]
    assert nobody in alert(retracted(told(VIASNA, Kind.ARREST, detained=3)), language).opening[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", ["where_held", "decree_number", "women"])
def test_what_we_left_out_is_named_and_no_value_is_missing(field: str, language: str) -> None:
    value: Value = 3 if field == "women" else "5"
    left_out = Change(field=field, before=None, after=value, ours=True)
    facts: dict[str, Any] = {"pardoned": 7, field: value}
    sentence = alert(told(changes=(left_out,), **facts), language).opening[0]
    assert RENDERER.words[language].phrase(f"facts.{field}") in sentence
    assert " as ." not in sentence
    assert "— ." not in sentence


@pytest.mark.parametrize(("language", "word"), [("en", ", not 3"), ("ru", ", а не 3"), ("be", ", а не 3")])
def test_our_own_error_was_an_error_of_an_arrest_as_well(language: str, word: str) -> None:
    ours = Change(field="detained", before=3, after=1, ours=True)
    assert word in alert(told(VIASNA, Kind.ARREST, changes=(ours,), detained=1), language).subject


@pytest.mark.parametrize(("language", "old"), [("ru", "в Гомеле"), ("be", "у Гомелі")])
def test_a_place_that_we_took_back_is_written_in_the_letters_of_the_reader(language: str, old: str) -> None:
    ours = Change(field="place", before="Gomel", after="Mozyr", ours=True)
    made = told(VIASNA, Kind.ARREST, changes=(ours,), detained=2, place="Mozyr")
    made = replace(made, data=replace(made.data, place=Place(name="Mozyr", region="gomel")))
    assert old in alert(made, language).opening[0]
    assert "Gomel" not in alert(made, language).opening[0]


def of_certainty(before: str, after: Certainty) -> Event:
    """A decree's number became known as well."""
    changes = (change("decree_number", "501"), Change(field="certainty", before=before, after=after.value))
    return told(changes=changes, pardoned=17, decree_number="501")


@pytest.mark.parametrize(
    ("language", "subject", "first"),
    [
        ("en", "Now confirmed: 17 people pardoned", "Now confirmed. "),
        ("ru", "Подтверждено: 17 человек помилованы", "Теперь подтверждено. "),
        ("be", "Пацверджана: 17 чалавек памілавалі", "Цяпер пацверджана. "),
    ],
)
def test_a_confirmation_is_told_before_a_detail(language: str, subject: str, first: str) -> None:
    found = alert(of_certainty("reported", Certainty.CONFIRMED), language)
    assert found.subject.startswith(subject)
    assert found.opening[0].startswith(first)
    assert found.opening[0].count(":") <= (language == "en")


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "More names: Maksim Znak"), ("ru", "Новые имена — Максим Знак"), ("be", "Новыя імёны — Максім Знак")],
)
def test_names_that_are_added_are_the_subject(language: str, subject: str) -> None:
    more = Change(field="names", before=("Iryna Prykladnaja",), after=("Iryna Prykladnaja", "Maksim Znak"))
    made = named(told(VIASNA, Kind.ARREST, changes=(more,), detained=5), "Iryna Prykladnaja", "Maksim Znak")
    assert alert(made, language).subject == subject
