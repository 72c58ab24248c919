"""The inbox on the local page: a list, and one letter with everything about it."""

from __future__ import annotations

from typing import Final

from services.demo.caught_letter import CaughtLetter
from services.demo.html_tags import Html, html, scrolling, table, tag
from services.demo.inbox import Inbox
from services.demo.letter_frame import Scheme
from services.demo.wording import count_of, moment

WIDTHS: Final = {"phone": "Phone, 360 px", "desktop": "Desktop"}
SCHEMES: Final[dict[Scheme, str]] = {"system": "System", "light": "Light", "dark": "Dark"}

SHOWN: Final = 30
_NO_SUBJECT: Final = "(no subject)"


def masked(address: str) -> str:
    """Nobody who looks at this page needs the whole address."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}…{at}{domain}" if at else "…"


def inbox_section(inbox: Inbox) -> Html:
    letters = list(reversed(inbox.messages))
    body = html(*map(_card, letters[:1]), _older(letters[1:])) if letters else _waiting(inbox)
    return tag(
        "section",
        tag("h2", "Inbox", tag("span", count_of(inbox.kept.total, "letter"), class_="count")),
        body,
        aria_label="Inbox",
    )


def letter_page(letter: CaughtLetter, scheme: Scheme, width: str) -> Html:
    raw = f"/inbox/{letter.number}.eml"
    return tag(
        "article",
        tag("h1", letter.subject or _NO_SUBJECT),
        _envelope(letter),
        _switches(letter, scheme, width),
        _frame(letter, scheme, width) if letter.html else tag("p", "This letter has no HTML part.", class_="quiet"),
        tag("h2", "The text part"),
        scrolling("pre", letter.text or "(none)", "Text part", "plain"),
        tag("h2", "Headers"),
        scrolling("div", table(_headers(letter), "As received, unfolded and decoded"), "Headers", "scroll"),
        tag("p", tag("a", "Download the raw letter", href=raw, download=f"letter-{letter.number}.eml")),
        class_="letter",
    )


def _card(letter: CaughtLetter) -> Html:
    preview = letter.html and _frame(letter, "system", "column")
    return tag(
        "article",
        tag("h3", _subject(letter)),
        _envelope(letter),
        Html(preview) if preview else tag("pre", letter.text, class_="plain"),
        class_="card",
    )


def _older(letters: list[CaughtLetter]) -> Html | None:
    if not letters:
        return None
    rows = (tag("li", _subject(letter), " ", moment(letter.received_at)) for letter in letters[:SHOWN])
    return html(tag("h3", "Before that"), tag("ul", *rows, class_="older"))


def _subject(letter: CaughtLetter) -> Html:
    return tag("a", letter.subject or _NO_SUBJECT, href=f"/inbox/{letter.number}")


def _envelope(letter: CaughtLetter) -> Html:
    return tag(
        "p",
        tag("span", "From ", tag("b", letter.header("from") or masked(letter.sender))),
        tag("span", "To ", tag("b", masked(letter.recipient))),
        moment(letter.received_at),
        class_="facts",
    )


def _frame(letter: CaughtLetter, scheme: Scheme, width: str) -> Html:
    return tag(
        "div",
        tag(
            "iframe",
            src=f"/inbox/{letter.number}.html?scheme={scheme}",
            title=f"Letter {letter.number} as a mail program shows it",
            sandbox="",
        ),
        class_=f"frame {width} {scheme}",
    )


def _switches(letter: CaughtLetter, scheme: Scheme, width: str) -> Html:
    def to(label: str, new_scheme: str, new_width: str) -> Html:
        here = (new_scheme, new_width) == (scheme, width)
        address = f"/inbox/{letter.number}?scheme={new_scheme}&width={new_width}"
        return tag("a", label, href=address, aria_current="true" if here else None)

    return tag(
        "nav",
        tag("span", *(to(label, key, width) for key, label in SCHEMES.items()), class_="switch"),
        tag("span", *(to(label, scheme, key) for key, label in WIDTHS.items()), class_="switch"),
        aria_label="How to show the letter",
    )


def _headers(letter: CaughtLetter) -> tuple[tuple[str, str], ...]:
    return tuple((name, value.replace(letter.recipient, masked(letter.recipient))) for name, value in letter.headers)


def _waiting(inbox: Inbox) -> Html:
    return tag(
        "p",
        "Waiting for the first letter. This is a real SMTP server; it listens on ",
        tag("code", f"{inbox.host}:{inbox.port}"),
        " and keeps what it gets in memory.",
        class_="waiting",
    )
