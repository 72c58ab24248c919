"""What the gallery shows of news, alerts and digests, as every reader gets it; and letters about a subscription."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Final, get_args

import pysequoia

from services.contract import Event, EventType
from services.demo.gallery.exhibit import ChatBubble, Exhibit
from services.notify.channels import CHANNELS
from services.notify.channels.base import COVER_SLOT, STOP_URL_SLOT, Rendered
from services.notify.channels.email.guarded_letter import guarded
from services.notify.channels.email.letter import Letterhead, Own
from services.notify.channels.email.mail_addresses import read_mail_address
from services.notify.channels.email.writing_desk import WritingDesk
from services.notify.channels.telegram.composed_text import ComposedText
from services.notify.content.alerts.followed import named_now
from services.notify.content.digest import DigestEntry
from services.notify.content.example_events import example_events
from services.notify.content.reader_view import EVERYBODY, ReaderView
from services.notify.content.rendering import Renderer
from services.notify.letters.letter_request import LetterKind
from services.notify.schema_prints import example_body
from services.runtime.clock import unix_of
from services.subscribers.address import Mode
from services.subscribers.certificates import read_certificate

_STOP: Final = "https://alerts.vestka.example/stop/example"
_ABROAD: Final = "Europe/Warsaw"
_WORD: Final = {"en": "Herbarium", "ru": "Гербарий", "be": "Гербарый"}
_NOT_IN_A_DIGEST: Final = (EventType.STORY_RETRACTED, EventType.STORY_HELD, EventType.SYSTEM_TEST)
_DUE: Final = unix_of("2024-12-29T07:00:00Z")
_AT: Final = unix_of("2024-12-28T15:50:00Z")
_HEAD: Final = Letterhead(read_mail_address("post@notes.example"), "Vestka", "Notes", "post.notes.example")


def news_exhibits(renderer: Renderer) -> Iterator[Exhibit]:
    """Every example of an event in every language and mode, and as whoever follows somebody in it gets it."""
    for name, event in example_events().items():
        for language in renderer.languages:
            for mode in get_args(Mode):
                yield _alert(renderer, name, event, language, mode, EVERYBODY)
                if first := next((person.key for person in named_now(event)), None):
                    view = ReaderView(_ABROAD, frozenset({first}))
                    yield _alert(renderer, name, event, language, mode, view)


def digest_exhibits(renderer: Renderer) -> Iterator[Exhibit]:
    """Of one story and of several, told for the first time and as what goes on."""
    told = [event for event in example_events().values() if event.type not in _NOT_IN_A_DIGEST]
    stories = list({event.data.story_id: event for event in told}.values())
    for name, entries in (
        ("digest_of_one", [DigestEntry(stories[0])]),
        ("digest_of_several", [DigestEntry(event, goes_on=bool(at % 2)) for at, event in enumerate(stories)]),
    ):
        for language in renderer.languages:
            for mode in get_args(Mode):
                letter, chat = (
                    _digest(renderer, entries, channel, language, mode) for channel in ("email", "telegram")
                )
                yield Exhibit(name, language, mode, "", letter.parts["subject"], letter.parts, _bubbles(chat, mode))


def guarded_exhibits(renderer: Renderer) -> Iterator[Exhibit]:
    """What stands in place of a letter that may not be shown: a word, ciphertext, a notice."""
    event = example_events()["pardon"]
    for language in renderer.languages:
        rendered = _rendered(renderer, event, "email", language, "discreet", EVERYBODY)
        neutral = rendered.neutral
        subject, word = neutral["subject"], _WORD.get(language, _WORD["en"])
        covered = neutral["covered"].replace(COVER_SLOT, word).replace(STOP_URL_SLOT, _STOP)
        withheld = neutral["withheld"].replace(STOP_URL_SLOT, _STOP)
        yield Exhibit("guarded", language, "under a code word", "", subject, {"text": covered})
        yield Exhibit("guarded", language, "encrypted", "seen from outside", *_from_outside(event, rendered))
        yield Exhibit("guarded", language, "it could not be encrypted", "", subject, {"text": withheld})


def subscription_exhibits(renderer: Renderer) -> Iterator[Exhibit]:
    """Letters about the subscription itself: they are plain text."""
    kinds = ("known", *(kind for kind in get_args(LetterKind) if kind != "none"))
    for kind in kinds:
        for language in renderer.page_languages:
            made = renderer.letter(kind, language=language, link="https://alerts.vestka.example/join/example")
            yield Exhibit(f"letter_{kind}", language, "plain", "", made["subject"], {"text": made["text"]})


def _alert(renderer: Renderer, name: str, event: Event, language: str, mode: Mode, view: ReaderView) -> Exhibit:
    letter, chat = (_rendered(renderer, event, channel, language, mode, view) for channel in ("email", "telegram"))
    whose = "to somebody in Warsaw who follows whom it names" if view.watched else ""
    about = " · ".join(part for part in (str(event.type), whose) if part)
    shows_call = mode == "plain" and not view.watched
    call = json.dumps(example_body(event, renderer), ensure_ascii=False, indent=1) if shows_call else ""
    return Exhibit(name, language, mode, about, letter.parts["subject"], letter.parts, _bubbles(chat, mode), call)


def _rendered(renderer: Renderer, event: Event, channel: str, language: str, mode: Mode, view: ReaderView) -> Rendered:
    parts = CHANNELS[channel].parts
    return _stopped(renderer.render(event, channel=channel, parts=parts, language=language, mode=mode, view=view))


def _digest(renderer: Renderer, entries: Sequence[DigestEntry], channel: str, language: str, mode: Mode) -> Rendered:
    parts = CHANNELS[channel].parts
    return _stopped(
        renderer.digest(
            entries, channel=channel, parts=parts, language=language, mode=mode, due=_DUE, zone=_ABROAD
        )
    )  # fmt: skip


def _stopped(made: Rendered) -> Rendered:
    parts = {part: text.replace(STOP_URL_SLOT, _STOP) for part, text in made.parts.items()}
    return Rendered(made.language, parts, neutral=made.neutral)


def _bubbles(chat: Rendered, mode: Mode) -> tuple[ChatBubble, ...]:
    """The messages that a chat gets, cut as the channel cuts them."""
    return tuple(map(ChatBubble, ComposedText(chat, mode).markup(_STOP)))


def _from_outside(event: Event, rendered: Rendered) -> tuple[str, dict[str, str]]:
    """Subject and text as whoever has no key sees them. The key is made here, and nobody keeps it."""
    key = pysequoia.Tsk.generate("A reader <reader@mail.example>")
    certificate = read_certificate(bytes(key.extract_certificate()), datetime.now(UTC).timestamp())
    desk = WritingDesk(_HEAD, None)
    own = Own("reader@mail.example", _STOP, "m-example", "m-example")
    raw = guarded(event, rendered, "discreet", desk, desk).of(own, certificate, None, _AT).as_it_is()
    letter = message_from_bytes(raw, policy=policy.default)
    sealed = raw.partition(b"-----BEGIN")[2].decode("ascii", "replace").splitlines()
    head = "\n".join(f"{name}: {value}" for name, value in letter.items())
    return str(letter["Subject"]), {"text": f"{head}\n\n-----BEGIN{sealed[0]}\n" + "\n".join(sealed[1:6]) + "\n…\n"}
