"""Which values cannot both be true, by how each is hedged."""

from __future__ import annotations

from itertools import permutations

import pytest

from services.contract import Precision, Value
from services.notify.channels.stated import ClaimScope, ValueSaid, disputed_fields_of

EXACT, ABOUT, AT_LEAST, OVER, ALMOST = Precision


def said(value: Value, precision: Precision = EXACT, by: str = "president", scope: ClaimScope = "act") -> ValueSaid:
    return ValueSaid(field="pardoned", value=value, precision=precision, said_by=(by,), scope=scope)


TOGETHER = [
    (said(20), said(20, by="viasna")), (said(20), said(10, AT_LEAST, "viasna")), (said(20), said(19, OVER, "viasna")),
    (said(100), said(95, ABOUT, "viasna")), (said(95), said(100, ALMOST, "viasna")),
    (said(9, OVER), said(12, OVER, "viasna")),
    (said(("a",)), said(("a", "b"), by="viasna")), (said(207, scope="total"), said(250, by="viasna", scope="total")),
]  # fmt: skip
APART = [
    (said(20), said(22, by="viasna")), (said(20), said(21, AT_LEAST, "viasna")), (said(20), said(20, OVER, "viasna")),
    (said(100), said(50, ABOUT, "viasna")), (said(101), said(100, ALMOST, "viasna")),
    (said(True), said(False, by="viasna")),
    (said("501"), said("502", by="viasna")),
]  # fmt: skip


@pytest.mark.parametrize("pair", TOGETHER)
def test_values_that_can_both_be_true_are_no_dispute(pair: tuple[ValueSaid, ValueSaid]) -> None:
    for values in permutations(pair):
        assert disputed_fields_of(values) == ()


@pytest.mark.parametrize("pair", APART)
def test_values_that_cannot_both_be_true_are_one(pair: tuple[ValueSaid, ValueSaid]) -> None:
    for values in permutations(pair):
        assert disputed_fields_of(values) == ("pardoned",)
