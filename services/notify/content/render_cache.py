"""Each event is rendered and composed once per channel, language and mode, however many people it goes to."""

from __future__ import annotations

from collections import OrderedDict

from services.contract import Event
from services.notify.channels.base import Channel, Composed, Rendered
from services.notify.content.rendering import Renderer
from services.subscribers.address import Mode

_KEPT = 256
FALLBACK = "en"
"""What a reader gets whose language there is no more."""


class RenderCache:
    """What was composed lately. Bounded; one for all channels of a process."""

    def __init__(self, renderer: Renderer, fallback: str = FALLBACK) -> None:
        self._renderer = renderer
        self._fallback = fallback
        self._kept: OrderedDict[tuple[str, str, str, Mode], Composed] = OrderedDict()

    def of(self, event: Event, channel: Channel, language: str, mode: Mode) -> Composed:
        """In the reader's language, or in every one the channel wants. Raises what rendering and composing raise: that
        is ours."""
        every = channel.languages == "all"
        known = self._renderer.languages
        reader = language if language in known else self._fallback
        key = (event.id, channel.name, "" if every else reader, mode)
        if key not in self._kept:
            wanted = known if every else (reader,)
            self._kept[key] = channel.compose(
                event, {one: self._rendered(event, channel, one, mode) for one in wanted}, mode
            )
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _rendered(self, event: Event, channel: Channel, language: str, mode: Mode) -> Rendered:
        return self._renderer.render(event, channel=channel.name, parts=channel.parts, language=language, mode=mode)
