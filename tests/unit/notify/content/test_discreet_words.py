"""What a glance reads of a discreet message says nothing, whatever it is about: of every kind, in each language.

A glance: sender, subject and every other field of a letter's head, what a list of letters shows beside the subject, and
the first 100 characters of each part; in Telegram those of each message, spoilers counted as if they hid nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from html import unescape
from pathlib import Path

import msgspec
import pytest
import yaml

from services.contract import Event, EventType, Status
from services.notify.assembly import renderer_of
from services.notify.channels import EmailChannel, EmailSettings
from services.notify.channels.base import COVER_SLOT, Rendered
from services.notify.channels.email.letter import Own
from services.notify.channels.telegram.bot_text import plain
from services.notify.channels.telegram.composed_text import ComposedText, below_the_opening
from services.notify.content.digest import DigestEntry
from services.notify.content.example_events import example_events
from services.notify.content.reader_view import ReaderView
from services.notify.content.rendering import Renderer
from services.notify.settings import NotifySettings
from tests.letters import LANGUAGES

GLANCE = 100
EVENTS = example_events()
NOTHING = "https://notes.example"
OWN = Own("reader@mail.example.org", f"{NOTHING}/stop/2-abcdefgh", "mfirst0001", "mfirst0000")
CHANNEL = EmailChannel(
    EmailSettings.model_validate(
        {
            "host": "mail.vestka.example",
            "sender": "alerts@vestka.example",
            "list_id": "alerts.vestka.example",
            "discreet": {"sender": "post@notes.example", "list_id": "post.notes.example"},
        }
    )
)


@cache
def renderer() -> Renderer:
    said = {"public_url": "https://vestka.example", "pages_url": "https://vestka.example", "discreet_url": NOTHING}
    return renderer_of(NotifySettings.model_validate({**said, "keys_dir": "no-such-folder"}))


def all_events() -> Iterator[tuple[str, Event]]:
    """Every example, and each of them as an exercise and as a test."""
    for name, event in EVENTS.items():
        yield name, event
        for status in (Status.EXERCISE, Status.TEST):
            yield (
                f"{name}, {status}",
                msgspec.structs.replace(event, data=msgspec.structs.replace(event.data, status=status)),
            )


CASES = [
    pytest.param(event, language, id=f"{name}, {language}") for name, event in all_events() for language in LANGUAGES
]


@cache
def given_away() -> tuple[str, ...]:
    words = yaml.safe_load(Path(__file__).with_name("gives_away.yaml").read_text(encoding="utf-8"))
    for code in LANGUAGES:
        tables = renderer().words[code].words
        for table in ("parties", "authorities", "regions"):
            words += list(_names(tables[table]))
    return tuple(dict.fromkeys(word.lower() for word in words if len(word) > 2))


def _names(node: object) -> Iterator[str]:
    match node:
        case str():
            yield node.strip("«»")
        case dict():
            for inner in node.values():
                yield from _names(inner)


def names_of(event: Event) -> Iterator[str]:
    """Whoever and wherever it names, as it names them."""
    facts = msgspec.to_builtins(event.data.headline_facts)
    claims = [claim.value for claim in event.data.claims]
    for text in re.findall(r"[^\W\d_]{4,}", str([facts, claims])):
        if text[:1].isupper():
            yield text.lower()


def assert_says_nothing(event: Event, shown: str, where: str) -> None:
    low = " ".join(shown.lower().split())
    found = [word for word in (*given_away(), *names_of(event)) if re.search(rf"(?<!\w){re.escape(word)}", low)]
    found += re.findall(r"\b(?:19|20)\d\d\b|\b\d+ ", low) if where in ("subject", "preview") else []
    assert not found, f"{where} says {found}: {shown!r}"


def of_channel(event: Event, language: str, channel: str, parts: tuple[str, ...]) -> Rendered:
    """As somebody far away is told who watches everybody whom it names: who has the most to hide."""
    view = ReaderView("Asia/Tbilisi", frozenset(person.key for person in event.data.persons))
    return renderer().render(event, channel=channel, parts=parts, language=language, mode="discreet", view=view)


def digest_of_all(language: str, channel: str, parts: tuple[str, ...], *, practice: bool = False) -> Rendered:
    wanted = [event for event in EVENTS.values() if (event.type is EventType.SYSTEM_TEST) == practice]
    return renderer().digest(
        [DigestEntry(event, goes_on) for event in wanted for goes_on in (False, True)],
        channel=channel, parts=parts, language=language, mode="discreet", due=1_735_380_000.0, zone="Asia/Tbilisi",
    )  # fmt: skip


def read(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def seen_of_page(html: str) -> str:
    """What a list of letters shows of it, which begins with what is hidden on the page itself."""
    body = re.sub(r"(?s)<!--.*?-->|<style.*?</style>|<title.*?</title>", "", html)
    return " ".join(re.sub(r"[\u034f\u200c\u00a0\s]+", " ", unescape(re.sub(r"<[^>]*>", " ", body))).split())


def test_every_type_of_event_is_looked_at() -> None:
    assert {event.type for event in EVENTS.values()} == set(EventType)


@pytest.mark.parametrize(("event", "language"), CASES)
def test_a_letter(event: Event, language: str) -> None:
    assert_letter_says_nothing(event, of_channel(event, language, "email", EmailChannel.parts))


@pytest.mark.parametrize("practice", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest(language: str, practice: bool) -> None:
    event = EVENTS["pardon"]
    assert_letter_says_nothing(event, digest_of_all(language, "email", EmailChannel.parts, practice=practice))
    assert_chat_says_nothing(event, digest_of_all(language, "telegram", ("html", "plain"), practice=practice))


def assert_letter_says_nothing(event: Event, whole: Rendered) -> None:
    composed = CHANNEL.compose(event, {whole.language: whole}, "discreet")
    for cover in (None, "plums", ""):
        letter = read(composed.of(OWN, None, cover, 0.0).as_it_is())
        assert_says_nothing(event, str(letter["Subject"]), "subject")
        for name, value in letter.items():
            assert_says_nothing(event, f"{name}: {value}", "head")
        text, html = letter.get_body(("plain",)), letter.get_body(("html",))
        assert text is not None
        assert_says_nothing(event, text.get_content()[: None if cover is not None else GLANCE], "text")
        assert (html is None) == (cover is not None)
        lines = text.get_content().splitlines()
        assert cover is not None or lines.index("* * *") > lines.index("·") + 20, "a fold in plain text too"
    assert_page_says_nothing(event, whole.parts["html"])


def assert_page_says_nothing(event: Event, page: str) -> None:
    (title,) = re.findall(r"<title>(.*?)</title>", page)
    assert_says_nothing(event, title, "subject")
    assert_says_nothing(event, seen_of_page(page)[:GLANCE], "preview")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", [pytest.param(event, id=name) for name, event in all_events()])
def test_what_stands_for_a_letter_that_cannot_be_shown(event: Event, language: str) -> None:
    neutral = of_channel(event, language, "email", ("subject",)).neutral
    assert COVER_SLOT in neutral["covered"]
    for name, text in neutral.items():
        assert text.strip()
        assert_says_nothing(event, text, name)


@pytest.mark.parametrize(("event", "language"), CASES)
def test_a_telegram_message(event: Event, language: str) -> None:
    assert_chat_says_nothing(event, of_channel(event, language, "telegram", ("html", "plain")))


def assert_chat_says_nothing(event: Event, whole: Rendered) -> None:
    composed = ComposedText(whole, "discreet")
    for markup in composed.markup(OWN.stop_url):
        assert_says_nothing(event, plain(markup)[:GLANCE], "message")
        in_sight = re.sub(r"(?s)<tg-spoiler>.*?</tg-spoiler>|<a href=[^>]*>", " ", markup)
        assert_says_nothing(event, plain(in_sight), "in sight")
    for text in composed.words(OWN.stop_url):
        assert_says_nothing(event, text[:GLANCE], "message")
        (hidden,) = below_the_opening(text)
        assert_says_nothing(
            event, text.encode("utf-16-le")[: 2 * int(hidden["offset"])].decode("utf-16-le"), "in sight"
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_message_of_a_long_text_begins_with_nothing(language: str) -> None:
    event = EVENTS["arrest"]
    whole = of_channel(event, language, "telegram", ("html", "plain"))
    long = "\n".join(f"<tg-spoiler>Pardoned in Minsk, line {number} of many</tg-spoiler>" for number in range(400))
    words = "\n".join(f"Pardoned in Minsk, line {number} of many" for number in range(400))
    parts = {"html": f"{whole.parts['html']}\n{long}", "plain": f"{whole.parts['plain']}\n{words}"}
    composed = ComposedText(with_parts(whole, parts), "discreet")
    for pieces in (composed.markup(OWN.stop_url), composed.words(OWN.stop_url)):
        assert len(pieces) > 1
        for piece in pieces:
            assert len(plain(piece).encode("utf-16-le")) // 2 <= 4096
            assert_says_nothing(event, plain(piece)[:GLANCE], "message")
        assert all(f"line {number} of many" in "".join(pieces) for number in range(400))


def with_parts(whole: Rendered, parts: dict[str, str]) -> Rendered:
    return Rendered(whole.language, parts, whole.headline, whole.stated, whole.neutral)
