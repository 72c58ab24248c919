"""Whose name came in with a text: whatever the script, the case and the tricks, a known party's is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.known_parties import KnownParties

KNOWN = KnownParties({"The Homiel Courier (its channel)": "courier", "courier": "courier", "Ранішні ліст": "list"})


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("BelTA", "belta"),
        ("belta", "belta"),
        ("БЕЛТА", "belta"),
        ("BеlTА", "belta"),  # е and А are Cyrillic
        ("ВеІТА", "belta"),  # all of it is
        ("ΒΕLΤΑ", "belta"),  # Greek, but for one
        ("ＢｅｌＴＡ", "belta"),
        ("Be\u200bl\u202eTA", "belta"),
        ("B e l T A", "belta"),
        ("Bel-TA", "belta"),
        ("be1ta", "belta"),
        ("Bęltà", "belta"),
        ("BelTA, the state news agency", "belta"),
        ("агентство БелТА", "belta"),
        ("Viasna", "viasna"),
        ("«Вясна»", "viasna"),
        ("Праваабарончы цэнтр «Вясна»", "viasna"),
        ("пресс-служба президента", "president"),
        ("Pul Pervogo", "president"),
        ("president.gov.by", "president"),
        ("Interior Ministry of Belarus", "mvd"),
        ("AP", "ap"),
        ("rights groups", "rights-groups"),
        ("the homiel courier", "courier"),
        ("Courier", "courier"),
        ("Ranišni list", "list"),
    ],
)
def test_a_known_party_is_known_however_its_name_is_written(name: str, party: str) -> None:
    assert KNOWN.whose(name) == party
    assert KNOWN.is_known(name)


@pytest.mark.parametrize(
    "name", ["A newsroom", "a partner", "Gazeta", "Belarus today", "Apple growers", "", "   ", "…", "\u200b", "12345"]
)
def test_a_name_of_ones_own_is_nobody_elses(name: str) -> None:
    assert KNOWN.whose(name) is None


@given(st.text(max_size=400))
def test_any_name_at_all_has_an_answer(name: str) -> None:
    assert KNOWN.whose(name) == KNOWN.whose(name)
