"""What comes back, read and judged: by every kind of code, and by every way that servers have of writing it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.bounces.bounce_verdicts import BounceVerdict, verdict_on
from services.notify.bounces.returned_mail import read_returned
from tests.returned import complaint, not_delivered

TO, ID = "mother@mail.example.org", "k7q2mxab4wz"


def verdict(raw: bytes) -> BounceVerdict | None:
    mail = read_returned(raw)
    return None if mail is None else verdict_on(mail)


CODES = [
    ("5.1.1", BounceVerdict.ENDS),
    ("5.1.2", BounceVerdict.ENDS),
    ("5.1.10", BounceVerdict.ENDS),
    ("5.1.0", BounceVerdict.PASSING),
    ("5.1.7", BounceVerdict.OURS),
    ("5.1.8", BounceVerdict.OURS),
    ("5.2.1", BounceVerdict.PASSING),
    ("5.2.2", BounceVerdict.PASSING),
    ("5.4.4", BounceVerdict.PASSING),
    ("5.5.2", BounceVerdict.OURS),
    ("5.6.1", BounceVerdict.OURS),
    ("5.7.1", BounceVerdict.OURS),
    ("5.7.26", BounceVerdict.OURS),
    ("5.0.0", BounceVerdict.PASSING),
    ("4.1.1", BounceVerdict.PASSING),
    ("4.2.2", BounceVerdict.PASSING),
    ("4.4.7", BounceVerdict.PASSING),
    ("4.7.0", BounceVerdict.OURS),
]


@pytest.mark.parametrize("headers_only", [True, False])
@pytest.mark.parametrize(("code", "expected"), CODES)
def test_each_code_means_one_thing(code: str, expected: BounceVerdict, headers_only: bool) -> None:
    assert verdict(not_delivered(TO, ID, code, headers_only=headers_only)) is expected


def test_what_is_only_delayed_ends_no_address_whatever_code_it_has() -> None:
    assert verdict(not_delivered(TO, ID, "5.1.1", action="delayed")) is BounceVerdict.PASSING


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "", "nonsense"])
def test_what_was_delivered_is_no_trouble(action: str) -> None:
    assert verdict(not_delivered(TO, ID, "2.0.0", action=action)) is BounceVerdict.NOTHING


@pytest.mark.parametrize(
    ("status", "diagnostic", "expected"),
    [
        ("5.0.0", "550 5.1.1 <mother@mail.example.org>: User unknown in relay recipient table", BounceVerdict.ENDS),
        ("5.0.0", "550 5.7.1 blocked using a list", BounceVerdict.OURS),
        ("5.0.0", "550-5.1.1 The account does not exist. 550 5.1.1 more", BounceVerdict.ENDS),
        ("5.1.1", "550 5.1.1 mailbox 4.7.1 words", BounceVerdict.ENDS),
        ("", "550 5.1.2 no such domain", BounceVerdict.ENDS),
        ("nonsense", "nonsense", BounceVerdict.NOTHING),
        ("5.1.1 (bad destination mailbox address)", "", BounceVerdict.ENDS),
    ],
)
def test_where_the_status_says_nothing_what_the_far_side_said_counts(
    status: str, diagnostic: str, expected: BounceVerdict
) -> None:
    assert verdict(not_delivered(TO, ID, status, diagnostic=diagnostic)) is expected


@pytest.mark.parametrize("kind", ["abuse", "fraud", "other", "virus", "opt-out", "Abuse"])
def test_every_complaint_is_one(kind: str) -> None:
    assert verdict(complaint(TO, ID, kind)) is BounceVerdict.COMPLAINT


def test_that_somebody_takes_it_for_no_spam_is_none() -> None:
    assert verdict(complaint(TO, ID, "not-spam")) is BounceVerdict.NOTHING


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 100,
        b"Subject: I am away until Monday\r\n\r\nSo long.",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\n--x--",
        b"Subject: 550 5.1.1 <mother@mail.example.org> user unknown\r\n\r\nFinal-Recipient: rfc822; a@b.example",
    ],
)
def test_whatever_else_comes_is_no_report(raw: bytes) -> None:
    assert read_returned(raw) is None


@given(st.binary(max_size=400), st.integers(0, 900))
def test_nothing_that_anybody_sends_breaks_the_reading(noise: bytes, place: int) -> None:
    raw = not_delivered(TO, ID)
    read_returned(raw[:place] + noise + raw[place:])
    read_returned(noise)


def test_the_letter_itself_says_first_whom_it_went_to() -> None:
    mail = read_returned(not_delivered(TO, ID, final="forwarded@elsewhere.example"))
    assert mail is not None
    assert mail.targets == (TO, "forwarded@elsewhere.example")
    assert mail.message_ids == (ID,)
    assert TO not in repr(mail)
    assert ID not in repr(mail)
