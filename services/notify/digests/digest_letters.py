"""Digests composed for a channel: those who are told the same in one language and mode share one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final, TypeVar

import structlog

from services.notify.channels.base import Channel, Composed, Rendered
from services.notify.channels.composing import CannotCompose
from services.notify.content.digest import DigestEntry
from services.notify.content.digest_parity import digest_differences
from services.notify.content.parity import Parity
from services.notify.content.plain_facts import plain_part
from services.notify.content.render_cache import FALLBACK
from services.notify.content.rendering import Renderer, RenderingFailed
from services.notify.content.rendering_faults import let_shortage_through
from services.notify.digests.choosing import DigestItem
from services.notify.digests.period import published_digest
from services.notify.pipeline import RENDERINGS_DIFFER
from services.subscribers.digest_topics import zone_of_reader
from services.subscribers.subscriber import Subscriber

log = structlog.get_logger(__name__)
K = TypeVar("K")
V = TypeVar("V")

_KEPT: Final = 64
_Render = Callable[[list[DigestEntry], str], Rendered]
"""In a language (its code). Raises RenderingFailed."""


class DigestLetters:
    """Before the first of those who are told the same is sent it, what it says in every language is held against each
    other, as an event's renderings are: where they differ it goes out in none."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._parity = Parity(renderer.words)
        self._kept: OrderedDict[tuple[object, ...], Composed] = OrderedDict()
        self._agreeing: OrderedDict[tuple[object, ...], bool] = OrderedDict()

    def composed(
        self, reader: Subscriber, channel: Channel, told: Sequence[DigestItem], day: date, due: float
    ) -> Composed:
        """`day`, `due` (Unix seconds): of the digest. Raises CannotCompose where its languages differ; what else it
        raises is ours too."""
        language = reader.language if reader.language in self._renderer.languages else FALLBACK
        which = tuple((one.event.id, one.goes_on) for one in told)
        message = (channel.name, reader.mode, zone_of_reader(reader), due, which)
        key = (language, *message)
        render = partial(self._rendered, reader, channel, due)

        def compose() -> Composed:
            if not _kept(self._agreeing, message, partial(self._agree, told, render)):
                raise CannotCompose(RENDERINGS_DIFFER)
            rendered = self._in_language(told, language, render)
            return channel.compose(published_digest(day, due).event, {language: rendered}, reader.mode)

        return _kept(self._kept, key, compose)

    def _agree(self, told: Sequence[DigestItem], render: _Render) -> bool:
        """A language in which it cannot be rendered as usual is not compared, and a fault of the comparison is none of
        the message."""
        rendered = {}
        for code in self._renderer.languages:
            with suppress(RenderingFailed):
                rendered[code] = render(_entries(told), code)
        texts = {code: one.parts for code, one in rendered.items()}
        subjects = {code: one.headline for code, one in rendered.items()}
        try:
            differing = digest_differences(self._parity, [one.event for one in told], texts, subjects)
        except Exception as error:
            let_shortage_through(error)
            log.error("digest_not_compared", error=type(error).__name__)
            return True
        if differing:
            log.error("digest_renderings_differ", where=[str(one) for one in differing], stories=len(told))
        return not differing

    def _in_language(self, told: Sequence[DigestItem], language: str, render: _Render) -> Rendered:
        entries = _entries(told)
        try:
            return render(entries, language)
        except RenderingFailed as failure:
            log.error("digest_rendered_in_part", why=str(failure))
        return render([self._or_plain(entry, language, render) for entry in entries], language)

    def _rendered(
        self, reader: Subscriber, channel: Channel, due: float, entries: list[DigestEntry], language: str
    ) -> Rendered:
        return self._renderer.digest(
            entries,
            channel=channel.name,
            parts=channel.parts,
            language=language,
            mode=reader.mode,
            due=due,
            zone=zone_of_reader(reader),
        )

    def _or_plain(self, entry: DigestEntry, language: str, render: _Render) -> DigestEntry:
        try:
            render([entry], language)
        except RenderingFailed:
            words = self._renderer.language(language)
            return replace(entry, plain=plain_part(entry.event, words, "plain", "summary", "line"))
        return entry


def _entries(told: Sequence[DigestItem]) -> list[DigestEntry]:
    return [DigestEntry(one.event, one.goes_on) for one in told]


def _kept(cache: OrderedDict[K, V], key: K, make: Callable[[], V]) -> V:
    """What is there, made where it is not; the one that was asked for last stays longest."""
    if key not in cache:
        cache[key] = make()
        if len(cache) > _KEPT:
            cache.popitem(last=False)
    cache.move_to_end(key)
    return cache[key]
