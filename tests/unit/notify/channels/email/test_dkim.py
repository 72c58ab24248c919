"""Letters are signed by our key, and whatever is changed or added on the way is seen."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from pydantic import SecretStr, ValidationError

from services.notify.channels.email.dkim import DkimKey, DkimSigner, InvalidDkimKey, read_dkim_key
from services.notify.channels.email.letter import Draft, Letterhead, Own, write
from services.notify.channels.email.mail_addresses import read_mail_address
from services.notify.channels.email.mail_settings import DiscreetSettings, DkimSettings, EmailSettings
from services.notify.channels.email.plain_letter import PlainLetter, write_plain
from services.notify.channels.email.splicing import ComposedLetter, Letter
from services.notify.channels.email.writing_desk import desk_for
from services.notify.content.example_events import example_events
from services.subscribers.address import Mode
from tests.letters import renderer_at
from tests.unit.notify.channels.email.dkim_judges import fields, holds, others_say, signatures, tags_of

DOMAIN: Final = "vestka.example"
RSA: Final = DkimKey("first", rsa.generate_private_key(65537, 2048))
ED: Final = DkimKey("second", ed25519.Ed25519PrivateKey.generate())
HEAD: Final = Letterhead(read_mail_address(f"alerts@{DOMAIN}"), "Vestka", "Newsletter", f"alerts.{DOMAIN}")
EVENTS: Final = example_events()
RENDERER: Final = renderer_at()


def pem(key: Any, password: bytes | None = None) -> str:
    sealing = BestAvailableEncryption(password) if password else NoEncryption()
    text: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealing)
    return text.decode()


@lru_cache
def draft(name: str, language: str = "en", mode: Mode = "plain") -> Draft:
    parts = ("subject", "text", "html")
    return Draft(
        EVENTS[name],
        RENDERER.render(EVENTS[name], channel="email", parts=parts, language=language, mode=mode),
        mode,
        HEAD,
    )


def own(recipient: str = "reader@mail.example.org", link: str = "2-" + "k7" * 26) -> Own:
    return Own(recipient, f"https://alerts.example.org/stop/{link}", "m4" * 16, "f3" * 16)


def signed(of: Draft, whose: Own, *keys: DkimKey) -> bytes:
    return ComposedLetter(of, DkimSigner(DOMAIN, keys)).of(whose).as_it_is()


@pytest.mark.parametrize("mode", ["plain", "discreet"])
@pytest.mark.parametrize("language", RENDERER.languages)
@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize("key", [RSA, ED], ids=["rsa", "ed25519"])
def test_every_letter_of_ours_verifies(key: DkimKey, name: str, language: str, mode: Mode) -> None:
    letter = signed(draft(name, language, mode), own(), key)
    [signature] = signatures(letter)
    assert holds(letter, signature, key.private.public_key())
    assert tags_of(signature)["d"] == DOMAIN
    assert tags_of(signature)["s"] == key.selector


@pytest.mark.parametrize("key", [RSA, ED], ids=["rsa", "ed25519"])
@pytest.mark.parametrize("name", ["pardon", "pardon_update", "retraction"])
def test_programs_that_we_did_not_write_say_the_same(key: DkimKey, name: str, tmp_path: Path) -> None:
    letter = signed(draft(name, "ru"), own(), key)
    said = dict(others_say(letter, key.selector, DOMAIN, key.private.public_key(), tmp_path))
    if not said:
        pytest.skip("neither dkimpy nor OpenDKIM is installed")
    assert all(said.values()), said
    changed = letter.replace(b"Content-Language: ru", b"Content-Language: be")
    assert not any(dict(others_say(changed, key.selector, DOMAIN, key.private.public_key(), tmp_path)).values())


@pytest.mark.parametrize("key", [RSA, ED], ids=["rsa", "ed25519"])
@pytest.mark.parametrize("text", ["Open this link.\n", "Адкрыйце гэтую спасылку.\n", "é" * 3 + "\n"])
def test_a_letter_of_one_part_verifies_too_however_it_is_encoded(key: DkimKey, text: str) -> None:
    note = PlainLetter("reader@mail.example.org", "en", "Please confirm", text, "m4" * 16, 1_735_380_900.0)
    letter = Letter(write_plain(note, HEAD), signer=DkimSigner(DOMAIN, [key])).as_it_is()
    [signature] = signatures(letter)
    assert holds(letter, signature, key.private.public_key())
    encoding = re.search(rb"\r\nContent-Transfer-Encoding: [a-z0-9-]+\r\n", letter)
    assert encoding is not None
    for changed in (b"\r\nContent-Transfer-Encoding: binary\r\n", b"\r\n"):
        assert not holds(letter.replace(encoding[0], changed), signature, key.private.public_key())


def test_two_keys_sign_apart() -> None:
    letter = signed(draft("pardon"), own(), RSA, ED)
    first, second = signatures(letter)
    assert (tags_of(first)["a"], tags_of(second)["a"]) == ("rsa-sha256", "ed25519-sha256")
    assert holds(letter, first, RSA.private.public_key())
    assert holds(letter, second, ED.private.public_key())


READERS: Final = [
    own(), own("a@b.example"), own("читатель@пример.бел"), own("x" * 60 + "@mail.example.org"), own(link="k" * 800),
    own(link="a=b&c=d"), own(link="1f-" + "a" * 24),
]  # fmt: skip


@pytest.mark.parametrize("reader", READERS, ids=range(len(READERS)))
def test_whoever_reads_it_and_however_the_letter_is_put_together(reader: Own) -> None:
    for name in ("pardon", "pardon_update"):
        letter = signed(draft(name, "ru"), reader, RSA)
        [signature] = signatures(letter)
        assert holds(letter, signature, RSA.private.public_key())
        assert letter.endswith(write(draft(name, "ru"), reader).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def test_the_same_letter_is_signed_alike_and_goes_out_alike_after_data() -> None:
    composed = ComposedLetter(draft("pardon"), DkimSigner(DOMAIN, (RSA, ED)))
    plain, dotted = composed.of(own()).as_it_is(), composed.of(own()).dotted()
    assert composed.of(own()).as_it_is() == plain
    assert re.sub(rb"(\A|\r\n)\.\.", rb"\1.", dotted) == plain + b".\r\n"


@pytest.mark.parametrize(
    "body", [b"", b"\r\n", b"a", b"a\r\n", b"a\r\n\r\n\r\n", b" \r\n", b"\r\n\r\na\r\n", b".\r\n..\r\n"]
)
def test_a_body_ends_with_one_line_end_for_who_signs_it(body: bytes) -> None:
    letter = b"From: a@b.example\r\nSubject: s\r\n\r\n" + body
    whole = DkimSigner(DOMAIN, (RSA,)).signatures(letter) + letter
    assert holds(whole, signatures(whole)[0], RSA.private.public_key())


def changes(letter: bytes) -> dict[str, bytes]:
    head, _, body = letter.partition(b"\r\n\r\n")
    added = {name: head + f"\r\n{name}: other@example.org".encode() + b"\r\n\r\n" + body for name in ADDED}
    return {
        "a word of the body": head + b"\r\n\r\n" + body.replace(b"20", b"99", 1),
        "something after the body": letter + b"more\r\n",
        "no way to stop": re.sub(rb"List-Unsubscribe: [^\r]*\r\n", b"", letter),
        "another way to stop": letter.replace(b"/stop/", b"/spam/"),
        **added,
    }


ADDED: Final = (
    "From", "To", "Subject", "Date", "Reply-To", "Sender", "Cc", "Message-ID", "In-Reply-To", "References", "List-Id",
    "List-Unsubscribe", "List-Unsubscribe-Post", "Content-Type", "MIME-Version", "Content-Transfer-Encoding",
)  # fmt: skip


def test_whatever_is_changed_or_added_is_seen() -> None:
    letter = signed(draft("pardon"), own(), ED)
    for what, changed in changes(letter).items():
        assert not holds(changed, signatures(changed)[0], ED.private.public_key()), what


@pytest.mark.parametrize("after", [b"Received: from a by b", b"X-Spam-Status: No", b"Return-Path: <a@b.example>"])
def test_what_mail_servers_add_harms_nothing(after: bytes) -> None:
    letter = after + b"\r\n" + signed(draft("pardon"), own(), RSA)
    assert holds(letter, signatures(letter)[0], RSA.private.public_key())


def test_a_head_that_is_folded_anew_still_verifies() -> None:
    letter = signed(draft("pardon", "ru"), own(), RSA)
    head, gap, body = letter.partition(b"\r\n\r\n")
    other = head.replace(b"\r\n ", b"\r\n\t  ").replace(b"From: ", b"from:   ") + gap + body
    assert holds(other, signatures(other)[0], RSA.private.public_key())


def test_what_rfc_8058_needs_is_signed_and_no_line_is_too_long() -> None:
    letter = signed(draft("pardon"), own(), RSA, ED)
    for signature in signatures(letter):
        names = tags_of(signature)["h"].split(":")
        assert {"list-unsubscribe", "list-unsubscribe-post"} <= set(names)
        assert all(names.count(name) >= 2 for name in ("from", "to", "subject", "date", "message-id"))
        assert "l" not in tags_of(signature)
    assert max(map(len, letter.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 998
    assert [name for name, _ in fields(letter)][:2] == [b"dkim-signature"] * 2


def test_a_letter_without_a_key_is_as_it_was() -> None:
    assert ComposedLetter(draft("pardon")).of(own()).as_it_is().startswith(b"From: ")
    assert not signatures(Letter(b"From: a\r\n\r\n").as_it_is())


WRONG: Final = {
    "short": pem(rsa.generate_private_key(65537, 1024)),
    "curve": pem(ec.generate_private_key(ec.SECP256R1())),
    "sealed": pem(ED.private, b"word"),
    "none": "",
    "text": "MIIEsecretsecret",
    "cut": pem(RSA.private)[:200],
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_key_that_cannot_sign_is_refused_and_not_repeated(kind: str) -> None:
    with pytest.raises(InvalidDkimKey) as raised:
        read_dkim_key("s", WRONG[kind])
    assert not (set(re.findall(r"[\w+/]{16,}", WRONG[kind])) & set(re.findall(r"[\w+/]{16,}", str(raised.value))))
    with pytest.raises(ValidationError) as refused:
        DkimSettings(selector="s", key=SecretStr(WRONG[kind]))
    assert "secret" not in str(refused.value).replace("SecretStr", "")


def test_a_key_shows_itself_nowhere() -> None:
    settings = DkimSettings(selector="s", key=SecretStr(pem(ED.private)))
    shown = f"{settings!r} {settings.signer(DOMAIN)!r} {read_dkim_key('s', pem(ED.private))!r}"
    assert "PRIVATE" not in shown
    assert pem(ED.private)[40:60] not in shown


def test_a_second_key_needs_a_selector_of_its_own() -> None:
    with pytest.raises(ValidationError, match="SECOND_SELECTOR"):
        DkimSettings(selector="s", key=SecretStr(pem(ED.private)), second_key=SecretStr(pem(RSA.private)))


def settings(**changes: Any) -> EmailSettings:
    usual = {"host": "relay.example", "sender": f"alerts@{DOMAIN}", "list_id": f"alerts.{DOMAIN}"}
    return EmailSettings.model_validate({**usual, **changes})


def test_a_discreet_letter_bears_nothing_of_the_other_domain() -> None:
    keys = {"selector": "quiet", "key": pem(ED.private)}
    discreet = DiscreetSettings.model_validate(
        {"sender": "news@notes.example", "list_id": "news.notes.example", "dkim": keys}
    )
    both = settings(discreet=discreet, dkim={"selector": "loud", "key": pem(RSA.private)})
    desk = desk_for("discreet", both)
    of = draft("pardon_update", "en", "discreet")
    of = Draft(of.event, of.rendered, "discreet", desk.head)
    letter = ComposedLetter(of, desk.signer).of(own(link="x" * 54)).as_it_is()
    head = letter.partition(b"\r\n\r\n")[0].lower()
    assert DOMAIN.encode() not in head
    for field in (b"from: newsletter", b" <news@notes.example>\r\n", b"list-id: <news.notes.example>"):
        assert field in head
    assert tags_of(signatures(letter)[0])["d"] == "notes.example"
    assert desk_for("plain", both).head.sender.domain == DOMAIN


def test_without_a_domain_of_its_own_a_discreet_letter_is_signed_as_the_others() -> None:
    desk = desk_for("discreet", settings(dkim={"selector": "loud", "key": pem(RSA.private)}))
    assert desk.head.sender.domain == DOMAIN
    assert desk.signer is not None


def test_a_discreet_domain_without_a_key_is_signed_by_nobody_elses() -> None:
    discreet = {"sender": "news@notes.example", "list_id": "news.notes.example"}
    assert (
        desk_for("discreet", settings(discreet=discreet, dkim={"selector": "l", "key": pem(RSA.private)})).signer
        is None
    )
