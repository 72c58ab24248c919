"""What stands in the head of a letter, whatever the values are: our fields, once each, and nothing else."""

from __future__ import annotations

import email
import email.policy
import re
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.channels.email.header_fields import UnsafeHead, check_head, one_line
from services.notify.channels.email.letter import Letterhead, compose
from services.notify.channels.email.mail_addresses import MailAddress, read_mail_address
from services.subscribers.address import Address
from tests.conformance.samples import delivery, event, rendered

SENDER = read_mail_address("alerts@vestka.example.org")
READER = read_mail_address("reader-of-ours@mail.example.org")
FIELDS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Content-Language",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
]

HOSTILE = [
    "=?utf-8?q?=0D=0ABcc:_somebody@example.org?=",
    "=?utf-8?b?DQpCY2M6IHNvbWVib2R5QGV4YW1wbGUub3Jn?=",
    "=?UTF-8*ru?Q?=0D=0ABcc:_somebody@example.org?=",
    "20 pardoned =?utf-8?q?=0D=0A=0D=0AA body?=",
    "=?utf-8?q?a?==?utf-8?q?=0D=0ABcc:_x@example.org?=",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3F=0D=0ABcc=3A_x=3F=3D?=",
    "==?utf-8?q??utf-8?q?=0ABcc:x?==",
    "=\u200b?utf-8?q?=0ABcc:x?\u200b=",
    "=\x00?utf-8?q?=0ABcc:x?=",
    "a\r\nBcc: somebody@example.org",
    "a\rBcc: somebody@example.org",
    "a\nBcc: somebody@example.org",
    "a\r\n\r\nA body of mine",
    "a\r\n Bcc: folded",
    "a\x85Bcc: b",
    "a\u2028Bcc: b\u2029Bcc: c",
    "a\x00\x1b[2J\x0b\x0c\x7fb",
    "\ud800\udc00 \udfff half",
    "utf-8''%0D%0ABcc%3A%20x; filename*0*=utf-8''%0D%0A",
    "x" * 5_000,
    "Ж" * 5_000,
    "word " * 2_000,
    "\u202eesrever\u2066",
    '"quoted" <other@example.org>, third@example.org',
    "<script>",
    "",
    " \t\r\n ",
    "\x00",
    "🧿\u200d♀️" * 60,
]

values = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(), max_size=400),
    st.lists(st.sampled_from(["=?", "?=", "utf-8", "?q?", "?b?", "=0D=0A", "\r\n", "\n", " ", "Bcc: a@b.cd", "Ж"])).map(
        "".join
    ),
)


def composed(
    subject: str = "20 pardoned", name: str = "Vestka", list_id: str = "alerts.vestka.example.org", reader: str = ""
) -> bytes:
    head = Letterhead(SENDER, name, name, list_id)
    recipient = read_mail_address(reader) if reader else READER
    return compose(delivery(_address(recipient)), rendered(subject=subject), recipient, head)


def _address(recipient: MailAddress) -> Address:
    return Address("email", recipient.text)


def read(letter: bytes) -> EmailMessage:
    return email.message_from_bytes(letter, policy=email.policy.default)


def display_name(letter: bytes) -> str:
    """Decoded by the older half of the library: the newer one puts a space between two encoded words of a phrase."""
    return str(make_header(decode_header(email.message_from_bytes(letter)["From"]))).rpartition("<")[0]


def names_in(letter: bytes) -> list[str]:
    """By the bytes alone, as careless servers read them: a bare CR or LF ends a line too."""
    head = re.split(rb"\r\n\r\n|\n\n|\r\r", letter, maxsplit=1)[0]
    lines = re.split(rb"\r\n|\r|\n", head)
    return [line.split(b":")[0].decode() for line in lines if not line.startswith(b" ")]


def check(letter: bytes, fields: list[str]) -> None:
    assert names_in(letter) == fields
    assert read(letter).keys() == fields
    head = letter.partition(b"\r\n\r\n")[0]
    assert re.fullmatch(rb"(?:[ -~]{1,998}\r\n)*[ -~]{1,998}", head), "printable ASCII, in lines that servers take"
    assert not read(letter).defects
    assert not read(letter)["From"].defects


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_subject_is_only_a_subject(value: str) -> None:
    letter = composed(subject=value)
    check(letter, FIELDS)
    assert str(read(letter)["Subject"]) == (one_line(value) or "Vestka")


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_sender_name_is_only_a_name(value: str) -> None:
    letter = composed(name=value)
    check(letter, FIELDS)
    (mailbox,) = read(letter)["From"].addresses
    assert mailbox.addr_spec == SENDER.text
    assert "".join(display_name(letter).split()) == "".join(one_line(value).split())


