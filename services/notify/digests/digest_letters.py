"""Digests composed for a channel: those who are told the same in one language and mode share one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

import structlog

from services.notify.channels.base import Channel, Composed, Rendered
from services.notify.content.digest import DigestEntry
from services.notify.content.plain_facts import plain_part
from services.notify.content.render_cache import FALLBACK
from services.notify.content.rendering import Renderer, RenderingFailed
from services.notify.digests.choosing import DigestItem
from services.notify.digests.period import published_digest
from services.subscribers.digest_topics import zone_of_reader
from services.subscribers.subscriber import Subscriber

log = structlog.get_logger(__name__)

_KEPT: Final = 64


class DigestLetters:
    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._kept: OrderedDict[tuple[object, ...], Composed] = OrderedDict()

    def composed(
        self, reader: Subscriber, channel: Channel, told: Sequence[DigestItem], day: date, due: float
    ) -> Composed:
        """`day`, `due` (Unix seconds): of the digest. What it raises is ours."""
        language = reader.language if reader.language in self._renderer.languages else FALLBACK
        which = tuple((one.event.id, one.goes_on) for one in told)
        key = (channel.name, language, reader.mode, zone_of_reader(reader), due, which)
        if key not in self._kept:
            rendered = self._rendered(reader, language, channel, told, due)
            event = published_digest(day, due).event
            self._kept[key] = channel.compose(event, {language: rendered}, reader.mode)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _rendered(
        self, reader: Subscriber, language: str, channel: Channel, told: Sequence[DigestItem], due: float
    ) -> Rendered:
        entries = [DigestEntry(one.event, one.goes_on) for one in told]
        render = partial(
            self._renderer.digest,
            channel=channel.name,
            parts=channel.parts,
            language=language,
            mode=reader.mode,
            due=due,
            zone=zone_of_reader(reader),
        )
        try:
            return render(entries)
        except RenderingFailed as failure:
            log.error("digest_rendered_in_part", why=str(failure))
        return render([self._or_plain(entry, language, render) for entry in entries])

    def _or_plain(
        self, entry: DigestEntry, language: str, render: Callable[[list[DigestEntry]], Rendered]
    ) -> DigestEntry:
        try:
            render([entry])
        except RenderingFailed:
            words = self._renderer.language(language)
            return replace(entry, plain=plain_part(entry.event, words, "plain", "summary", "line"))
        return entry
