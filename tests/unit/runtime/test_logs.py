from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from services.runtime.logs import configure_logs, scrub


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs("info", "json", "notify", stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("to reader@example.org, refused", "reader"),
        ("<reader@example.org>", "example.org"),
        ("RCPT TO:<читатель@пример.рф>", "читатель"),
        ("POST https://example.org/hooks/k3y?token=t", "k3y"),
        ("unix:///var/lib/somebody/redis.sock", "somebody"),
        ("redis://user:pass@db.example.org:6379/0", "pass"),
        ("https://api.telegram.org/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage", "AAHdq"),
        ("token 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw was refused", "AAHdq"),
        ("signed with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9"),
        ("signed with whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9"),
        ("Authorization: Bearer abcdefgh12345678", "abcdefgh"),
        ("authorization: basic dXNlcjpwYXNz", "dXNl"),
    ],
)
def test_whatever_has_the_form_of_an_address_or_a_secret_is_blotted_out(text: str, secret: str) -> None:
    assert secret not in scrub(text)
    assert "[hidden]" in scrub(text)


@pytest.mark.parametrize(
    "text",
    [
        "event pardon-20241228-aaaaaa-r1 routed",
        "entry 1735380900000-0 buried after 6 deliveries",
        "channel=email outcome=retry reason=server_error",
        "2024-12-28T10:15:00.000Z",
        "basic checks passed",
    ],
)
def test_what_operators_need_stays_readable(text: str) -> None:
    assert scrub(text) == text


def test_a_line_is_one_json_object_with_its_service_and_time(written: io.StringIO) -> None:
    structlog.get_logger("services.notify").info("attempt", channel="email", number=7, late=None, ok=True)
    (line,) = lines(written)
    assert {
        "service": "notify",
        "event": "attempt",
        "channel": "email",
        "number": 7,
        "ok": True,
    }.items() <= line.items()
    assert line["timestamp"].endswith("Z")
    assert line["level"] == "info"


def test_values_are_scrubbed_whatever_they_are(written: io.StringIO) -> None:
    structlog.get_logger().warning("odd", text="to reader@example.org", inside={"to": ["reader@example.org"]})
    assert "reader@" not in written.getvalue()


def test_a_traceback_is_scrubbed_and_stays_one_line(written: io.StringIO) -> None:
    try:
        raise RuntimeError("cannot reach reader@example.org at https://example.org/k3y")
    except RuntimeError:
        structlog.get_logger().exception("failed")
        logging.getLogger("some.library").exception("failed for reader@example.org")
    assert len(lines(written)) == 2
    assert all("RuntimeError" in line["exception"] for line in lines(written))
    assert "reader@" not in written.getvalue()
    assert "k3y" not in written.getvalue()


def test_libraries_that_write_addresses_at_info_are_not_heard(written: io.StringIO) -> None:
    for name in ("httpx", "uvicorn.access", "aiosmtplib", "mail.log", "pymorphy3.opencorpora_dict.wrapper"):
        logging.getLogger(name).info("HTTP Request: POST https://example.org/k3y")
    assert lines(written) == []
    logging.getLogger("httpx").warning("trouble with https://example.org/k3y")
    assert len(lines(written)) == 1
    assert "k3y" not in written.getvalue()


def test_what_is_below_the_level_is_not_written(written: io.StringIO) -> None:
    structlog.get_logger().debug("detail")
    assert lines(written) == []


def test_letters_of_every_alphabet_stay_letters(written: io.StringIO) -> None:
    structlog.get_logger().info("Помилованы")
    assert "Помилованы" in written.getvalue()


def test_a_line_that_cannot_be_written_is_not_printed_with_what_it_was_about(
    written: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    written.close()
    try:
        raise ValueError("what somebody watches")
    except ValueError as error:
        structlog.get_logger("vestka.test").error("update_failed", error=type(error).__name__)
    assert "".join(capsys.readouterr()) == ""


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "[hidden]"),
        ("reader@example.org", "[hidden]"),
        ("110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "[hidden]"),
        ("https://example.org", "https://[hidden]"),
        ("2024-12-28T10:15:00.123456Z", "2024-12-28T10:15:00.123456Z"),
        ("services.notify.delivery.closing", "services.notify.delivery.closing"),
        ("110201543T10:15:00Z", "110201543T10:15:00Z"),
    ],
)
def test_a_single_word_is_blotted_out_like_a_sentence(word: str, shown: str) -> None:
    assert scrub(word) == shown
    assert scrub(f"said {word}") == f"said {shown}"
