"""What a mail server gets, and what its replies lead to."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from email import message_from_bytes, policy

import pytest

from services.notify.channels import EmailChannel, EmailSettings
from services.notify.channels.base import Outcome, Reason, Refused, Retry, Sent
from services.notify.channels.far_side_standing import REFUSED_SECONDS, UNCLEAR_SECONDS
from services.subscribers.address import Address
from services.subscribers.certificates import read_certificate
from tests.conformance.far_sides import MailServer, mail_server
from tests.conformance.samples import STOP_URL, delivery, event, hand_over, rendered
from tests.openpgp import certificate_of, decrypted, new_key

EN = {"en": rendered("en")}
LONG_LINK = "https://vestka.example.org/stop/" + "k7Qz" * 40


@pytest.fixture
async def far() -> AsyncIterator[MailServer]:
    async with mail_server() as side:
        yield side


async def outcome_of(far: MailServer, verb: str, reply: str) -> Outcome:
    far.receiver.instead = {verb: reply}
    return await hand_over(far.channel, delivery(far.address), EN)


async def test_a_letter_has_one_recipient_and_the_headers_of_an_automatic_one(far: MailServer) -> None:
    await hand_over(far.channel, delivery(far.address), EN)
    (envelope,), (letter,) = far.receiver.letters, far.letters()
    assert envelope.recipients == ("reader-of-ours@mail.example.org",)
    assert envelope.sender == "alerts@vestka.example.org"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Id"] == "<alerts.vestka.example.org>"
    assert letter["Content-Language"] == "en"
    assert letter["Date"].datetime.isoformat() == "2024-12-28T10:15:00+00:00"


async def test_the_text_comes_before_the_html(far: MailServer) -> None:
    await hand_over(far.channel, delivery(far.address), EN)
    (letter,) = far.letters()
    assert letter.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]


async def test_the_same_delivery_is_the_same_bytes(far: MailServer) -> None:
    await hand_over(far.channel, delivery(far.address), EN)
    await hand_over(far.channel, delivery(far.address, attempt=2), EN)
    first, again = far.receiver.letters
    assert first.raw == again.raw


async def test_the_message_id_shows_neither_the_number_nor_the_address(far: MailServer) -> None:
    await hand_over(far.channel, delivery(far.address, number=4711), EN)
    await hand_over(far.channel, delivery(far.address, number=4712), EN)
    first, other = (letter["Message-ID"] for letter in far.letters())
    assert first != other
    assert "4711" not in first
    assert "reader-of-ours" not in first


async def test_a_revision_stands_in_the_thread_of_the_first(far: MailServer) -> None:
    await hand_over(far.channel, delivery(far.address), EN)
    await hand_over(far.channel, delivery(far.address, of=event(revision=3)), EN)
    first, third = far.letters()
    assert "In-Reply-To" not in first
    assert third["In-Reply-To"] == first["Message-ID"]
    assert third["References"] == first["Message-ID"]
    assert third["Message-ID"] != first["Message-ID"]


@pytest.mark.parametrize("link", [STOP_URL, LONG_LINK])
async def test_the_link_that_stops_is_in_a_header_in_one_piece(far: MailServer, link: str) -> None:
    await hand_over(far.channel, delivery(far.address, stop_url=link), EN)
    (envelope,) = far.receiver.letters
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in envelope.raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in envelope.raw


@pytest.mark.parametrize("link", ["http://127.0.0.1:8702/stop/x", "", "https://x.example.org/\r\nBcc: b@example.org"])
async def test_a_link_that_cannot_be_one_click_is_no_header(far: MailServer, link: str) -> None:
    await hand_over(far.channel, delivery(far.address, stop_url=link), EN)
    (letter,) = far.letters()
    assert "List-Unsubscribe" not in letter
    assert "List-Unsubscribe-Post" not in letter
    assert "Bcc" not in letter


async def test_a_long_subject_in_cyrillic_arrives_as_written(far: MailServer) -> None:
    subject = "Помилованы 20 человек, сообщает сайт президента, имена не опубликованы, 28 декабря 2024 года"
    await hand_over(far.channel, delivery(far.address), {"en": rendered("en", subject=subject)})
    (letter,), (envelope,) = far.letters(), far.receiver.letters
    assert letter["Subject"] == subject
    assert all(len(line) <= 998 and line.isascii() for line in envelope.raw.split(b"\r\n"))


async def test_a_line_that_is_a_dot_does_not_end_the_letter(far: MailServer) -> None:
    await hand_over(far.channel, delivery(far.address), {"en": rendered("en", text="before\n.\nafter\n")})
    (letter,) = far.letters()
    text = letter.get_body(("plain",))
    assert text is not None
    assert text.get_content().splitlines() == ["before", ".", "after"]


async def test_a_domain_in_cyrillic_is_written_in_ascii(far: MailServer) -> None:
    address = far.channel.read_address("Reader@Пример.БЕЛ")
    assert address.target == "Reader@xn--e1afmkfd.xn--90ais"


async def test_a_name_in_cyrillic_needs_a_server_that_takes_it(far: MailServer) -> None:
    address = far.channel.read_address("чытач@example.org")
    assert await hand_over(far.channel, delivery(address), EN) == Sent()
    assert far.receiver.letters[0].recipients == ("чытач@example.org",)
    await far.channel.close()  # what a server offers, it says as a session begins
    far.receiver.extensions = ("8BITMIME",)
    assert await hand_over(far.channel, delivery(address), EN) == Refused(Reason.UNACCEPTABLE)


@pytest.mark.parametrize("reply", ["550 5.1.1 no such user", "550 5.1.2 no such host", "556 5.1.10 null MX"])
async def test_an_address_that_does_not_exist_ends(far: MailServer, reply: str) -> None:
    assert await outcome_of(far, "RCPT", reply) == Refused(Reason.UNKNOWN_ADDRESS, ends_address=True)


async def test_what_is_said_of_our_sender_is_not_held_against_the_reader(far: MailServer) -> None:
    outcome = await outcome_of(far, "MAIL", "553 5.1.1 no such sender")
    assert isinstance(outcome, Retry)
    assert outcome.reason is Reason.MISCONFIGURED
    assert outcome.holds_channel


async def test_a_reputation_that_is_ours_leaves_the_address(far: MailServer) -> None:
    outcome = await outcome_of(far, ".", "554 5.7.1 blocked")
    assert outcome == Retry(Reason.POLICY, after=UNCLEAR_SECONDS, spends_attempt=False)


async def test_what_is_refused_to_several_in_a_row_holds_the_channel(far: MailServer) -> None:
    far.receiver.instead = {"RCPT": "554 5.7.1 Relay access denied"}
    outcomes = [await hand_over(far.channel, delivery(far.address, number=number), EN) for number in range(3)]
    assert [isinstance(one, Retry) and one.holds_channel for one in outcomes] == [False, False, True]
    assert not any(isinstance(one, Retry) and one.spends_attempt for one in outcomes)


async def test_one_domain_that_refuses_us_holds_up_no_other(far: MailServer) -> None:
    for number in (0, 1, 2, 0, 1, 2, 0, 1, 2):
        far.receiver.instead = {"RCPT": "554 5.7.1 not from you"}
        outcome = await hand_over(far.channel, delivery(far.address, number=number), EN)
        assert isinstance(outcome, Retry)
        assert not outcome.holds_channel
        far.receiver.instead = {}
        assert await hand_over(far.channel, delivery(far.address, number=7), EN) == Sent()
    assert outcome == Retry(Reason.POLICY, after=REFUSED_SECONDS)


async def test_a_letter_taken_is_sent_whatever_the_goodbye(far: MailServer) -> None:
    assert await outcome_of(far, "QUIT", "500 what") == Sent()


async def test_encryption_that_is_required_and_not_offered_stops_the_letter(far: MailServer) -> None:
    settings = EmailSettings(
        host="127.0.0.1",
        port=far.receiver.port,
        sender="alerts@vestka.example.org",
        list_id="alerts.vestka.example.org",
    )
    assert settings.starttls == "required"
    assert await hand_over(EmailChannel(settings), delivery(far.address), EN) == Retry(Reason.TLS)
    assert far.receiver.letters == []


async def test_a_server_without_login_is_our_setting_and_holds_the_channel(far: MailServer) -> None:
    settings = EmailSettings.model_validate(
        {
            "host": "127.0.0.1",
            "port": far.receiver.port,
            "starttls": "off",
            "username": "vestka",
            "password": "correct horse",
            "sender": "alerts@vestka.example.org",
            "list_id": "alerts.vestka.example.org",
        }
    )
    outcome = await hand_over(EmailChannel(settings), delivery(far.address), EN)
    assert isinstance(outcome, Retry)
    assert outcome.reason is Reason.MISCONFIGURED
    assert outcome.holds_channel
    assert "correct horse" not in repr(settings)


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    async with mail_server() as gone:
        pass
    assert await hand_over(gone.channel, delivery(gone.address), EN) == Retry(Reason.UNREACHABLE)


@pytest.mark.parametrize(("stopped_at", "verb"), [(1, "RCPT"), (2, "DATA")])
async def test_a_stop_is_heard_until_the_letter_itself_leaves(far: MailServer, stopped_at: int, verb: str) -> None:
    asked: list[str] = []

    def still_wanted() -> bool:
        asked.append(far.receiver.verbs[-1])
        return len(asked) < stopped_at

    outcome = await hand_over(far.channel, delivery(far.address, still_wanted=still_wanted), EN)
    assert outcome == Refused(Reason.STOPPED)
    assert far.receiver.letters == []
    assert asked[-1] == verb, "the server had nothing more to make us wait with"


@pytest.mark.parametrize(
    "reply", ["250 2.0.0 taken", "250", "251 taken, and passed on", "200 fine", "250-taken\r\n250 x"]
)
async def test_any_reply_of_success_to_the_letter_means_that_it_was_taken(far: MailServer, reply: str) -> None:
    assert await outcome_of(far, ".", reply) == Sent()


async def test_an_encrypted_letter_comes_through_a_mail_server_as_it_left(far: MailServer) -> None:
    key = new_key()
    openpgp = read_certificate(certificate_of(key), time.time())
    address = Address(far.address.channel, far.address.target, (), openpgp)
    assert await hand_over(far.channel, delivery(address), EN) == Sent()
    (letter,) = far.letters()
    assert letter["Subject"] == "[...]"
    inside = message_from_bytes(decrypted(list(letter.iter_parts())[1].get_content(), key), policy=policy.default)
    assert inside["Subject"] == "20 people pardoned, 28 December 2024"


async def test_a_letter_under_a_code_word_is_taken_and_says_nothing_else(far: MailServer) -> None:
    assert await hand_over(far.channel, delivery(far.address, mode="discreet", cover="plums"), EN) == Sent()
    (letter,) = far.letters()
    assert letter.get_content().split() == ["plums", STOP_URL]
