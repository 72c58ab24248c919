"""Letters as mail programs read them, well-formed or not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.demo.caught_letter import CaughtLetter, read_letter


def _read(raw: bytes) -> CaughtLetter:
    return read_letter(
        raw, number=1, sender="from@a.example", recipient="to@b.example", received_at=datetime(2025, 1, 1, tzinfo=UTC)
    )


def test_the_text_and_the_html_part_are_told_apart() -> None:
    letter = _read(
        b"Subject: =?utf-8?b?0JLQtdGB0YLQutCw?=\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + "да\r\n".encode()
        + b"--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>yes</p>\r\n--x--\r\n"
    )
    assert (letter.subject, letter.text.strip(), letter.html.strip()) == ("Вестка", "да", "<p>yes</p>")
    assert letter.header("CONTENT-type") is not None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"no header at all",
        b"Message-ID: <[\r\nFrom: @\r\nTo: <<<>>>,;:\r\n\r\nx",
        b"Message-ID: <>\r\n\r\nx",
        b"Date: \xff\xfe\r\nSubject: \xd0\xb2\xff\r\n\r\n\xff\xfe",
        b"Content-Type: text/plain; charset=no-such-charset\r\n\r\n\xd0\xb4",
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!not base64",
        b"Content-Type: multipart/alternative; boundary=x\r\n\r\nnever begins",
        b"Content-Type: multipart/mixed\r\n\r\n--\r\n",
        b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nx",
        b"Content-Type: ;;;===\r\n\r\nx",
        b"Subject: =?utf-8?q?=FF=FE?= =?nope?x?y?=\r\n\r\nx",
    ],
)
def test_no_letter_is_too_odd_to_be_read(raw: bytes) -> None:
    letter = _read(raw)
    assert letter.raw == raw
    shown = letter.subject + letter.text + letter.html + "".join(name + value for name, value in letter.headers)
    assert shown.encode().decode() == shown


def test_a_letter_of_an_unknown_charset_is_still_readable() -> None:
    assert _read(b"Content-Type: text/plain; charset=none\r\n\r\n\xd0\xb4\xd0\xb0").text == "да"


def test_no_address_stands_in_the_repr_of_a_letter() -> None:
    assert "b.example" not in repr(_read(b"To: to@b.example\r\n\r\nto@b.example"))
