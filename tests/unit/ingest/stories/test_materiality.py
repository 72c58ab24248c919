"""What is worth a revision, what a revision says, and how sure a story is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.contract import Certainty, Change, Facts, Kind, Party, PartyClass, Precision
from services.ingest.reports import Report
from services.ingest.stories import Placement, place, published, waiting_accounts
from services.ingest.stories.fields import POLICIES
from services.ingest.stories.standing import standing_claims

VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
BAJ = Party(id="baj", name="BAJ", party_class=PartyClass.DEFENDER)
WIRE = Party(id="other-wire", name="Other Wire", party_class=PartyClass.MEDIA)
THIRD = Party(id="third-wire", name="Third Wire", party_class=PartyClass.MEDIA)
NOW = datetime(2024, 12, 28, 13, tzinfo=UTC)

MakeReport = Callable[..., Report]
Tell = Callable[..., Placement]


def test_every_fact_has_a_policy() -> None:
    assert set(POLICIES) == set(Facts.__struct_fields__)


@pytest.mark.parametrize("more", [{}, {"still_held": 1250}, {"released_total": 207}, {"names_disclosed": False}])
def test_tallies_and_repetition_are_no_news(make_report: MakeReport, tell: Tell, more: dict[str, int]) -> None:
    placement = tell(
        make_report(pardoned=20, women=11), make_report("b", outlet="Other Wire", pardoned=20, women=11, **more)
    )
    assert (placement.outcome, placement.changes, placement.story.revision) == ("joined", (), 1)


def test_what_came_silently_is_told_with_the_next_revision(make_report: MakeReport, tell: Tell) -> None:
    placement = tell(
        make_report(pardoned=20),
        make_report("b", outlet="Other Wire", pardoned=20, still_held=1250),
        make_report("c", outlet="Third Wire", pardoned=20, women=11),
    )
    assert placement.outcome == "revised"
    assert [(change.field, change.before, change.after) for change in placement.changes] == [
        ("women", None, 11),
        ("still_held", None, 1250),
    ]


def test_a_sharper_word_for_the_same_number_is_no_news(make_report: MakeReport, tell: Tell) -> None:
    vague = make_report(pardoned=110, hedged={"pardoned": Precision.OVER})
    exact = make_report("b", outlet="Other Wire", pardoned=114)
    placement = tell(vague, exact)
    assert placement.outcome == "joined"
    assert placement.story.facts.pardoned == 114


def test_a_vaguer_word_does_not_replace_a_number(make_report: MakeReport, tell: Tell) -> None:
    exact = make_report(pardoned=114)
    vague = make_report("b", outlet="Other Wire", pardoned=110, hedged={"pardoned": Precision.OVER})
    placement = tell(exact, vague)
    assert (placement.outcome, placement.story.facts.pardoned) == ("joined", 114)


def test_an_outlet_corrects_its_own_number(make_report: MakeReport, tell: Tell) -> None:
    placement = tell(
        make_report(pardoned=20, women=11),
        make_report("b", published="2024-12-28T18:00", pardoned=22, women=11),
    )
    assert placement.outcome == "revised"
    assert [(change.field, change.before, change.after) for change in placement.changes] == [("pardoned", 20, 22)]
    said_by = placement.changes[0].said_by
    assert said_by is not None
    assert said_by.id == "president"
    assert [claim.value for claim in placement.story.claims if claim.field == "pardoned"] == [22]
    assert placement.story.certainty is not Certainty.DISPUTED


def test_the_party_itself_corrects_what_others_quote_it_with_whatever_their_date(
    make_report: MakeReport, tell: Tell
) -> None:
    quoted = make_report(published="2024-12-28T18:00", pardoned=20, women=11)
    page = make_report("page", own=True, published="2024-12-28T12:00", pardoned=22, women=11)
    placement = tell(quoted, page)
    assert [(change.field, change.after) for change in placement.changes] == [
        ("certainty", "confirmed"),
        ("pardoned", 22),
    ]
    assert [claim.value for claim in placement.story.claims if claim.field == "pardoned"] == [22]


def test_another_outlets_later_quote_corrects_nothing_and_waits(make_report: MakeReport, tell: Tell) -> None:
    placement = tell(
        make_report(pardoned=52, women=11),
        make_report("b", outlet="Other Wire", published="2024-12-28T18:00", pardoned=22, women=11),
    )
    assert (placement.outcome, placement.story.facts.pardoned) == ("joined", 52)
    assert len(waiting_accounts(placement.story)) == 1


def test_an_older_text_read_late_corrects_nothing(make_report: MakeReport, tell: Tell) -> None:
    placement = tell(
        make_report(published="2024-12-28T18:00", pardoned=22, women=11),
        make_report("b", outlet="Other Wire", published="2024-12-28T12:00", pardoned=20, women=11),
    )
    assert (placement.outcome, placement.story.facts.pardoned) == ("joined", 22)


def test_two_origins_that_disagree_are_shown_side_by_side_and_told_once(make_report: MakeReport, tell: Tell) -> None:
    official = make_report(pardoned=20, women=11)
    other = make_report("b", said_by=VIASNA, outlet="Other Wire", pardoned=18, women=11)
    again = make_report("c", said_by=VIASNA, outlet="Third Wire", pardoned=18, women=11)
    fourth = make_report("d", said_by=VIASNA, outlet="Fourth Wire", pardoned=18, women=11)
    lone = tell(official, other)
    assert (lone.outcome, lone.story.certainty, len(waiting_accounts(lone.story))) == ("joined", "reported", 1)
    disputed = tell(official, other, again)
    assert disputed.outcome == "revised"
    assert disputed.changes == (Change(field="certainty", before="reported", after="disputed"),)
    assert disputed.story.facts.pardoned == 20
    assert {claim.value for claim in standing_claims(disputed.story) if claim.field == "pardoned"} == {20, 18}
    assert not waiting_accounts(disputed.story)
    assert tell(official, other, again, fourth).outcome == "joined"


def test_the_official_number_stands_even_when_it_comes_second(make_report: MakeReport, tell: Tell) -> None:
    other = make_report(said_by=VIASNA, own=True, pardoned=18, women=11)
    official = make_report("b", own=True, pardoned=20, women=11)
    placement = tell(other, official)
    assert placement.story.facts.pardoned == 20
    assert placement.story.certainty is Certainty.DISPUTED


def test_what_one_outlet_said_otherwise_before_disputes_no_authoritys_own_number(
    make_report: MakeReport, tell: Tell
) -> None:
    placement = tell(
        make_report(said_by=WIRE, outlet="Other Wire", pardoned=18, women=11),
        make_report("b", own=True, pardoned=20, women=11),
    )
    assert (placement.story.facts.pardoned, placement.story.certainty) == (20, Certainty.CONFIRMED)


def test_an_outlet_that_quotes_otherwise_than_the_official_page_corrects_nothing(
    make_report: MakeReport, tell: Tell
) -> None:
    page = make_report(outlet="President", own=True, pardoned=20, women=11)
    misquoted = make_report("b", published="2024-12-28T20:00", pardoned=22, women=11)
    placement = tell(page, misquoted)
    assert (placement.story.facts.pardoned, placement.story.certainty) == (20, Certainty.CONFIRMED)
    assert len(waiting_accounts(placement.story)) == 1


def test_one_origin_through_ten_outlets_stays_reported(make_report: MakeReport, tell: Tell) -> None:
    reports = [make_report(f"text {n}", outlet=f"Wire {n}", pardoned=20, women=11) for n in range(10)]
    story = tell(*reports).story
    assert (story.certainty, len(story.accounts), len(story.sources)) == (Certainty.REPORTED, 10, 10)


def test_the_authority_itself_confirms(make_report: MakeReport, tell: Tell) -> None:
    page = make_report(outlet="President", own=True, pardoned=20)
    assert tell(page).story.certainty is Certainty.CONFIRMED


def test_two_independent_origins_confirm(make_report: MakeReport, tell: Tell) -> None:
    placement = tell(
        make_report(pardoned=20, women=11), make_report("b", said_by=VIASNA, outlet="Viasna", pardoned=20, women=11)
    )
    assert placement.story.certainty is Certainty.CONFIRMED
    assert placement.outcome == "revised"
    assert [(change.field, change.after) for change in placement.changes] == [("certainty", "confirmed")]


def test_two_media_that_name_nobody_confirm_nothing(make_report: MakeReport, tell: Tell) -> None:
    placement = tell(
        make_report(said_by=WIRE, outlet="Other Wire", pardoned=20, women=11),
        make_report("b", said_by=THIRD, outlet="Third Wire", pardoned=20, women=11),
    )
    assert placement.story.certainty is Certainty.REPORTED


def test_those_who_had_it_from_media_alone_hear_that_it_is_confirmed(make_report: MakeReport, tell: Tell) -> None:
    placement = tell(
        make_report(said_by=WIRE, outlet="Other Wire", pardoned=20, women=11),
        make_report("b", pardoned=20, women=11),
    )
    assert placement.outcome == "revised"
    assert [change.field for change in placement.changes] == ["certainty"]


def test_those_who_had_it_from_a_rights_group_hear_that_the_authority_confirms_it(
    make_report: MakeReport, tell: Tell
) -> None:
    placement = tell(
        make_report(said_by=VIASNA, outlet="Viasna", pardoned=20, women=11), make_report("b", pardoned=20, women=11)
    )
    assert placement.outcome == "revised"
    assert [(change.before, change.after) for change in placement.changes] == [("reported", "confirmed")]


def test_the_number_of_the_decree_and_who_repented_are_told_along(make_report: MakeReport, tell: Tell) -> None:
    first = make_report(pardoned=20, women=11)
    assert tell(first, make_report("b", pardoned=20, decree_number="343", repented=True)).outcome == "joined"
    more = tell(first, make_report("b", pardoned=20, repented=True), make_report("c", pardoned=20, pensioners=3))
    assert {change.field for change in more.changes} == {"repented", "pensioners"}


def test_names_that_come_later_are_a_revision(make_report: MakeReport, tell: Tell) -> None:
    placement = tell(
        make_report(pardoned=20, women=11),
        make_report(
            "b",
            said_by=VIASNA,
            own=True,
            pardoned=20,
            names=("Ryhor Kastusiou",),
            names_pardoned=("Ryhor Kastusiou",),
        ),
    )
    assert placement.outcome == "revised"
    assert [change.field for change in placement.changes] == ["certainty", "names_pardoned"]


def test_one_name_in_two_spellings_is_one_person(make_report: MakeReport, tell: Tell) -> None:
    placement = tell(
        make_report(pardoned=20, names=("Ryhor Kastusiou",), names_pardoned=("Ryhor Kastusiou",)),
        make_report(
            "b", outlet="Other Wire", pardoned=20, names=("Рыгор Кастусёў",), names_pardoned=("Рыгор Кастусёў",)
        ),
    )
    assert placement.outcome == "joined"
    assert [person.name for person in placement.story.persons] == ["Ryhor Kastusiou"]
    assert placement.story.facts.names_pardoned == ("Ryhor Kastusiou",)


def test_a_named_prisoner_who_is_still_held_is_not_pardoned(make_report: MakeReport, tell: Tell) -> None:
    placement = tell(
        make_report(said_by=VIASNA, pardoned=20, women=11, held=("Ales Bialiatski",)),
        make_report(
            "b",
            said_by=WIRE,
            outlet="Other Wire",
            pardoned=20,
            women=11,
            names=("Ales Bialiatski",),
            names_pardoned=("Ales Bialiatski",),
        ),
    )
    assert [person.role.value for person in placement.story.persons] == ["still_held"]
    assert placement.story.facts.names_pardoned is None


def test_an_arrest_gains_its_charge_and_articles(make_report: MakeReport, tell: Tell) -> None:
    known = {"kind": Kind.ARREST, "said_by": VIASNA, "names": ("Ales Bialiatski",), "detained": 1, "place": "Minsk"}
    placement = tell(
        make_report("a", **known),
        make_report("b", outlet="Other Wire", criminal_articles=("342",), administrative=False, **known),
        make_report("c", outlet="Third Wire", criminal_articles=("342",), **known),
    )
    assert placement.outcome == "joined"
    assert placement.story.revision == 2
    assert placement.story.facts.criminal_articles == ("342",)


@pytest.mark.parametrize(("who_frees", "role"), [(WIRE, "still_held"), (VIASNA, "pardoned")])
def test_only_who_may_name_people_frees_one_said_to_be_held(
    make_report: MakeReport, tell: Tell, who_frees: Party, role: str
) -> None:
    placement = tell(
        make_report(said_by=THIRD, outlet="Third Wire", pardoned=20, women=11, held=("Ales Bialiatski",)),
        make_report("b", said_by=who_frees, own=True, pardoned=20, women=11, names=("Ales Bialiatski",)),
    )
    assert [person.role.value for person in placement.story.persons] == [role]


def test_another_number_in_a_dispute_that_was_told_is_told_too(make_report: MakeReport, tell: Tell) -> None:
    disputed = tell(
        make_report(own=True, pardoned=20, women=11), make_report("b", said_by=VIASNA, own=True, pardoned=22, women=11)
    )
    assert [change.after for change in disputed.changes] == ["disputed"]
    story = published(disputed.story)
    again = place(make_report("c", said_by=VIASNA, outlet="Other Wire", pardoned=22, women=11), [story], NOW)
    assert again.outcome == "joined", "the same two numbers"
    third = place(make_report("d", said_by=BAJ, own=True, pardoned=24, women=11), [story], NOW)
    assert (third.outcome, [change.after for change in third.changes]) == ("revised", ["disputed"])


def test_what_was_doubtfully_read_changes_no_told_story_and_waits_beside_it(
    make_report: MakeReport, tell: Tell
) -> None:
    story = published(tell(make_report(pardoned=20, women=11)).story)
    skimmed = replace(make_report("b", said_by=WIRE, outlet="Other Wire", pardoned=25), doubts=("skimmed",))
    placement = place(skimmed, [story], NOW)
    assert (placement.outcome, placement.candidates) == ("doubtful", (story.id,))
    assert placement.story.id != story.id
    agreeing = replace(make_report("c", outlet="Other Wire", pardoned=20), doubts=("skimmed",))
    assert place(agreeing, [story], NOW).outcome == "joined"
