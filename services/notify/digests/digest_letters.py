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
from services.notify.content.parity import Disparity, Parity
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
_NONE: Final = frozenset[int]()
_Render = Callable[[list[DigestEntry], str], Rendered]
"""In a language (its code). Raises RenderingFailed."""


class DigestLetters:
    """Before the first of those who are told the same is sent it, what it says in every language is held against each
    other, as an event's renderings are. One story that differs keeps nobody's digest back: it is told in a plain
    sentence. Where they differ all the same, it goes out in none."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._parity = Parity(renderer.words)
        self._kept: OrderedDict[tuple[object, ...], Composed] = OrderedDict()
        self._plainly: OrderedDict[tuple[object, ...], frozenset[int] | None] = OrderedDict()

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
            plainly = _kept(self._plainly, message, partial(self._told_plainly, told, render))
            if plainly is None:
                raise CannotCompose(RENDERINGS_DIFFER)
            rendered = self._in_language(self._entries(told, plainly, language), language, render)
            return channel.compose(published_digest(day, due).event, {language: rendered}, reader.mode)

        return _kept(self._kept, key, compose)

    def _told_plainly(self, told: Sequence[DigestItem], render: _Render) -> frozenset[int] | None:
        """The places of those that have to be told in a plain sentence for the languages to agree; None: nothing makes
        them. Those that differ by themselves, and else all of them."""
        if not (differing := self._differing(told, _NONE, render)):
            return _NONE
        log.error("digest_renderings_differ", where=[str(one) for one in differing], stories=len(told))
        alone = frozenset(at for at, one in enumerate(told) if self._differing([one], _NONE, render))
        for plainly in dict.fromkeys((alone, frozenset(range(len(told))))):
            if plainly and not self._differing(told, plainly, render):
                log.error("digest_told_plainly", event_ids=[told[at].event.id for at in sorted(plainly)])
                return plainly
        return None

    def _differing(self, told: Sequence[DigestItem], plainly: frozenset[int], render: _Render) -> tuple[Disparity, ...]:
        """A language in which it cannot be rendered as usual is not compared, and a fault of the comparison is none of
        the message."""
        rendered = {}
        for code in self._renderer.languages:
            with suppress(RenderingFailed):
                rendered[code] = render(self._entries(told, plainly, code), code)
        texts = {code: one.parts for code, one in rendered.items()}
        subjects = {code: one.headline for code, one in rendered.items()}
        try:
            return digest_differences(self._parity, [one.event for one in told], texts, subjects)
        except Exception as error:
            let_shortage_through(error)
            log.error("digest_not_compared", error=type(error).__name__)
            return ()

    def _in_language(self, entries: list[DigestEntry], language: str, render: _Render) -> Rendered:
        try:
            return render(entries, language)
        except RenderingFailed as failure:
            log.error("digest_rendered_in_part", why=str(failure))
        return render([self._or_plain(entry, language, render) for entry in entries], language)

    def _entries(self, told: Sequence[DigestItem], plainly: frozenset[int], language: str) -> list[DigestEntry]:
        entries = [DigestEntry(one.event, one.goes_on) for one in told]
        return [self._plain(one, language) if at in plainly else one for at, one in enumerate(entries)]

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
            return self._plain(entry, language)
        return entry

    def _plain(self, entry: DigestEntry, language: str) -> DigestEntry:
        words = self._renderer.language(language)
        return replace(entry, plain=plain_part(entry.event, words, "plain", "summary", "line"))


def _kept(cache: OrderedDict[K, V], key: K, make: Callable[[], V]) -> V:
    """What is there, made where it is not; the one that was asked for last stays longest."""
    if key not in cache:
        cache[key] = make()
        if len(cache) > _KEPT:
            cache.popitem(last=False)
    cache.move_to_end(key)
    return cache[key]
