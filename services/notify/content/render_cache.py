"""Each event is rendered and composed once per channel, language and mode, however many people it goes to.

Before the first of them goes out, what it says in every language is held against each other: its renderings, or what
they are made of where messages of its shape were compared before (`proven_shapes`). Languages that are rendered because
somebody reads them are compared in any case. A rendering that fails is a plain text of the facts, and noted: whoever
watches makes an alarm of it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final

from services.contract import Event
from services.notify.channels.base import Channel, Composed, Rendered
from services.notify.content.as_news import id_of_original
from services.notify.content.parity import Disparity, Parity
from services.notify.content.proven_shapes import ProvenShapes
from services.notify.content.reader_view import EVERYBODY, ReaderView
from services.notify.content.rendering import Renderer, RenderingFailed
from services.notify.content.rendering_faults import let_shortage_through
from services.subscribers.address import MODES, Mode

_Key = tuple[str, str, str, Mode, str | None, frozenset[str]]
"""Of an event, a channel, a language ("": every one), a mode, and what a reader's view differs in."""

_KEPT = 512
_MESSAGES_KEPT: Final = 128
"""Of one event there are as many as channels and modes, and more where readers watch somebody whom it names; only the
newest events are asked for."""
_NOBODY: Final = frozenset[str]()
_FAILURES_KEPT: Final = 256
_FOR_PROGRAMS: Final[Mode] = "plain"
"""The mode of what nobody reads off a screen: a channel with nothing personal says the same in each."""
FALLBACK = "en"
"""What a reader gets whose language there is no more."""


class RenderingsDiffer(Exception):
    """The languages of a message say different things, so it goes out in none. The text names parts and languages."""


class _Message:
    """One event on one channel in one mode, for those who watch the same of its people: in the languages rendered so
    far; and where these do not agree."""

    def __init__(self, watched: frozenset[str]) -> None:
        self.watched = watched
        self.rendered: dict[str, Rendered] = {}
        self.failed: dict[str, RenderingFailed] = {}
        """Languages of which there is a plain text at most."""
        self.compared = False
        """Every language was held against the others."""
        self.differs: tuple[Disparity, ...] = ()

    def in_language(self, language: str) -> Rendered:
        """Raises RenderingFailed, where even a plain text could not be made."""
        if language not in self.rendered:
            raise self.failed[language]
        return self.rendered[language]


