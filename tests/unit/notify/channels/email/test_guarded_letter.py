"""A letter shows what its reader lets it show: encrypted to their certificate, under their word, or nothing."""

from __future__ import annotations

import re
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.notify.channels.base import COVER_SLOT, STOP_URL_SLOT, Rendered
from services.notify.channels.email.dkim import DkimKey, DkimSigner
from services.notify.channels.email.guarded_letter import GuardedLetter, guarded
from services.notify.channels.email.letter import Letterhead, Own
from services.notify.channels.email.mail_addresses import read_mail_address
from services.notify.channels.email.writing_desk import WritingDesk
from services.subscribers.address import Mode
from services.subscribers.certificates import read_certificate
from tests.conformance.samples import event, rendered
from tests.openpgp import GPG, NO_GPG, Gpg, certificate_of, decrypted, gpg_home, new_key
from tests.unit.notify.channels.email.dkim_judges import holds, signatures, tags_of

NOW = time.time()
KEY = new_key()
OPENPGP = read_certificate(certificate_of(KEY), NOW)
NEUTRAL = {
    "subject": "A new message",
    "preheader": "You have a new message.",
    "covered": f"{COVER_SLOT}\n\nTo unsubscribe:\n{STOP_URL_SLOT}\n",
    "withheld": f"It could not be encrypted.\n\nTo unsubscribe:\n{STOP_URL_SLOT}\n",
}
SECRETS = ("pardoned", "20 people", "Names were not published", "=D0", "vestka", "Вестка", "0J")
"""What must not stand outside: words of the letter, however they are encoded, and the plain sender's."""
OPEN = WritingDesk(
    Letterhead(read_mail_address("alerts@vestka.example"), "Вестка", "Notes", "alerts.vestka.example"), None
)
QUIET = WritingDesk(Letterhead(read_mail_address("post@notes.example"), "Вестка", "Notes", "post.notes.example"), None)
OWN = Own("reader@mail.example.org", "https://notes.example/stop/2-abcdefgh", "mfirst0001", "mfirst0000")


def letter_of(mode: Mode = "plain", *, neutral: dict[str, str] | None = None, revision: int = 1) -> GuardedLetter:
    texts = rendered("en")
    whole = Rendered(texts.language, texts.parts, neutral=NEUTRAL if neutral is None else neutral)
    return guarded(event(revision=revision), whole, mode, OPEN if mode == "plain" else QUIET, QUIET)


