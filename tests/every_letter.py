"""A letter of every kind that we send, as bytes, by a name: what is judged of letters is judged of all of these.

Alerts, updates, corrections, merges, holds and retractions; digests; letters about the subscription itself; each in
every language and mode, and one under a code word. What is encrypted shows nothing to judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Final, get_args

from services.contract import Event, EventType
from services.notify.assembly import renderer_of
from services.notify.channels.base import Rendered
from services.notify.channels.email.channel import EmailChannel
from services.notify.channels.email.guarded_letter import guarded
from services.notify.channels.email.letter import Letterhead, Own
from services.notify.channels.email.mail_addresses import read_mail_address
from services.notify.channels.email.plain_letter import PlainLetter, write_plain
from services.notify.channels.email.writing_desk import WritingDesk
from services.notify.content.digest import DigestEntry
from services.notify.content.example_events import example_events
from services.notify.content.rendering import Renderer
from services.notify.digests.period import published_digest
from services.notify.letters.letter_request import LetterKind
from services.notify.settings import NotifySettings
from services.runtime.clock import unix_of
from services.subscribers.address import Mode

ALERTS: Final = "https://alerts.vestka.example"
PAGES: Final = "https://vestka.example"
TOKEN: Final = "2.kVx3Fz9qWmWvPrAbNhTuQ7dLsYgJRc0yHnGtKwBfXo4"
NEVER_IN_A_DIGEST: Final = (EventType.STORY_RETRACTED, EventType.STORY_HELD, EventType.SYSTEM_TEST)
DUE: Final = unix_of("2024-12-29T07:00:00Z")
ABOUT_THE_SUBSCRIPTION: Final = ("known", *(kind for kind in get_args(LetterKind) if kind != "none"))

_HEAD: Final = Letterhead(read_mail_address("alerts@vestka.example"), "Vestka", "Newsletter", "alerts.vestka.example")
_DESK: Final = WritingDesk(_HEAD, None)
_WORD: Final = "Гербарий"


def renderer_with_pages() -> Renderer:
    given = {"public_url": ALERTS, "pages_url": PAGES, "keys_dir": "no-such-folder"}
    return renderer_of(NotifySettings.model_validate(given))


def every_letter(renderer: Renderer, language: str) -> Iterator[tuple[str, bytes]]:
    for mode in get_args(Mode):
        for name, event in example_events().items():
            yield f"{name}, {mode}", _written(event, alert(renderer, event, language, mode), mode)
        for name, entries in digests().items():
            event = published_digest(_day(), DUE).event
            yield f"{name}, {mode}", _written(event, digest(renderer, entries, language, mode), mode)
    event = example_events()["pardon"]
    yield "under a code word", _written(event, alert(renderer, event, language, "discreet"), "discreet", _WORD)
    for kind in ABOUT_THE_SUBSCRIPTION:
        yield f"about the subscription: {kind}", about_the_subscription(renderer, kind, language)


def alert(renderer: Renderer, event: Event, language: str, mode: Mode) -> Rendered:
    return renderer.render(event, channel="email", parts=EmailChannel.parts, language=language, mode=mode)


def digests() -> dict[str, Sequence[DigestEntry]]:
    """Of one story, of two and of five; told for the first time, and as what goes on."""
    stories = [event for event in example_events().values() if event.type not in NEVER_IN_A_DIGEST]
    return {
        f"digest of {count}{', going on' if goes_on else ''}": [DigestEntry(one, goes_on) for one in stories[:count]]
        for count in (1, 2, 5)
        for goes_on in (False, True)
    }


def digest(renderer: Renderer, entries: Sequence[DigestEntry], language: str, mode: Mode) -> Rendered:
    return renderer.digest(
        entries, channel="email", parts=EmailChannel.parts, language=language, mode=mode, due=DUE, zone="Europe/Warsaw"
    )


def about_the_subscription(renderer: Renderer, kind: str, language: str) -> bytes:
    parts = renderer.letter(kind, language=language, link=f"{ALERTS}/join/{TOKEN}")
    note = PlainLetter(
        recipient="reader@mail.example",
        language=language,
        subject=parts["subject"],
        text=parts["text"],
        message_id="m9f2d7c5ab41d3b80c2",
        at=DUE,
    )
    return write_plain(note, _HEAD)


def _written(event: Event, rendered: Rendered, mode: Mode, word: str | None = None) -> bytes:
    """`word`: a reader's code word, in place of what the letter says."""
    own = Own("reader@mail.example", f"{ALERTS}/stop/{TOKEN}", "m9f2d7c5ab41d3b80c2", "m7b41d39f2d7c5a80c2")
    return guarded(event, rendered, mode, _DESK, _DESK).of(own, None, word, DUE).as_it_is()


def _day() -> date:
    return datetime.fromtimestamp(DUE, UTC).date()