class RenderCache:
    """What was rendered and composed lately. Bounded; one for all channels of a process."""

    def __init__(self, renderer: Renderer, fallback: str = FALLBACK) -> None:
        self._renderer = renderer
        self._fallback = fallback
        self._parity = Parity(renderer.words)
        self._proven = ProvenShapes(renderer, self._parity)
        self._kept: OrderedDict[_Key, Composed] = OrderedDict()
        self._messages: OrderedDict[tuple[str, str, Mode, frozenset[str]], _Message] = OrderedDict()
        self._failures: OrderedDict[str, str] = OrderedDict()

    def forget_readers(self) -> None:
        """What was made for those who watch somebody, and so says that somebody does."""
        for key in [key for key in self._kept if key[-1]]:
            del self._kept[key]
        for message in [message for message in self._messages if message[-1]]:
            del self._messages[message]

    @property
    def version(self) -> str:
        """See `Renderer.version`."""
        return self._renderer.version

    def of(self, event: Event, channel: Channel, language: str, mode: Mode, view: ReaderView = EVERYBODY) -> Composed:
        """In the reader's language, or in every one the channel wants. Raises RenderingsDiffer, and what rendering and
        composing raise: that is ours."""
        every = channel.languages == "all"
        reader = language if language in self._renderer.languages else self._fallback
        mode, view = (mode, view) if channel.personal else (_FOR_PROGRAMS, EVERYBODY)
        key = event.id, channel.name, "" if every else reader, mode, view.zone, view.watched
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        composed = self._kept[key] = self._composed(event, channel, reader, mode, view)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return composed

    def _composed(self, event: Event, channel: Channel, reader: str, mode: Mode, view: ReaderView) -> Composed:
        every = channel.languages == "all"
        message = self._message(event, channel, mode, view.watched)
        self._render(message, event, channel, mode, self._renderer.languages if every else (reader,))
        if message.differs and view.watched:  # then they read what everybody does
            self._note(event, f"of those who are followed, {message.differs[0]}")
            return self.of(event, channel, reader, mode, replace(view, watched=_NOBODY))
        if message.differs:
            raise RenderingsDiffer("; ".join(map(str, message.differs)))
        wanted = (tuple(message.rendered) if every else ()) or (reader,)
        rendered = {one: self._renderer.at_zone(message.in_language(one), event, view.zone) for one in wanted}
        return channel.compose(event, rendered, mode)

    def differing(self, event: Event, channel: Channel) -> tuple[str, ...]:
        """Where the event's renderings for the channel do not agree, a line each; none where all do."""
        modes = {
            mode: self._message(event, channel, mode) for mode in (MODES if channel.personal else (_FOR_PROGRAMS,))
        }
        return tuple(f"{channel.name}, {mode}: {one}" for mode, message in modes.items() for one in message.differs)

    def take_failures(self) -> dict[str, str]:
        """The events of which a rendering failed since this was asked last, each with the place of the failure."""
        taken, self._failures = dict(self._failures), OrderedDict()
        return taken

    def put_back(self, failures: Mapping[str, str]) -> None:
        """Those that were taken and could not be noted."""
        self._failures = OrderedDict({**failures, **self._failures})

    def _message(self, event: Event, channel: Channel, mode: Mode, watched: frozenset[str] = _NOBODY) -> _Message:
        """Compared in every language, by itself or by its shape."""
        key = (event.id, channel.name, mode, watched)
        if key not in self._messages:
            self._messages[key] = _Message(watched)
            if len(self._messages) > _MESSAGES_KEPT:
                self._messages.popitem(last=False)
        self._messages.move_to_end(key)
        message = self._messages[key]
        if not message.compared:
            self._compare(message, event, channel, mode)
            message.compared = True
        return message

    def _compare(self, message: _Message, event: Event, channel: Channel, mode: Mode) -> None:
        """A channel that wants every language has them rendered anyway."""
        which = f"{channel.name} {mode}"
        by_shape = channel.languages == "reader" and not message.watched
        if by_shape and self._proven.covers(event, which):
            return
        self._render(message, event, channel, mode, self._renderer.languages)
        if by_shape and not message.failed and not message.differs:
            self._proven.note(event, which)

    def _render(self, message: _Message, event: Event, channel: Channel, mode: Mode, languages: Iterable[str]) -> None:
        """Those that are not there yet; and compares whatever is there then."""
        view = ReaderView(watched=message.watched)
        new = [one for one in languages if one not in message.rendered and one not in message.failed]
        for language in new:
            asked = partial(_asked, event, channel, language, mode)
            try:
                message.rendered[language] = asked(partial(self._renderer.render, view=view))
            except RenderingFailed as failure:
                message.failed[language] = failure
                self._note(event, str(failure))
                with suppress(RenderingFailed):
                    message.rendered[language] = asked(self._renderer.plain)
        if not new or message.differs:
            return
        usual = {code: one.parts for code, one in message.rendered.items() if code not in message.failed}
        try:
            message.differs = self._parity.differences(event, usual, followed=bool(message.watched))
        except Exception as error:  # a fault of the comparison is no fault of the message: it is noted, and goes out
            let_shortage_through(error)
            self._note(event, f"services/notify/content/parity.py: error of type {type(error).__name__}")

    def _note(self, event: Event, where: str) -> None:
        self._failures[id_of_original(event)] = where
        if len(self._failures) > _FAILURES_KEPT:
            self._failures.popitem(last=False)


def _asked(event: Event, channel: Channel, language: str, mode: Mode, render: Callable[..., Rendered]) -> Rendered:
    return render(event, channel=channel.name, parts=channel.parts, language=language, mode=mode)
