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
from services.notify.content.alerts import Alert, compose
from services.notify.content.languages import load_language
from services.notify.content.rendering import TEMPLATES
from tests.letters import LANGUAGES

EVENTS = Path(__file__).parents[3] / "golden" / "events"
ENGLISH = load_language(TEMPLATES / "languages" / "en.yaml")
RUSSIAN = load_language(TEMPLATES / "languages" / "ru.yaml")
EVERY = [load_language(TEMPLATES / "languages" / f"{code}.yaml") for code in LANGUAGES]

OFFICE = Party(id="president", name="the president's website", party_class=PartyClass.OFFICIAL)
VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
OFFICE_NAME = "the president’s office"
WIRE = Party(id="example-wire", name="Example Wire", party_class=PartyClass.MEDIA)


def own(party: Party) -> Source:
    """A source of the party's own."""
    return Source(
        name=party.name, source_class=party.party_class, language="en", sha256=party.id, outlet=party.id,
        speaks_for=party.id, origin=party, published="2024-12-28T15:00:00Z",
    )  # fmt: skip


HEARD = (own(OFFICE), own(VIASNA), own(WIRE))
_INDEX = {source.outlet: index for index, source in enumerate(HEARD)}


def event(name: str, **changed: Any) -> Event:
    """A golden event with some of its data replaced."""
    original = decode_event((EVENTS / f"{name}.json").read_bytes())
    return msgspec.structs.replace(original, data=msgspec.structs.replace(original.data, **changed))


def pardon(number: int | None = None, *claims: Claim, persons: tuple[Person, ...] = (), **data: Any) -> Event:
    """A pardon that says nothing but what it is given, everybody in a source of their own."""
    said = {"claims": claims, "persons": persons, "sources": HEARD}
    bare: dict[str, Any] = {**said, "headline_facts": Facts(pardoned=number), **data}
    return event("pardon", **bare)


def claim(
    field: str, value: Any, said_by: Party, precision: Precision = Precision.EXACT, source: int | None = None
) -> Claim:
    at = _INDEX[said_by.id] if source is None else source
    return Claim(field=field, value=value, said_by=said_by, span=(0, 1), precision=precision, source=at)


def person(role: Role, said_by: Party | None, name: str = "Maria Kalesnikava") -> Person:
    return Person(name=name, role=role, key=name.casefold(), said_by=said_by, names={"ru": "Мария Колесникова"})


def facts(alert: Alert) -> dict[str, list[tuple[str, str]]]:
    return {row.label: [(said.value, said.by) for said in row.said] for row in (*alert.facts, *alert.wider)}


def test_the_pardon_of_december_says_all_that_the_text_says_and_who_says_it() -> None:
    alert = compose(event("pardon"), ENGLISH)
    assert alert.headline.act == "Belarus: 20 people pardoned, 28 December 2024"
    assert alert.who == ("Names were not published.",)
    quoted, keeper = f"{OFFICE_NAME}, according to Example Wire", "Viasna, according to Example Wire"
    assert facts(alert) == {
        "Pardoned": [("20", quoted)],
        "Women": [("11 of 20", quoted)],
        "Chronically ill": [("14 of 20", quoted)],
        "Convicted of what the authorities call extremist crimes": [("all 20", quoted)],
        "This pardon": [("the 8th in its series; 207 people released in them", keeper)],
        "Still held": [("about 1,250", keeper)],
        "Died in custody": [("at least 7", keeper)],
    }
    assert alert.pleas == (
        "The president’s office says they asked for a pardon and expressed remorse, according to Example Wire.",
    )
    assert all(said.stated == "28 December 2024" for row in alert.wider for said in row.said)


def test_a_named_prisoner_who_is_still_held_is_not_pardoned() -> None:
    alert = compose(event("pardon"), RUSSIAN)
    assert alert.still_held == (
        "Не среди этих 20, остаются в заключении (агентство «Пример»): Алесь Беляцкий (Ales Bialiatski), Сергей "
        "Тихановский (Siarhei Tsikhanouski), Виктор Бабарико (Viktar Babaryka).",
    )
    assert alert.named == ()
    assert "Беляцкий" not in alert.headline.whole + alert.subject + " ".join(alert.who)


def test_somebody_who_is_merely_mentioned_appears_nowhere() -> None:
    mentioned = person(Role.MENTIONED, None, "Sviatlana Tsikhanouskaya")
    assert "Tsikhanouskaya" not in repr(compose(pardon(20, persons=(mentioned,)), ENGLISH))


