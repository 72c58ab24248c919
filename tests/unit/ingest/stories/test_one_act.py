"""A release told beside a pardon is no dispute of the pardon's number, and does not change it."""

from __future__ import annotations

from services.contract import Claim, Party, PartyClass
from services.ingest.stories.one_act import foremost, of_one_act
from services.ingest.stories.standing import disputed_fields

SOMEBODY = Party(id="somebody", name="Somebody", party_class=PartyClass.MEDIA)


def claims(source: int, act: str, count: int) -> list[Claim]:
    act_claim = Claim(field="act", value=act, said_by=SOMEBODY, span=(0, 1), source=source)
    return [act_claim, Claim(field="pardoned", value=count, said_by=SOMEBODY, span=(2, 3), source=source)]


def counts(given: list[Claim]) -> list[object]:
    return [claim.value for claim in of_one_act(given) if claim.field == "pardoned"]


def test_a_release_of_fewer_neither_changes_nor_disputes_the_pardon() -> None:
    given = [*claims(0, "released", 14), *claims(1, "pardoned", 16)]
    assert counts(given) == [16]
    assert disputed_fields(of_one_act(given)) == ()


def test_a_release_of_fewer_tells_how_many_of_the_pardoned_are_out() -> None:
    given = [*claims(0, "released", 14), *claims(1, "pardoned", 16), *claims(2, "released", 15)]
    kept = of_one_act(given)
    assert [claim.value for claim in kept if claim.field == "released"] == [14, 15]
    assert disputed_fields(kept) == ()


def test_a_release_beside_an_exchange_is_another_act_s_number() -> None:
    given = [*claims(0, "released", 14), *claims(1, "exchanged", 16)]
    assert [(claim.field, claim.value) for claim in of_one_act(given) if claim.field != "act"] == [("pardoned", 16)]


def test_two_numbers_of_one_pardon_are_still_disputed() -> None:
    given = [*claims(0, "pardoned", 14), *claims(1, "pardoned", 16)]
    assert disputed_fields(of_one_act(given)) == ("pardoned",)


def test_a_release_that_says_the_same_supports_the_pardon() -> None:
    assert counts([*claims(0, "released", 16), *claims(1, "pardoned", 16)]) == [16, 16]


def test_a_pardon_says_more_than_where_the_freed_were_taken() -> None:
    assert foremost(["released", "taken abroad", "pardoned"]) == "pardoned"