@pytest.mark.parametrize("value", HOSTILE)
def test_a_list_id_that_is_none_is_left_out(value: str) -> None:
    check(composed(list_id=value), [name for name in FIELDS if name != "List-Id"])


@given(values, values)
def test_no_subject_and_no_name_makes_a_field_or_a_line_of_its_own(subject: str, name: str) -> None:
    letter = composed(subject=subject, name=name)
    check(letter, FIELDS)
    assert str(read(letter)["Subject"]) == (one_line(subject) or one_line(name) or "…")


@given(values)
def test_what_is_decoded_once_too_often_is_still_one_line(subject: str) -> None:
    """As a list or a relay does that takes a decoded subject for one to be decoded."""
    once = str(read(composed(subject=subject))["Subject"])
    again = str(make_header(decode_header(once)))
    assert again == once
    assert len(again.splitlines()) <= 1


@given(values)
def test_what_a_reader_sees_is_one_short_line_without_hidden_signs(value: str) -> None:
    line = one_line(value)
    assert len(line) <= 300
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]|=\?|\?=", line)


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Pd", "Po", "Sm"]), max_size=120))
def test_what_is_harmless_arrives_as_written(value: str) -> None:
    subject = f"a{value}b".replace("=?", "").replace("?=", "")
    assert str(read(composed(subject=subject))["Subject"]) == subject


def test_a_plain_subject_stays_readable_in_the_bytes() -> None:
    assert b"\r\nSubject: 20 people pardoned, 28 December 2024\r\n" in composed("20 people pardoned, 28 December 2024")


def test_an_address_in_other_letters_is_written_as_it_is() -> None:
    letter = composed(reader="чытач@example.org")
    assert "\r\nTo: чытач@example.org\r\n".encode() in letter
    assert names_in(letter) == FIELDS


@pytest.mark.parametrize(
    "local",
    ["a\r\nBcc: b", "a\nb", "a\rb", "a\u2028b c", "a\x85b c"],
)
def test_an_address_that_was_never_checked_makes_no_letter(local: str) -> None:
    with pytest.raises(UnsafeHead) as raised:
        compose(
            delivery(_address(READER)),
            rendered(),
            MailAddress(local, "example.org"),
            Letterhead(SENDER, "Vestka", "Vestka", "alerts.example.org"),
        )
    assert local not in str(raised.value)


@pytest.mark.parametrize(
    "head",
    [
        b"From: a\r\nBcc: b\r\nTo: c",
        b"From: a\r\nTo: b\r\nTo: c",
        b"From: a\nBcc: b\r\nTo: c",
        b"From: a\rBcc: b\r\nTo: c",
        b"From: a\r\n \r\nTo: c",
        b"From: a\r\n\tb\r\nTo: c",
        b" From: a\r\nTo: c",
        b"From: \r\nTo: c",
        b"From: a\x00\r\nTo: c",
        b"From: \xc2\x85a\r\nTo: c",
        b"From: a",
        b"To: c\r\nFrom: a",
        b"From: a\r\nTo: " + b"c" * 1_000,
        b"",
    ],
)
def test_a_head_that_is_not_what_was_set_is_refused(head: bytes) -> None:
    with pytest.raises(UnsafeHead):
        check_head(head + b"\r\n\r\nA body", ["From", "To"])


def test_a_head_as_it_was_set_is_taken() -> None:
    check_head(b"From: a\r\n b c\r\nTo: c\r\n\r\nBcc: in the body", ["From", "To"])


def test_a_revision_answers_to_the_first() -> None:
    recipient, head = READER, Letterhead(SENDER, "Vestka", "Vestka", "alerts.example.org")
    first = read(compose(delivery(_address(READER)), rendered(), recipient, head))
    third = read(compose(delivery(_address(READER), of=event(revision=3)), rendered(), recipient, head))
    assert third["In-Reply-To"] == third["References"] == first["Message-ID"]