def test_a_name_that_an_operator_released_is_told_with_who_gave_it_and_through_whom() -> None:
    by_wire = msgspec.structs.replace(person(Role.PARDONED, WIRE), source=2)
    assert compose(pardon(20, persons=(by_wire,)), ENGLISH).named[0].sentence == "Named by Example Wire:"
    quoted = msgspec.structs.replace(person(Role.PARDONED, VIASNA), source=2)
    sentence = compose(pardon(20, persons=(quoted,)), ENGLISH).named[0].sentence
    assert sentence == "Named by Viasna, according to Example Wire:"


@pytest.mark.parametrize("party", [OFFICE, VIASNA], ids=lambda party: party.id)
def test_a_name_that_an_official_source_or_a_rights_group_gives_is_told(party: Party) -> None:
    alert = compose(pardon(1, claim("pardoned", 1, party), persons=(person(Role.PARDONED, party),)), RUSSIAN)
    assert alert.headline.act == "Помилование в Беларуси: Мария Колесникова, 28 декабря 2024 года"
    assert alert.subject.startswith("Мария Колесникова")
    assert alert.named[0].names == ("Мария Колесникова (Maria Kalesnikava)",)


def test_a_person_of_whom_texts_say_both_is_not_named_as_pardoned() -> None:
    both = (person(Role.PARDONED, VIASNA), person(Role.STILL_HELD, WIRE))
    alert = compose(pardon(None, persons=both), ENGLISH)
    assert alert.named == ()
    assert any("contradict" in sentence for sentence in alert.who)


@pytest.mark.parametrize(
    ("disclosed", "words"),
    [
        (False, "Names were not published."),
        (None, "No official source or rights group names them in the texts we read."),
        (True, "Names are said to be published"),
    ],
)
def test_the_second_line_always_says_whether_we_know_who(disclosed: bool | None, words: str) -> None:
    alert = compose(pardon(20, headline_facts=Facts(pardoned=20, names_disclosed=disclosed)), ENGLISH)
    assert alert.who[0].startswith(words)


def test_numbers_that_disagree_share_a_row_and_are_not_merged() -> None:
    said = (claim("pardoned", 20, OFFICE), claim("pardoned", 22, VIASNA), claim("women", 11, OFFICE))
    alert = compose(pardon(20, *said, certainty=Certainty.DISPUTED), ENGLISH)
    assert facts(alert)["Pardoned"] == [("20", OFFICE_NAME), ("22", "Viasna")]
    assert alert.headline.act.endswith(f"20 or 22 people pardoned, 28 December 2024: {OFFICE_NAME} says 20, Viasna 22")
    assert "20 или 22 человека" in compose(pardon(20, *said), RUSSIAN).headline.act


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
        (Precision.ALMOST, "Belarus: almost 21 people pardoned", "В Беларуси помилован почти 21 человек"),
    ],
)
def test_a_hedge_of_the_text_stays(precision: Precision, english: str, russian: str) -> None:
    counted = pardon(21, claim("pardoned", 21, OFFICE, precision), occurred_on=None)
    assert compose(counted, ENGLISH).headline.act == english
    assert compose(counted, RUSSIAN).headline.act == russian


def test_a_value_without_a_claim_is_given_to_those_behind_the_texts() -> None:
    alert = compose(pardon(20, sources=(own(VIASNA),)), ENGLISH)
    assert facts(alert)["Pardoned"] == [("20", "Viasna")]


def test_an_office_heard_through_an_outlet_is_said_to_be_so() -> None:
    alert = compose(event("pardon"), ENGLISH)
    assert (alert.headline.tag, alert.headline.said) == (
        "Unconfirmed",
        "The president’s office announced it, according to Example Wire.",
    )
    assert alert.certainty_sentence == "", "who says so tells it"


QUOTING = msgspec.structs.replace(own(WIRE), origin=OFFICE)
OTHER = msgspec.structs.replace(own(WIRE), name="Other", outlet="other", speaks_for="other", origin=VIASNA, sha256="o")


@pytest.mark.parametrize(
    ("sources", "says"),
    [
        ((own(OFFICE), QUOTING), "Confirmed"),
        ((own(VIASNA), QUOTING), "Confirmed"),
        ((QUOTING, OTHER), "Confirmed: Example Wire and Other say so, and neither rests on the other."),
        ((QUOTING,), "Unconfirmed"),
        ((own(WIRE), own(WIRE)), "Unconfirmed: So far there is one account."),
        ((QUOTING, own(WIRE)), "Unconfirmed"),
    ],
)
def test_what_a_letter_says_of_its_sources_is_computed_from_its_list_of_sources(
    sources: tuple[Source, ...], says: str
) -> None:
    alert = compose(pardon(20, sources=sources, certainty=Certainty.CONFIRMED), ENGLISH)
    assert ": ".join(filter(None, (alert.headline.tag, alert.certainty_sentence))) == says
    assert alert.certainty is (Certainty.CONFIRMED if says.startswith("Confirmed") else Certainty.REPORTED)
    assert alert.headline.whole.endswith(f". {alert.headline.tag}.")


