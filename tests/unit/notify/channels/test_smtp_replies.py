"""What a mail server's refusal leads to: the enhanced code first, then the digit."""

from __future__ import annotations

import pytest

from services.notify.channels.base import Outcome, Reason, Refused, Retry
from services.notify.channels.smtp_replies import HOLD_SECONDS, Stage, read_reply

ENDED = Refused(Reason.UNKNOWN_ADDRESS, ends_address=True)
HELD = Retry(Reason.MISCONFIGURED, after=HOLD_SECONDS, holds_channel=True)


@pytest.mark.parametrize(
    ("code", "text", "outcome"),
    [
        (450, "4.1.1 address not verified yet", Retry(Reason.UNKNOWN_ADDRESS)),
        (450, "try again", Retry(Reason.SERVER_ERROR)),
        (451, "4.7.1 greylisted", Retry(Reason.POLICY)),
        (452, "4.2.2 over quota", Retry(Reason.MAILBOX_FULL)),
        (452, "4.3.1 no space", Retry(Reason.SERVER_ERROR)),
        (421, "4.4.2 bad connection", Retry(Reason.UNREACHABLE)),
        (550, "4.2.1 the enhanced code says that it passes", Retry(Reason.UNKNOWN_ADDRESS)),
        (450, "5.1.1 the enhanced code says that it stays", ENDED),
        (550, "5.1.1 no such user", ENDED),
        (550, "5.1.2 no such host", ENDED),
        (556, "5.1.10 null MX", ENDED),
        (550, "5.1.3 bad syntax", Refused(Reason.UNKNOWN_ADDRESS)),
        (550, "5.1.100 not in our table", Refused(Reason.UNKNOWN_ADDRESS)),
        (550, "5.2.1 mailbox disabled", Refused(Reason.UNKNOWN_ADDRESS)),
        (552, "5.2.2 over quota", Retry(Reason.MAILBOX_FULL)),
        (552, "5.3.4 message too big", Refused(Reason.TOO_LARGE)),
        (550, "5.4.4 no route", Refused(Reason.UNREACHABLE)),
        (550, "5.7.1 refused by policy", Refused(Reason.POLICY)),
        (550, "5.7.26 not authenticated", Refused(Reason.POLICY)),
        (550, "no such user", Refused(Reason.UNKNOWN_ADDRESS)),
        (550, "2.1.5 an enhanced code of success", Refused(Reason.UNKNOWN_ADDRESS)),
        (250, "a success where none can be", Retry(Reason.SERVER_ERROR)),
        (-1, "nonsense", Retry(Reason.SERVER_ERROR)),
        (550, "", Refused(Reason.UNKNOWN_ADDRESS)),
    ],
)
def test_what_is_said_of_the_recipient(code: int, text: str, outcome: Outcome) -> None:
    assert read_reply(code, text, Stage.RECIPIENT) == outcome


def test_a_mailbox_that_was_full_all_along_ends_the_address() -> None:
    outcome = read_reply(552, "5.2.2 over quota", Stage.RECIPIENT, last_try=True)
    assert outcome == Refused(Reason.MAILBOX_FULL, ends_address=True)


def test_what_is_said_of_the_content_is_not_the_readers_fault() -> None:
    assert read_reply(554, "no", Stage.CONTENT) == Refused(Reason.UNACCEPTABLE)
    assert read_reply(554, "5.6.0 not understood", Stage.CONTENT) == Refused(Reason.UNACCEPTABLE)


@pytest.mark.parametrize("stage", [Stage.GREETING, Stage.SENDER])
def test_what_is_said_before_the_recipient_is_about_us(stage: Stage) -> None:
    assert read_reply(553, "5.1.1 unknown sender", stage) == HELD
    assert read_reply(554, "no service here", stage) == HELD
    assert read_reply(550, "5.7.1 your address is listed", stage) == Refused(Reason.POLICY)


def test_a_refused_login_is_about_us() -> None:
    assert read_reply(535, "5.7.8 bad credentials", Stage.LOGIN) == HELD


def test_a_server_without_encryption_today_may_have_it_tomorrow() -> None:
    assert read_reply(454, "4.7.0 TLS not available", Stage.SECURING) == Retry(Reason.TLS)
    assert read_reply(502, "5.5.1 not implemented", Stage.SECURING) == Retry(Reason.TLS)
