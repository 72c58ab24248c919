"""Which email addresses are taken, and that each is written one way."""

from __future__ import annotations

import pytest

from services.notify.channels.email.mail_addresses import read_mail_address
from services.subscribers.address import InvalidAddress


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("reader@example.org", "reader@example.org"),
        ("  Reader@EXAMPLE.org ", "Reader@example.org"),
        ("first.last+alerts@mail.example.org", "first.last+alerts@mail.example.org"),
        ("o'neill@example.org", "o'neill@example.org"),
        ("reader@пример.бел", "reader@xn--e1afmkfd.xn--90ais"),
        ("reader@ПРИМЕР。бел", "reader@xn--e1afmkfd.xn--90ais"),
        ("чытач.ў@example.org", "чытач.ў@example.org"),
        ("чытач.у\u0306@example.org", "чытач.ў@example.org"),
    ],
)
def test_a_good_address_is_written_one_way(typed: str, read: str) -> None:
    assert read_mail_address(typed).text == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "reader",
        "@example.org",
        "reader@",
        "reader@localhost",
        "reader@example.org.",
        "reader@.example.org",
        "reader@exa mple.org",
        "reader@exam_ple.org",
        "reader@[127.0.0.1]",
        "reader@127.0.0.1",
        "a@b@example.org",
        '"a b"@example.org',
        '"a\\"@evil.example"@example.org',
        "a(comment)@example.org",
        ".reader@example.org",
        "reader.@example.org",
        "rea..der@example.org",
        "reader@example.org\r\nBcc: b@example.org",
        "rea\nder@example.org",
        "=?utf-8?q?=0D=0ABcc:_b?=@example.org",
        "=?utf-8?b?DQpCY2M6?=@example.org",
        "rea\x00der@example.org",
        "rea\u200bder@example.org",
        "rea\u202eder@example.org",
        "rea\ud800der@example.org",
        "Reader <reader@example.org>",
        "a@example.org,b@example.org",
        "x" * 65 + "@example.org",
        "я" * 33 + "@example.org",
        "x@" + ".".join(["y" * 60] * 5) + ".org",
    ],
)
def test_what_is_doubtful_is_no_address(typed: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        read_mail_address(typed)
    assert "reader" not in str(caught.value)


def test_an_address_does_not_show_itself() -> None:
    assert "reader" not in repr(read_mail_address("reader@example.org"))