def test_a_name_that_came_in_with_a_text_is_shown_as_claimed() -> None:
    partner = Source(
        name="paper", source_class=PartyClass.MEDIA, language="en", sha256="0", outlet="partner:paper", origin=OFFICE,
        claims_to_be="a text of BelTA’s", claimed_party="belta",
    )  # fmt: skip
    alert = compose(pardon(20, sources=(partner,)), ENGLISH)
    assert (alert.sources[0].name, alert.sources[0].about) == ("paper", "handed in under the name of BelTA, English")


def test_what_no_text_says_is_said_to_be_unknown() -> None:
    alert = compose(pardon(None, headline_facts=Facts(), occurred_on=None), ENGLISH)
    assert alert.headline.act == "Belarus: a pardon, number not given"
    assert "How many people were pardoned" in alert.unknown
    assert "On which day" in alert.unknown
    assert compose(event("pardon"), ENGLISH).unknown == (
        "The number of the decree",
        "Whether they have left prison",
    )
    assert compose(event("pardon"), ENGLISH).caution == "A pardon is not yet a release."


def test_an_update_begins_with_the_number_that_changed() -> None:
    alert = compose(event("pardon_update"), ENGLISH)
    assert alert.opening[0] == (
        "22 people were pardoned on 28 December 2024, not 20 as we wrote that day: the president’s office says so."
    )
    assert facts(alert)["Pardoned"] == [("22", OFFICE_NAME)]
    assert alert.subject == "Update: 22 people pardoned, not 20, 28 December 2024"


def test_an_update_over_a_dispute_says_who_gives_which_number() -> None:
    said = (claim("pardoned", 20, OFFICE), claim("pardoned", 22, VIASNA), claim("women", 11, OFFICE))
    changes = (Change(field="certainty", before="confirmed", after="disputed"),)
    update = pardon(20, *said, changes=changes, certainty=Certainty.DISPUTED, revision=2)
    update = msgspec.structs.replace(update, type=EventType.PARDON_UPDATED)
    assert compose(update, ENGLISH).opening == (
        f"20 or 22 people pardoned, 28 December 2024: {OFFICE_NAME} says 20, Viasna 22.",
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
        "Not true as far as we know: nobody was pardoned on 28 December 2024.",
        "We told you on 28 December 2024 that 20 people were.",
        "The text was about an earlier event.",
    )
    assert alert.subject.startswith("Withdrawn: ")


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
def test_an_exercise_says_so_first(status: Status) -> None:
    alert = compose(event("pardon", status=status), ENGLISH)
    assert alert.practice.endswith("Nothing of what follows has happened.")
    assert alert.subject.startswith(("Exercise: ", "Test: "))


@pytest.mark.parametrize("name", ["pardon", "pardon_update", "arrest", "retraction", "system_test"])
@pytest.mark.parametrize("language", EVERY, ids=lambda language: language.code)
def test_a_subject_fits_on_a_phone(name: str, language: Any) -> None:
    assert len(compose(event(name), language).subject) < 60


def test_an_arrest_names_place_and_authority_in_the_readers_language() -> None:
    alert = compose(event("arrest"), ENGLISH)
    assert "in Grodno, 28 December 2024" in alert.headline.act
    assert facts(alert)["Authority"] == [("the KGB", "")], "nobody speaks of itself"
    assert facts(alert)["Place"] == [("Grodno, Grodno Region", "the KGB and Viasna")]
    assert facts(alert)["Articles of the Criminal Code"][0][0].startswith("342 (organising")
    assert compose(event("arrest"), RUSSIAN).headline.act.endswith(" 12 или 14 человек в Гродно, 28 декабря 2024 года")


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
    (line,) = compose(pardon(1, persons=persons), ENGLISH).still_held
    assert line.endswith(": abc, \u2068محمد علي\u2069, line break, x.")


def test_an_event_with_nothing_in_it_still_becomes_an_alert() -> None:
    data = EventData(
        story_id="s", revision=1, sequence=1, kind=Kind.ARREST, status=Status.ACTUAL, certainty=Certainty.REPORTED,
        headline_facts=Facts(), place=Place(name=""),
    )  # fmt: skip
    bare = Event(
        id="s-r1", source="/", type=EventType.ARREST_REPORTED, subject="s", time="2025-01-01T00:00:00Z", data=data
    )
    alert = compose(bare, ENGLISH)
    assert alert.headline.whole == "Belarus: detentions, number not given. Unconfirmed."
    assert alert.who == ("No official source or rights group names them in the texts we read.",)
