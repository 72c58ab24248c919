"""What sources are worth together: nobody confirms themselves."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contract import Certainty, Party, PartyClass, Source
from services.ingest.extraction.gazetteer import gazetteer
from services.sourcing import (
    CONFIRMING,
    ENTITLED,
    ONE_VOICE,
    UNNAMED,
    Basis,
    basis_of,
    certainty_by,
    is_own_word,
    witnesses,
)

PRESIDENT = Party(id="president", name="the president's website", party_class=PartyClass.OFFICIAL)
VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
KGB = Party(id="kgb", name="the KGB", party_class=PartyClass.OFFICIAL)
BELTA = Party(id="belta", name="BelTA", party_class=PartyClass.OFFICIAL)
UNNAMED_GROUPS = Party(id="rights-groups", name="rights groups", party_class=PartyClass.DEFENDER)


def medium(outlet: str, origin: Party | None = None, owner: str | None = None) -> Source:
    itself = Party(id=outlet, name=outlet, party_class=PartyClass.MEDIA)
    return Source(
        name=outlet, source_class=PartyClass.MEDIA, language="en", sha256=outlet, outlet=outlet, owner=owner,
        speaks_for=outlet, origin=origin or itself,
    )  # fmt: skip


def own(party: Party, origin: Party | None = None) -> Source:
    return msgspec.structs.replace(
        medium(party.id, origin or party), source_class=party.party_class, speaks_for=party.id
    )


@pytest.mark.parametrize(
    ("sources", "basis"),
    [
        ((), Basis.ALONE),
        ((medium("a"),), Basis.ALONE),
        ((medium("a"), medium("a")), Basis.ALONE),
        ((medium("a"), medium("b")), Basis.SEVERAL),
        ((medium("a", owner="o"), medium("b", owner="o")), Basis.ALONE),
        ((medium("a", owner="b"), medium("b")), Basis.ALONE),
        ((medium("a"), medium("b", medium("a").origin)), Basis.ALONE),
        ((medium("a", PRESIDENT),), Basis.QUOTED),
        ((medium("a", PRESIDENT), medium("b", PRESIDENT)), Basis.QUOTED),
        ((medium("a", PRESIDENT), medium("b", BELTA)), Basis.QUOTED),
        ((medium("a", PRESIDENT), medium("a")), Basis.QUOTED),
        ((medium("a", UNNAMED_GROUPS), medium("b")), Basis.QUOTED),
        ((medium("a", PRESIDENT), medium("b")), Basis.INDEPENDENT),
        ((medium("a", PRESIDENT), medium("b", VIASNA)), Basis.INDEPENDENT),
        ((medium("a", PRESIDENT, "o"), medium("b", VIASNA, "o")), Basis.QUOTED),
        ((own(VIASNA, PRESIDENT), medium("b", VIASNA)), Basis.QUOTED),
        ((own(VIASNA),), Basis.OWN_DEFENDER),
        ((own(VIASNA, PRESIDENT),), Basis.QUOTED),
        ((own(PRESIDENT),), Basis.OWN_OFFICIAL),
        ((own(BELTA, KGB),), Basis.OWN_OFFICIAL),
        ((own(PRESIDENT, VIASNA),), Basis.QUOTED),
        ((own(VIASNA), own(PRESIDENT)), Basis.OWN_OFFICIAL),
        ((own(VIASNA, medium("a").origin),), Basis.QUOTED),
        ((own(VIASNA, medium("a").origin), medium("a")), Basis.QUOTED),
    ],
)
def test_the_basis_is_who_says_it_in_which_source_and_who_has_nobody_in_common(
    sources: tuple[Source, ...], basis: Basis
) -> None:
    assert basis_of(sources) is basis
    assert basis_of(sources[::-1]) is basis


def test_a_source_of_no_configuration_is_nobodys_own_word() -> None:
    posing = msgspec.structs.replace(own(PRESIDENT), speaks_for=None)
    assert not is_own_word(posing)
    assert not is_own_word(msgspec.structs.replace(own(PRESIDENT), source_class=PartyClass.MEDIA))


PARTIES = (PRESIDENT, VIASNA, KGB, BELTA, UNNAMED_GROUPS)
origins = st.sampled_from([*PARTIES, *(medium(name).origin for name in "abc")])
media = st.builds(medium, st.sampled_from("abcd"), origins, st.sampled_from([None, "a", "o"]))
anybody = media | st.builds(own, st.sampled_from([PRESIDENT, VIASNA, BELTA]), origins)


@given(st.lists(st.builds(medium, st.just("evil"), origins, st.sampled_from([None, "o"])), max_size=8))
def test_one_outlet_confirms_nothing_whomever_it_quotes(sources: list[Source]) -> None:
    assert basis_of(sources) not in CONFIRMING
    assert certainty_by(sources, Certainty.CONFIRMED) is Certainty.REPORTED


@given(
    st.lists(st.builds(medium, st.sampled_from("abc"), origins, st.just("owner")), max_size=8),
)
def test_all_the_papers_of_one_owner_confirm_nothing(sources: list[Source]) -> None:
    assert basis_of(sources) not in CONFIRMING


@given(st.lists(anybody, max_size=8))
def test_whoever_sees_the_witnesses_alone_comes_to_the_same_answer(sources: list[Source]) -> None:
    confirmed = basis_of(sources) in CONFIRMING
    assert (basis_of(witnesses(sources)) in CONFIRMING) is confirmed
    assert set(witnesses(sources)) <= set(sources)


@given(st.lists(anybody, max_size=6), anybody)
def test_another_account_never_takes_a_confirmation_away(sources: list[Source], more: Source) -> None:
    if basis_of(sources) in CONFIRMING:
        assert basis_of([*sources, more]) in CONFIRMING


def test_the_parties_of_the_rules_are_parties_of_the_gazetteer() -> None:
    classes = {party.id: party.party_class for _, party in gazetteer().parties}
    assert set(classes) >= UNNAMED | set(ONE_VOICE) | set(ONE_VOICE.values())
    assert {classes[party] for party in UNNAMED} == ENTITLED