def read(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def words(raw: bytes) -> str:
    return str(read(raw).get_content()).replace("\r\n", "\n")


def sent(
    openpgp: str | None = OPENPGP, cover: str | None = None, mode: Mode = "plain", now: float = NOW, own: Own = OWN
) -> bytes:
    return letter_of(mode).of(own, openpgp, cover, now).as_it_is()


def sealed_part(letter: EmailMessage) -> bytes:
    version, sealed = letter.iter_parts()
    assert version.get_content_type() == "application/pgp-encrypted"
    assert version.get_content().strip() == b"Version: 1"
    assert sealed.get_content_type() == "application/octet-stream"
    content = sealed.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def within(raw: bytes) -> EmailMessage:
    return read(decrypted(sealed_part(read(raw)), KEY))


@pytest.fixture
def gpg() -> Iterator[Gpg]:
    if GPG is None:
        pytest.skip(NO_GPG)
    with gpg_home() as home:
        yield home


@pytest.mark.parametrize("mode", ["plain", "discreet"])
def test_gpg_opens_what_is_encrypted_to_its_key_and_finds_the_subject_there(gpg: Gpg, mode: Mode) -> None:
    openpgp = read_certificate(gpg.make("reader@mail.example.org", "future-default", "default", "1y"), NOW)
    letter = read(sent(openpgp, mode=mode))
    assert letter["Subject"] == "A new message"
    inside = read(gpg.decrypt(sealed_part(letter)))
    assert inside["Subject"] == "20 people pardoned, 28 December 2024"
    text, page = inside.iter_parts()
    assert "Names were not published." in text.get_content()
    assert "<b>20 people pardoned" in page.get_content()


def test_an_encrypted_letter_is_what_rfc_3156_and_rfc_9788_say() -> None:
    letter, inside = read(sent()), within(sent())
    assert letter.get_content_type() == "multipart/encrypted"
    assert letter.get_param("protocol") == "application/pgp-encrypted"
    assert inside.get_content_type() == "multipart/alternative"
    assert inside.get_param("hp") == "cipher"
    outside = [f"{name}: {value}" for name, value in letter.items() if name not in ("MIME-Version", "Content-Type")]
    assert [str(one) for one in inside.get_all("HP-Outer", [])] == outside
    differing = {name for name, value in letter.items() if inside[name] != value}
    assert differing == {"Subject", "MIME-Version", "Content-Type"}


@pytest.mark.parametrize("mode", ["plain", "discreet"])
def test_nothing_outside_says_what_a_letter_is_about_or_whose_it_is(mode: Mode) -> None:
    raw = sent(mode=mode).decode("ascii")
    head, _, body = raw.partition("\r\n\r\n")
    armor = body.index("-----BEGIN PGP MESSAGE-----"), body.index("-----END PGP MESSAGE-----")
    clear = head + body[: armor[0]] + body[armor[1] :]
    assert not [secret for secret in SECRETS if secret in clear]
    assert read(raw.encode())["List-Unsubscribe"] == f"<{OWN.stop_url}>"
    assert read(raw.encode())["Message-ID"] == "<mfirst0001@notes.example>"


def test_a_revision_stays_in_its_thread_outside_and_inside() -> None:
    raw = letter_of(revision=2).of(OWN, OPENPGP, None, NOW).as_it_is()
    assert read(raw)["In-Reply-To"] == within(raw)["In-Reply-To"] == "<mfirst0000@notes.example>"


def test_letters_of_about_one_length_cannot_be_told_by_it() -> None:
    lengths = set()
    for extra in range(0, 600, 7):
        texts = rendered("en", text="x" * extra + STOP_URL_SLOT)
        whole = Rendered("en", texts.parts, neutral=NEUTRAL)
        raw = guarded(event(), whole, "plain", OPEN, QUIET).of(OWN, OPENPGP, None, NOW).as_it_is()
        lengths.add(len(decrypted(sealed_part(read(raw)), KEY)))
    assert len(lengths) == 1
    assert lengths.pop() % 4096 == 0


@pytest.mark.parametrize("recipient", ["reader@mail.example.org", "чытач.ў@example.org", "x" * 64 + "@x.org"])
@pytest.mark.parametrize(
    "link", [OWN.stop_url, "", "http://127.0.0.1:8702/stop/abcdefgh", "https://x.example/?a=1&b=2"]
)
def test_every_readers_own_comes_through(recipient: str, link: str) -> None:
    raw = sent(own=Own(recipient, link, "mfirst0001", "mfirst0001"))
    assert f"\r\nTo: {recipient}\r\n".encode() in raw
    clear = decrypted(sealed_part(read(raw)), KEY)
    assert f"\r\nHP-Outer: To: {recipient}\r\n".encode() in clear
    assert link in read(clear).get_body(("plain",)).get_content()  # type: ignore[union-attr]


def expiring() -> tuple[str, float]:
    """A certificate, and a moment at which it has expired."""
    certificate = KEY.extract_certificate()
    ends = certificate.set_expiration(datetime.now(UTC) + timedelta(days=1), KEY.certifier())
    return read_certificate(bytes(ends), NOW), NOW + 2 * 86_400


def revoked() -> str:
    certificate = KEY.extract_certificate()
    return b64encode(bytes(certificate) + bytes(certificate.revoke(KEY.certifier()))).decode()


@pytest.mark.parametrize("mode", ["plain", "discreet"])
@pytest.mark.parametrize("cover", [None, "plums"])
@pytest.mark.parametrize("openpgp", [*expiring()[:1], revoked(), "", "AAAA", "damaged"])
def test_where_a_certificate_is_unfit_a_neutral_letter_says_so_and_no_more(
    openpgp: str, cover: str | None, mode: Mode
) -> None:
    raw = sent(openpgp, cover, mode, now=NOW + 2 * 86_400)
    letter = read(raw)
    assert letter["Subject"] == "A new message"
    assert letter.get_content_type() == "text/plain"
    assert words(raw) == f"It could not be encrypted.\n\nTo unsubscribe:\n{OWN.stop_url}\n"
    assert not [secret for secret in SECRETS if secret.encode() in raw]


def test_under_a_code_word_stands_the_word_and_how_to_stop_and_nothing_else() -> None:
    raw = sent(None, "plums", "discreet")
    assert words(raw) == f"plums\n\nTo unsubscribe:\n{OWN.stop_url}\n"
    assert not [secret for secret in SECRETS if secret.encode() in raw]
    assert raw == sent(None, "plums", "discreet"), "a repeat is the same letter"


def test_who_asked_for_a_word_and_has_none_gets_a_neutral_line_not_the_text() -> None:
    assert words(sent(None, "", "discreet")).startswith("You have a new message.\n\n")


@pytest.mark.parametrize("openpgp", [None, "damaged"])
def test_where_even_neutral_words_are_missing_nothing_is_shown_for_it(openpgp: str | None) -> None:
    raw = letter_of("discreet", neutral={}).of(OWN, openpgp, "", NOW).as_it_is()
    assert re.sub(r"\s+", " ", words(raw)) == f"… {OWN.stop_url} "
    assert read(raw)["Subject"] == "Notes"


def test_what_is_encrypted_has_a_neutral_subject_even_where_there_are_no_words_for_one() -> None:
    raw = letter_of("plain", neutral={}).of(OWN, OPENPGP, None, NOW).as_it_is()
    assert read(raw)["Subject"] == "[...]"
    assert within(raw)["Subject"] == "20 people pardoned, 28 December 2024"


def test_whatever_is_shown_of_a_letter_is_signed_over_the_whole_of_it() -> None:
    key = DkimKey("quiet", Ed25519PrivateKey.generate())
    desk = WritingDesk(QUIET.head, DkimSigner("notes.example", [key]))
    whole = Rendered("en", rendered("en").parts, neutral=NEUTRAL)
    for openpgp, cover in ((OPENPGP, None), ("damaged", None), (None, "plums"), (None, "")):
        letter = guarded(event(), whole, "discreet", desk, desk).of(OWN, openpgp, cover, NOW).as_it_is()
        (signature,) = signatures(letter)
        assert holds(letter, signature, key.private.public_key())
        assert tags_of(signature)["d"] == "notes.example"


def test_what_goes_over_the_wire_after_data_is_the_same_letter() -> None:
    for openpgp, cover in ((OPENPGP, None), (None, ". dots")):
        letter = letter_of("discreet").of(OWN, openpgp, cover, NOW)
        assert letter.dotted() == letter.as_it_is().replace(b"\r\n.", b"\r\n..") + b".\r\n"


def test_an_open_letter_is_as_it_was() -> None:
    letter = read(sent(None))
    assert letter["Subject"] == "20 people pardoned, 28 December 2024"
    assert letter["From"].addresses[0].addr_spec == "alerts@vestka.example"
