"""A ledger record is read as it was written, those of before there were holders as well."""

from __future__ import annotations

import pytest

from services.notify.delivery.record import DeliveryState, Record, decode_record


@pytest.mark.parametrize(
    ("raw", "record"),
    [
        ("sending|2|1735398000000|k3x.0~", Record(DeliveryState.SENDING, 2, 1_735_398_000.0, "")),
        ("waiting|2|1735398300000|.1~1/2:5", Record(DeliveryState.WAITING, 2, 1_735_398_300.0, "1/2:5", copies=1)),
        ("waiting|1|1735398300000|.0~a|b~c\nd", Record(DeliveryState.WAITING, 1, 1_735_398_300.0, "a|b~c\nd")),
        ("sending|2|1735398000000|1/2:5", Record(DeliveryState.SENDING, 2, 1_735_398_000.0, "1/2:5")),
        ("sent|1|0|k3x.1~42", Record(DeliveryState.SENT, 1, 0.0, "k3x.1~42")),
        ("refused|10|0|exhausted", Record(DeliveryState.REFUSED, 10, 0.0, "exhausted")),
    ],
)
def test_a_record_says_what_became_of_a_delivery(raw: str, record: Record) -> None:
    assert decode_record(raw) == record


@pytest.mark.parametrize(
    ("record", "may_have"),
    [
        (Record(DeliveryState.SENT, 1, 0.0, ""), True),
        (Record(DeliveryState.UNSURE, 2, 0.0, "timeout"), True),
        (Record(DeliveryState.WAITING, 0, 1.0, ""), False),
        (Record(DeliveryState.WAITING, 0, 1.0, "", copies=1), True),
        (Record(DeliveryState.WAITING, 0, 1.0, "1/2:5"), True),
        (Record(DeliveryState.WAITING, 1, 1.0, ""), True),
        (Record(DeliveryState.REFUSED, 10, 0.0, "exhausted"), True),
        (Record(DeliveryState.REFUSED, 1, 0.0, "gone"), False),
    ],
)
def test_whoever_may_have_a_message_must_hear_that_it_was_wrong(record: Record, may_have: bool) -> None:
    assert record.may_have_arrived is may_have
