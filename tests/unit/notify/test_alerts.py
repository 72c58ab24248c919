"""What an alert says of an event: never more than is known, and always who says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.contract import (
    Certainty,
    Change,
    Claim,
    Event,
    EventData,
    EventType,
    Facts,
    Kind,
    Party,
    PartyClass,
    Person,
    Place,
    Precision,
    Role,
    Source,
    Status,
    decode_event,
)
from services.notify.alerts import Alert, compose
from services.notify.languages import load_language
from services.notify.rendering import TEMPLATES

EVENTS = Path(__file__).parents[2] / "golden" / "events"
ENGLISH = load_language(TEMPLATES / "languages" / "en.yaml")
RUSSIAN = load_language(TEMPLATES / "languages" / "ru.yaml")

OFFICE = Party(id="president", name="the president's website", party_class=PartyClass.OFFICIAL)
VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
OFFICE_NAME = "the president’s office"
WIRE = Party(id="example-wire", name="Example Wire", party_class=PartyClass.MEDIA)


def event(name: str, **changed: Any) -> Event:
    """A golden event with some of its data replaced."""
    original = decode_event((EVENTS / f"{name}.json").read_bytes())
    return msgspec.structs.replace(original, data=msgspec.structs.replace(original.data, **changed))


def pardon(number: int | None = None, *claims: Claim, persons: tuple[Person, ...] = (), **data: Any) -> Event:
    """A pardon that says nothing but what it is given."""
    bare: dict[str, Any] = {"claims": claims, "persons": persons, "headline_facts": Facts(pardoned=number), **data}
    return event("pardon", **bare)


def claim(field: str, value: Any, said_by: Party, precision: Precision = Precision.EXACT, source: int = 0) -> Claim:
    return Claim(field=field, value=value, said_by=said_by, span=(0, 1), precision=precision, source=source)


def person(role: Role, said_by: Party | None, name: str = "Maria Kalesnikava") -> Person:
    return Person(name=name, role=role, key=name.casefold(), said_by=said_by, names={"ru": "Мария Колесникова"})


def facts(alert: Alert) -> dict[str, list[tuple[str, str]]]:
    return {row.label: [(said.value, said.by) for said in row.said] for row in (*alert.facts, *alert.wider)}


def test_the_pardon_of_december_says_all_that_the_text_says_and_who_says_it() -> None:
    alert = compose(event("pardon"), ENGLISH)
    assert alert.headline.act == "Belarus: 20 people pardoned, 28 December 2024"
    assert alert.who == ("Names were not published.",)
    assert facts(alert) == {
        "Pardoned": [("20", OFFICE_NAME)],
        "Women": [("11", OFFICE_NAME)],
        "Chronically ill": [("14", OFFICE_NAME)],
        "Convicted of what the authorities call extremist crimes": [("all 20", OFFICE_NAME)],
        "Asked for a pardon": [("yes", OFFICE_NAME)],
        "Expressed remorse": [("yes", OFFICE_NAME)],
        "Pardons in this series, with this one": [("8", "Viasna")],
        "Released in all": [("207", "Viasna")],
        "Still held": [("about 1,250", "Viasna")],
        "Died in custody": [("at least 7", "Viasna")],
    }
    assert all(said.stated == "28 December 2024" for row in alert.wider for said in row.said)


def test_a_named_prisoner_who_is_still_held_is_not_pardoned() -> None:
    alert = compose(event("pardon"), RUSSIAN)
    assert [name for group in alert.still_held for name in group.names] == [
        "Алесь Беляцкий (Ales Bialiatski)",
        "Сергей Тихановский (Siarhei Tsikhanouski)",
        "Виктор Бабарико (Viktar Babaryka)",
    ]
    assert alert.named == ()
    assert "Беляцкий" not in alert.headline.whole + alert.subject + " ".join(alert.who)


def test_somebody_who_is_merely_mentioned_appears_nowhere() -> None:
    assert any(person.role is Role.MENTIONED for person in event("pardon").data.persons)
    assert "Tsikhanouskaya" not in repr(compose(event("pardon"), ENGLISH))


def test_a_name_that_only_the_media_give_is_not_repeated() -> None:
    alert = compose(pardon(None, persons=(person(Role.PARDONED, WIRE),)), ENGLISH)
    assert "Kalesnikava" not in repr(alert)
    assert alert.who[0] == "No official source or rights group has published names."
    assert alert.who[1].startswith("A name is given by Example Wire. It is not repeated here until")
    assert alert.headline.act == "Belarus: at least 1 person pardoned, 28 December 2024"


@pytest.mark.parametrize("party", [OFFICE, VIASNA], ids=lambda party: party.id)
def test_a_name_that_an_official_source_or_a_rights_group_gives_is_told(party: Party) -> None:
    alert = compose(pardon(1, claim("pardoned", 1, party), persons=(person(Role.PARDONED, party),)), RUSSIAN)
    assert alert.headline.act == "Помилование в Беларуси: Мария Колесникова, 28 декабря 2024 года"
    assert alert.subject.startswith("Мария Колесникова")
    assert alert.named[0].names == ("Мария Колесникова (Maria Kalesnikava)",)


def test_a_rights_group_that_confirms_a_name_of_the_media_frees_it() -> None:
    confirmed = claim("names_pardoned", ("Maria Kalesnikava",), VIASNA)
    alert = compose(pardon(20, confirmed, persons=(person(Role.PARDONED, WIRE),)), ENGLISH)
    assert alert.named[0].sentence == "Named by Viasna:"
    assert alert.who == ("1 of 20 are named so far.",)


def test_a_person_of_whom_texts_say_both_is_not_named_as_pardoned() -> None:
    both = (person(Role.PARDONED, VIASNA), person(Role.STILL_HELD, WIRE))
    alert = compose(pardon(None, persons=both), ENGLISH)
    assert alert.named == ()
    assert any("contradict" in sentence for sentence in alert.who)


@pytest.mark.parametrize(
    ("disclosed", "words"),
    [
        (False, "Names were not published."),
        (None, "No names are known to us."),
        (True, "Names are said to be published"),
    ],
)
def test_the_second_line_always_says_whether_we_know_who(disclosed: bool | None, words: str) -> None:
    alert = compose(pardon(20, headline_facts=Facts(pardoned=20, names_disclosed=disclosed)), ENGLISH)
    assert alert.who[0].startswith(words)


def test_numbers_that_disagree_share_a_row_and_are_neither_merged_nor_drawn() -> None:
    said = (claim("pardoned", 20, OFFICE), claim("pardoned", 22, VIASNA), claim("women", 11, OFFICE))
    alert = compose(pardon(20, *said, certainty=Certainty.DISPUTED), ENGLISH)
    assert facts(alert)["Pardoned"] == [("20", OFFICE_NAME), ("22", "Viasna")]
    assert alert.headline.act.startswith("Belarus: 20 or 22 people pardoned")
    assert [row.bar for row in alert.facts] == [None, None]


def test_parties_that_agree_share_a_value() -> None:
    alert = compose(pardon(20, claim("pardoned", 20, VIASNA), claim("pardoned", 20, OFFICE)), ENGLISH)
    assert facts(alert)["Pardoned"] == [("20", "the president’s office and Viasna")]


@pytest.mark.parametrize(
    ("precision", "english", "russian"),
    [
        (Precision.EXACT, "Belarus: 21 people pardoned", "В Беларуси помилован 21 человек"),
        (Precision.ABOUT, "Belarus: about 21 people pardoned", "В Беларуси помиловано около 21 человека"),
        (Precision.AT_LEAST, "Belarus: at least 21 people pardoned", "В Беларуси помиловано не менее 21 человека"),
        (Precision.OVER, "Belarus: over 21 people pardoned", "В Беларуси помиловано более 21 человека"),
        (Precision.ALMOST, "Belarus: almost 21 people pardoned", "В Беларуси помиловано почти 21 человек"),
    ],
)
def test_a_hedge_of_the_text_stays(precision: Precision, english: str, russian: str) -> None:
    counted = pardon(21, claim("pardoned", 21, OFFICE, precision), occurred_on=None)
    assert compose(counted, ENGLISH).headline.act == english
    assert compose(counted, RUSSIAN).headline.act == russian


def test_a_share_is_drawn_only_of_numbers_told_together_and_without_a_hedge() -> None:
    whole = claim("pardoned", 20, OFFICE)
    together = compose(pardon(20, whole, claim("women", 11, OFFICE)), ENGLISH)
    hedged = compose(pardon(20, whole, claim("women", 11, OFFICE, Precision.ABOUT)), ENGLISH)
    elsewhere = compose(pardon(20, whole, claim("women", 11, OFFICE, source=1)), ENGLISH)
    assert [alert.facts[1].bar for alert in (together, hedged, elsewhere)] == [55, None, None]


def test_a_value_without_a_claim_is_given_to_those_the_event_is_attributed_to() -> None:
    alert = compose(pardon(20, headline_facts=Facts(pardoned=20, attribution=("viasna",))), ENGLISH)
    assert facts(alert)["Pardoned"] == [("20", "Viasna")]


def test_an_office_heard_through_an_outlet_is_said_to_be_so() -> None:
    alert = compose(event("pardon"), ENGLISH)
    assert alert.headline.said == ("Announced by the president’s office, as quoted by Example Wire; not yet confirmed")
    assert "only from Example Wire" in alert.certainty_sentence


def test_what_no_text_says_is_said_to_be_unknown() -> None:
    alert = compose(pardon(None, headline_facts=Facts(), occurred_on=None), ENGLISH)
    assert alert.headline.act == "Belarus: a pardon, number not given"
    assert "How many people were pardoned" in alert.unknown
    assert "On which day" in alert.unknown
    assert compose(event("pardon"), ENGLISH).unknown == (
        "The number of the decree",
        "Whether they have left prison: a pardon is not yet a release",
    )


def test_an_update_begins_with_the_number_that_changed() -> None:
    alert = compose(event("pardon_update"), ENGLISH)
    assert alert.opening[0] == "The number is now 22; it was 20, according to the president’s office."
    assert facts(alert)["Pardoned"] == [("22", OFFICE_NAME)]
    assert alert.subject == "Update: 22 people pardoned in Belarus, 28 December 2024"


def test_an_update_over_a_dispute_says_who_gives_which_number() -> None:
    said = (claim("pardoned", 20, OFFICE), claim("pardoned", 22, VIASNA), claim("women", 11, OFFICE))
    changes = (Change(field="certainty", before="confirmed", after="disputed"),)
    update = pardon(20, *said, changes=changes, certainty=Certainty.DISPUTED, revision=2)
    update = msgspec.structs.replace(update, type=EventType.PARDON_UPDATED)
    assert compose(update, ENGLISH).opening == (
        "Those who report it now say different things.",
        f"Pardoned: 20 ({OFFICE_NAME}); 22 (Viasna).",
    )


def test_a_value_that_another_party_still_says_is_not_taken_back() -> None:
    said = (claim("pardoned", 20, VIASNA), claim("pardoned", 20, OFFICE), claim("pardoned", 22, OFFICE))
    changes = (Change(field="pardoned", before=20, after=22, said_by=OFFICE),)
    alert = compose(pardon(22, *said, changes=changes), ENGLISH)
    assert facts(alert)["Pardoned"] == [("22", OFFICE_NAME), ("20", "Viasna")]


def test_a_change_of_names_does_not_tell_them() -> None:
    changes = (Change(field="names_pardoned", before=None, after=("Maria Kalesnikava",), said_by=WIRE),)
    alert = compose(event("pardon_update", changes=changes), ENGLISH)
    assert alert.opening == ("The names that are known have changed.",)
    assert "Kalesnikava" not in repr(alert)


def test_a_retraction_begins_with_what_was_wrong_and_why() -> None:
    alert = compose(event("retraction"), ENGLISH)
    assert alert.opening == (
        "We withdraw this message: “Belarus: 20 people pardoned, 28 December 2024”. Please do not rely on it.",
        "Why: The text described a decree of an earlier year.",
    )
    assert alert.subject.startswith("Withdrawn: ")


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
def test_an_exercise_says_so_first(status: Status) -> None:
    alert = compose(event("pardon", status=status), ENGLISH)
    assert alert.practice.endswith("Nothing of what follows has happened.")
    assert alert.subject.startswith(("Exercise: ", "Test: "))


@pytest.mark.parametrize("name", ["pardon", "pardon_update", "arrest", "retraction", "system_test"])
@pytest.mark.parametrize("language", [ENGLISH, RUSSIAN], ids=lambda language: language.code)
def test_a_subject_fits_on_a_phone(name: str, language: Any) -> None:
    assert len(compose(event(name), language).subject) < 60


def test_an_arrest_names_place_and_authority_in_the_readers_language() -> None:
    alert = compose(event("arrest"), ENGLISH)
    assert "in Grodno, 12 March 2025" in alert.headline.act
    assert facts(alert)["Authority"] == [("the KGB", "Viasna")]
    assert facts(alert)["Articles of the Criminal Code"][0][0].startswith("342 (organising")
    assert compose(event("arrest"), RUSSIAN).headline.act.endswith(": Гродно, 12 марта 2025 года")


def test_sources_stand_official_first_and_only_web_addresses_are_linked() -> None:
    urls = [
        "javascript:alert(1)",
        "https://ok.example/",
        "mailto:x@y",
        "https://user@host.example/",
        "java\nscript:x",
        "//h",
    ]
    sources = tuple(
        Source(
            name=f"s{n}",
            source_class=PartyClass.OFFICIAL if n == 5 else PartyClass.MEDIA,
            language="en",
            sha256="0",
            url=url,
        )
        for n, url in enumerate(urls)
    )
    lines = compose(event("pardon", sources=sources), ENGLISH).sources
    assert lines[0].name == "s5"
    assert [line.url for line in lines if line.url] == ["https://ok.example/"]


def test_a_foreign_name_is_stripped_of_controls_and_isolated_when_it_runs_right_to_left() -> None:
    names = ("a\x00b\u202ec\ue000", "محمد علي", "line\nbreak", "\u200b", "x\udfff")
    persons = tuple(person(Role.STILL_HELD, VIASNA, name) for name in names)
    shown = [n for group in compose(pardon(1, persons=persons), ENGLISH).still_held for n in group.names]
    assert shown == ["abc", "\u2068محمد علي\u2069", "line break", "x"]


def test_an_event_with_nothing_in_it_still_becomes_an_alert() -> None:
    data = EventData(
        story_id="s", revision=1, sequence=1, kind=Kind.ARREST, status=Status.ACTUAL, certainty=Certainty.REPORTED,
        headline_facts=Facts(), place=Place(name=""),
    )  # fmt: skip
    bare = Event(
        id="s-r1", source="/", type=EventType.ARREST_REPORTED, subject="s", time="2025-01-01T00:00:00Z", data=data
    )
    alert = compose(bare, ENGLISH)
    assert alert.headline.whole == "Belarus: detentions, number not given (not yet confirmed)"
    assert alert.who == ("No names are known to us.",)
