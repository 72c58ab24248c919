"""What a mail server's refusal leads to: what is not said of the address is not the reader's."""

from __future__ import annotations

import pytest

from services.notify.channels.base import Outcome, Reason, Refused, Retry
from services.notify.channels.email.smtp_replies import LOGIN_HOLD_SECONDS, NotForThisReader, Stage, read_reply
from services.notify.channels.far_side_standing import HOLD_SECONDS, REFUSED_SECONDS

ENDED = Refused(Reason.UNKNOWN_ADDRESS, ends_address=True)
READER = "reader@mail.example.org"


def not_now(reason: Reason) -> NotForThisReader:
    return NotForThisReader(Retry(reason), for_now=True)


def held(reason: Reason = Reason.MISCONFIGURED, seconds: float = HOLD_SECONDS) -> Retry:
    return Retry(reason, after=seconds, holds_channel=True, spends_attempt=False)


@pytest.mark.parametrize(
    ("code", "text", "outcome"),
    [
        (450, "4.1.1 address not verified yet", not_now(Reason.UNKNOWN_ADDRESS)),
        (450, "try again", not_now(Reason.SERVER_ERROR)),
        (451, "4.7.1 greylisted", not_now(Reason.POLICY)),
        (452, "4.2.2 over quota", Retry(Reason.MAILBOX_FULL)),
        (452, "4.3.1 no space", not_now(Reason.SERVER_ERROR)),
        (421, "4.4.2 bad connection", not_now(Reason.UNREACHABLE)),
        (550, "4.2.1 the enhanced code says that it passes", not_now(Reason.UNKNOWN_ADDRESS)),
        (450, "5.1.1 the enhanced code says that it stays", ENDED),
        (250, "a success where none can be", not_now(Reason.SERVER_ERROR)),
        (-1, "nonsense", not_now(Reason.SERVER_ERROR)),
    ],
)
def test_what_may_pass_is_tried_again(code: int, text: str, outcome: Outcome | NotForThisReader) -> None:
    assert read_reply(code, text, Stage.RECIPIENT) == outcome


@pytest.mark.parametrize("text", ["4.3.2 going down", "4.2.2 over quota", "4.1.1 who are you", "not now", ""])
@pytest.mark.parametrize("code", [421, 450, 451, 454])
@pytest.mark.parametrize("stage", [Stage.GREETING, Stage.LOGIN, Stage.SENDER])
def test_not_now_before_a_reader_was_named_is_said_of_all(code: int, text: str, stage: Stage) -> None:
    assert read_reply(code, text, stage) == Retry(Reason.SERVER_ERROR, of_all=True)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (550, f"5.1.1 <{READER}>: Recipient address rejected: User unknown in virtual mailbox table"),  # Postfix
        (550, "5.1.1 The email account that you tried to reach does not exist. Please\n5.1.1 check it"),  # Gmail
        (550, "5.1.1 RESOLVER.ADR.RecipNotFound; not found"),  # Exchange
        (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),  # Exchange
        (550, f"5.1.1 <{READER}> User doesn't exist: {READER}"),  # Dovecot
        (550, f"5.1.1 User not listed in the directory: {READER}"),  # Domino
        (550, f"5.1.2 <{READER}>: Recipient address rejected: Domain not found"),  # Postfix
        (550, "5.1.6 recipient no longer on server"),  # Sendmail
        (556, "5.1.10 <reader@mail.example.org>: Domain does not accept mail (nullMX)"),
        (550, "#5.1.1 no such recipient"),
        (550, "5.1.1 <relay.sender-block@mail.example.org>: no such user"),
    ],
)
def test_an_address_that_does_not_exist_ends(code: int, text: str) -> None:
    assert read_reply(code, text, Stage.RECIPIENT) == ENDED


