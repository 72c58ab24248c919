"""Each event is rendered once per channel, language and mode, however many people it goes to."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from services.contract import Event
from services.notify.channels.base import Channel, Delivery, Rendered
from services.notify.content.rendering import Renderer
from services.subscribers.address import Mode

_KEPT = 256
FALLBACK = "en"
"""What a reader gets whose language there is no more."""


class RenderCache:
    """What was rendered lately. Bounded; one for all channels of a process."""

    def __init__(self, renderer: Renderer, fallback: str = FALLBACK) -> None:
        self._renderer = renderer
        self._fallback = fallback
        self._kept: OrderedDict[tuple[str, str, str, Mode], Rendered] = OrderedDict()

    def of(self, delivery: Delivery, channel: Channel) -> Mapping[str, Rendered]:
        """By language: the reader's, or every one the channel wants. Raises what rendering raises: that is ours."""
        known = self._renderer.languages
        reader = delivery.language if delivery.language in known else self._fallback
        wanted = known if channel.languages == "all" else (reader,)
        found = {language: self._one(delivery.event, channel, language, delivery.mode) for language in wanted}
        return found if channel.languages == "all" else {delivery.language: found[reader]}

    def _one(self, event: Event, channel: Channel, language: str, mode: Mode) -> Rendered:
        key = (event.id, channel.name, language, mode)
        if key not in self._kept:
            self._kept[key] = self._renderer.render(
                event, channel=channel.name, parts=channel.parts, language=language, mode=mode
            )
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]
