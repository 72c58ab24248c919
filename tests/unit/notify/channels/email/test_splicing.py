"""A spliced letter is, byte for byte, the one that is written for its reader alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notify.channels.base import STOP_URL_SLOT
from services.notify.channels.email import splicing
from services.notify.channels.email.letter import Draft, Letterhead, Own, write
from services.notify.channels.email.mail_addresses import is_written_plainly, read_mail_address
from services.notify.channels.email.splicing import ComposedLetter
from services.subscribers.address import Mode
from tests.conformance.samples import event, rendered
from tests.letters import LANGUAGES, renderer_at

HEAD = Letterhead(read_mail_address("alerts@vestka.example.org"), "Вестка", "Newsletter", "alerts.vestka.example.org")

letters_and_digits = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=8, max_size=60)
links = st.one_of(
    st.builds(
        str.__add__,
        st.sampled_from(["https://vestka.example.org/stop/", "http://127.0.0.1:8702/stop/", "https://x.example/"]),
        st.text("abcXYZ019-._~?%+,@/:", min_size=8, max_size=300),
    ),
    st.sampled_from(
        ["", "https://x.example/?a=1&b=2", "https://x.example/\r\nBcc: b@example.org", "https://пример.бел/"]
    ),
)
readers = st.sampled_from(
    [
        "a@b.cd",
        "reader@mail.example.org",
        "чытач.ў@example.org",
        "o'neill+alerts@xn--e1afmkfd.xn--90ais",
        "x" * 64 + "@x.org",
    ]
)
owns = st.builds(Own, readers, links, letters_and_digits, letters_and_digits)

words = st.one_of(
    st.text("abc DEF=.\t", max_size=90),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=120),
    st.sampled_from(["Помилованы 20 человек", "20 people", ".", "..", "=", " ", "ўі" * 60, "x" * 200, "From here"]),
)
lines = st.lists(st.one_of(words, st.builds("{}{}{}".format, words, st.just(STOP_URL_SLOT), words)), max_size=16)


def text_of(some: Iterable[str], between: str) -> str:
    return between.join(some)


parts = st.builds(text_of, lines, st.sampled_from(["\n", "\r\n", "\r", " "]))


def draft(text: str, html: str, *, mode: Mode = "plain", revision: int = 1) -> Draft:
    return Draft(event(revision=revision), rendered("en", text=text, html=html), mode, HEAD)


def as_the_old_way_writes_it(written: bytes) -> tuple[bytes, bytes]:
    """Without and with the signs that DATA wants."""
    ended = [line + b"\r\n" for line in re.split(rb"\r\n|\r|\n", written.removesuffix(b"\r\n"))]
    dotted = [b"." + line if line.startswith(b".") else line for line in ended]
    return b"".join(ended), b"".join(dotted) + b".\r\n"


def check(whole: Draft, readers_own: Iterable[Own]) -> None:
    composed = ComposedLetter(whole)
    for own in readers_own:
        letter = composed.of(own)
        assert (letter.as_it_is(), letter.dotted()) == as_the_old_way_writes_it(write(whole, own))


@given(parts, parts, st.lists(owns, min_size=1, max_size=4), st.sampled_from(["plain", "discreet"]), st.integers(1, 2))
@example(f".{STOP_URL_SLOT}", f"{STOP_URL_SLOT}{STOP_URL_SLOT}", [], "plain", 1)
def test_whatever_a_letter_says_and_whoever_reads_it(
    text: str, html: str, some: list[Own], mode: Mode, revision: int
) -> None:
    one = Own("reader@example.org", "https://vestka.example.org/stop/" + "k7." * 20, "a" * 32, "b" * 32)
    alike = [one, Own("r@example.org", one.stop_url.replace("k7.", "-~/"), "c" * 32, "d" * 32)]
    check(draft(text, html, mode=mode, revision=revision), [*some, *alike])


@pytest.mark.parametrize("mode", ["plain", "discreet"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("revision", [1, 2])
def test_real_letters_are_spliced_and_not_written_anew(
    mode: Mode, language: str, revision: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = event(revision=revision)
    parts_of = ("subject", "text", "html")
    real = renderer_at("https://vestka.example/").render(
        told, channel="email", parts=parts_of, language=language, mode=mode
    )
    whole = Draft(told, real, mode, HEAD)
    many = [
        Own(
            f"reader{number}@example.org", f"https://vestka.example/stop/{number:056}", f"{number:032}", f"{number:032}"
        )
        for number in range(5)
    ]
    check(whole, many)
    composed, written = ComposedLetter(whole), list[Own]()

    def noted(draft: Draft, own: Own) -> bytes:
        written.append(own)
        return write(draft, own)

    monkeypatch.setattr(splicing, "write", noted)
    for own in many:
        composed.of(own).dotted()
    assert len(written) == 1


@pytest.mark.parametrize("at", range(60, 84))
def test_a_link_that_a_line_break_cuts_anywhere(at: int) -> None:
    """A full stop that a soft line break puts at a line's beginning is doubled for its reader, and for no other."""
    text = "ж = " + "x" * at + STOP_URL_SLOT
    some = [
        Own("reader@example.org", "https://vestka.example.org/stop/" + sign * 120, "a" * 32, "b" * 32) for sign in ".k~"
    ]
    check(draft("= " * 60 + text, f"<p>{'a=' * 50}{text}</p>"), some)


@pytest.mark.parametrize("kind", ["stop", "message", "first"])
@pytest.mark.parametrize("around", ["{}", "\n--=_{}\n", "a{}=\n", "ж{}", "\n.{}"])
def test_a_text_that_holds_our_marks_is_written_for_each(kind: str, around: str) -> None:
    own = Own("reader@example.org", "https://vestka.example.org/stop/" + "k" * 40, "a" * 32, "b" * 32)
    length = {"stop": 64, "message": 32, "first": 32}[kind]
    said = around.format(splicing._mark(kind, length))
    for text, html in ((f"{said} {STOP_URL_SLOT}", "<p>"), ("x", f"<p>{said}"), (said[:20] + "\x00" + said[20:], said)):
        check(draft(text, html, revision=2), [own])


@given(
    st.one_of(
        st.emails(),
        st.from_regex(r"[a-z.+'-]{1,8}@[a-z0-9.-]{1,20}\.[a-z0-9-]{1,5}", fullmatch=True),
        st.from_regex(r"[A-Za-z_.]{1,70}@(xn--)?[a-z0-9]{1,9}\.(xn--)?[a-z]{1,9}", fullmatch=True),
    )
)
def test_an_address_taken_for_plainly_written_is_just_what_reading_makes_of_it(text: str) -> None:
    if is_written_plainly(text):
        assert read_mail_address(text).text == text


@pytest.mark.parametrize("text", ["reader@example.org", "first.last+alerts@mail.example.org", "a-b@x-y.example"])
def test_usual_addresses_are_plainly_written(text: str) -> None:
    assert is_written_plainly(text)


@pytest.mark.parametrize(
    "text",
    ["reader@EXAMPLE.org", "чытач@example.org", "r@xn--e1afmkfd.xn--90ais", "r@x", "r@1.2", "r@x.org\r\nDATA", ""],
)
def test_others_are_looked_at_closely(text: str) -> None:
    assert not is_written_plainly(text)