@pytest.mark.parametrize(
    ("code", "text", "reason"),
    [
        (554, f"5.7.1 <{READER}>: Relay access denied", Reason.POLICY),  # Postfix
        (550, "relay not permitted", Reason.UNEXPLAINED),  # Exim
        (550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain", Reason.POLICY),  # Exchange
        (553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", Reason.UNEXPLAINED),  # qmail
        (551, "User not local; please try another path", Reason.UNEXPLAINED),
        (550, "5.1.8 <alerts@vestka.example>: Sender address rejected: Domain not found", Reason.MISCONFIGURED),
        (550, "5.1.7 <alerts@vestka.example>: Sender address rejected", Reason.MISCONFIGURED),
        (550, "5.1.0 <alerts@vestka.example>: Sender address rejected: User unknown", Reason.UNEXPLAINED),
        (550, "5.1.1 <alerts@vestka.example>: Sender address rejected: undeliverable", Reason.UNEXPLAINED),
        (550, "Sender verify failed", Reason.UNEXPLAINED),  # Exim
        (553, "5.7.1 <alerts@vestka.example>: Sender address rejected: not owned by user", Reason.POLICY),
        (550, "Service unavailable; Client host [192.0.2.1] blocked using bl.example", Reason.UNEXPLAINED),
        (554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.example", Reason.POLICY),
        (550, "5.7.606 Access denied, banned sending IP [192.0.2.1]", Reason.POLICY),  # Exchange Online
        (550, "5.7.26 This mail has been blocked because the sender is unauthenticated", Reason.POLICY),  # Gmail
        (550, "5.7.25 The IP address sending this message does not have a PTR record", Reason.POLICY),  # Gmail
        (550, "5.1.1 blocked by the local policy", Reason.UNEXPLAINED),
        (550, "5.5.0 <vestka.example>: Helo command rejected: Host not found", Reason.MISCONFIGURED),
        (504, "5.5.2 <vestka>: Helo command rejected: need fully-qualified hostname", Reason.MISCONFIGURED),
        (503, "5.5.1 Error: send HELO/EHLO first", Reason.MISCONFIGURED),
        (530, "5.7.0 Authentication required", Reason.POLICY),
        (530, "Authentication required", Reason.MISCONFIGURED),
        (535, "authentication failed", Reason.MISCONFIGURED),
        (555, "5.5.4 Unsupported option: BODY=8BITMIME", Reason.MISCONFIGURED),
        (550, "5.7.1 No such user!", Reason.POLICY),  # Yandex
        (550, "Message was not accepted -- invalid mailbox", Reason.UNEXPLAINED),  # mail.ru
        (550, "spam message rejected", Reason.UNEXPLAINED),  # mail.ru
        (550, "#5.1.0 Address rejected.", Reason.UNEXPLAINED),  # Cisco
        (550, "5.4.1 Recipient address rejected: Access denied", Reason.UNREACHABLE),  # Exchange Online
        (550, "5.4.4 no route", Reason.UNREACHABLE),
        (554, "5.3.0 rejected by the system", Reason.SERVER_ERROR),
        (550, "5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException", Reason.UNEXPLAINED),  # Exchange
        (550, "5.1.100 not in our table", Reason.UNEXPLAINED),
        (550, "5.0.0 rejected", Reason.UNEXPLAINED),
        (550, "no such user", Reason.UNEXPLAINED),
        (550, "2.1.5 an enhanced code of success", Reason.UNEXPLAINED),
        (550, "", Reason.UNEXPLAINED),
        (554, "", Reason.UNEXPLAINED),
    ],
)
@pytest.mark.parametrize("stage", [Stage.RECIPIENT, Stage.CONTENT])
def test_what_is_not_said_of_the_address_is_not_the_readers(code: int, text: str, reason: Reason, stage: Stage) -> None:
    assert read_reply(code, text, stage) == NotForThisReader(Retry(reason))


@pytest.mark.parametrize(
    "text", ["5.1.3 bad syntax", "5.1.4 ambiguous", "5.2.1 The account that you tried to reach is disabled"]
)
def test_what_may_not_be_for_ever_is_given_up_once_and_the_address_stays(text: str) -> None:
    assert read_reply(550, text, Stage.RECIPIENT) == Refused(Reason.UNKNOWN_ADDRESS)


@pytest.mark.parametrize(("code", "text"), [(552, "5.2.2 over quota"), (552, "over quota"), (452, "4.2.2 over quota")])
def test_a_full_mailbox_is_tried_again(code: int, text: str) -> None:
    assert read_reply(code, text, Stage.RECIPIENT) == Retry(Reason.MAILBOX_FULL)


@pytest.mark.parametrize(("code", "text"), [(552, "5.2.2 over quota"), (452, "4.2.2 over quota")])
def test_a_mailbox_that_was_full_all_along_ends_the_address(code: int, text: str) -> None:
    outcome = read_reply(code, text, Stage.RECIPIENT, last_try=True)
    assert outcome == Refused(Reason.MAILBOX_FULL, ends_address=True)


@pytest.mark.parametrize(
    ("code", "text", "reason"),
    [
        (552, "5.3.4 Message size exceeds fixed limit", Reason.TOO_LARGE),
        (552, "message size exceeds the limit", Reason.TOO_LARGE),
        (552, "5.2.3 longer than this mailbox takes", Reason.TOO_LARGE),
        (554, "5.6.0 not understood", Reason.UNACCEPTABLE),
        (550, "5.6.7 addresses in other letters are not taken", Reason.UNACCEPTABLE),
    ],
)
def test_what_is_said_of_the_letter_holds_up_no_other_and_ends_nobody(code: int, text: str, reason: Reason) -> None:
    assert read_reply(code, text, Stage.CONTENT) == Retry(reason, after=REFUSED_SECONDS)


@pytest.mark.parametrize("stage", [Stage.GREETING, Stage.SENDER])
def test_what_is_said_before_the_recipient_is_about_us(stage: Stage) -> None:
    assert read_reply(553, "5.1.1 unknown sender", stage) == held()
    assert read_reply(554, "no service here", stage) == held()
    assert read_reply(550, "5.7.1 your address is listed", stage) == held(Reason.POLICY)


def test_a_refused_login_is_about_us_and_not_repeated_too_soon() -> None:
    assert read_reply(535, "5.7.8 bad credentials", Stage.LOGIN) == held(seconds=LOGIN_HOLD_SECONDS)


def test_a_server_without_encryption_today_may_have_it_tomorrow() -> None:
    assert read_reply(454, "4.7.0 TLS not available", Stage.SECURING) == Retry(Reason.TLS)
    assert read_reply(502, "5.5.1 not implemented", Stage.SECURING) == Retry(Reason.TLS)
