"""An event before it goes out: how many would get it, never who, and what they would read. Sends nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, Final

from services.contract import Event, EventData
from services.notify.channels import CHANNELS
from services.notify.channels.base import STOP_URL_SLOT, Rendered
from services.notify.content.render_cache import FALLBACK
from services.notify.content.rendering import Renderer
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.revisions import Revisions, had_earlier
from services.notify.fanout.routing import NotSent, route
from services.subscribers.address import MODES, Mode
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import Vault
from services.subscribers.watched_persons import MatchAnswers

Answers = Callable[[EventData], Awaitable[MatchAnswers]]
EVERY_LANGUAGE: Final = "all"
"""In place of a language: a channel that carries them all in one message."""


@dataclass(frozen=True, slots=True)
class Readers:
    """How many get the same message."""

    channel: str
    language: str
    mode: Mode
    readers: int


@dataclass(frozen=True, slots=True)
class Message:
    """What they get: the channel's parts by name, with a sample where the reader's own link goes."""

    channel: str
    language: str
    mode: Mode
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Preview:
    event: Event
    readers: tuple[Readers, ...]
    messages: tuple[Message, ...]

    @property
    def by_channel(self) -> dict[str, int]:
        """Of every channel that was asked for, those without a reader too."""
        counts = dict.fromkeys(dict.fromkeys(one.channel for one in self.messages), 0)
        for one in self.readers:
            counts[one.channel] = counts.get(one.channel, 0) + one.readers
        return counts


@dataclass(frozen=True, slots=True)
class Previewer:
    """Asks the same questions as the road: `routing` who, `rendering` what."""

    vault: Vault
    ledgers: Mapping[str, Ledger]
    """Of the channels that are meant, by name."""
    revisions: Revisions
    renderer: Renderer
    sample_stop_url: str
    """Shown in place of a reader's own link."""
    answers: Answers
    """Of operators, about who is named in a story."""

    async def preview(self, event: Event) -> Preview:
        """Raises RenderingFailed, and RedisError."""
        messages = tuple(self._messages(event))
        replaced = await self.revisions.is_replaced(event.data)
        return Preview(event, () if replaced else await self._readers(event), messages)

    async def _readers(self, event: Event) -> tuple[Readers, ...]:
        earlier = {
            name: frozenset(await had_earlier(ledger, self.revisions, event)) for name, ledger in self.ledgers.items()
        }
        counts: Counter[tuple[str, str, Mode]] = Counter()
        answers = await self.answers(event.data)
        for shard in range(self.vault.shards):
            people = await self.vault.in_shard(shard)
            for name in self.ledgers:
                counts.update(self._alike(event, name, people, earlier[name], answers))
        return tuple(Readers(*alike, count) for alike, count in sorted(counts.items()))

    def _alike(
        self, event: Event, channel: str, people: Iterable[Subscriber], earlier: Set[int], answers: MatchAnswers
    ) -> Iterator[tuple[str, str, Mode]]:
        """One for everybody who gets it, at once or in a digest: which of the messages."""
        for one in people:
            had_one = not earlier.isdisjoint((one.number, *one.kin))
            verdict = route(event, one, channel, had_one, answers)
            if not isinstance(verdict, NotSent) or verdict is NotSent.IN_DIGEST:
                yield channel, self._language(channel, one.language), one.mode

    def _language(self, channel: str, wanted: str) -> str:
        if CHANNELS[channel].languages == "all":
            return EVERY_LANGUAGE
        return wanted if wanted in self.renderer.languages else FALLBACK

    def _messages(self, event: Event) -> Iterator[Message]:
        for channel in self.ledgers:
            parts = CHANNELS[channel].parts
            for language in self.renderer.languages:
                for mode in MODES:
                    rendered = self.renderer.render(event, channel=channel, parts=parts, language=language, mode=mode)
                    yield Message(channel, language, mode, self._shown(rendered))

    def _shown(self, rendered: Rendered) -> dict[str, str]:
        return {name: text.replace(STOP_URL_SLOT, self.sample_stop_url) for name, text in rendered.parts.items()}


def preview_document(preview: Preview) -> dict[str, Any]:
    """As plain JSON values."""
    return {
        "event": preview.event.id,
        "type": preview.event.type.value,
        "channels": preview.by_channel,
        "readers": [
            {"channel": one.channel, "language": one.language, "mode": one.mode, "readers": one.readers}
            for one in preview.readers
        ],
        "messages": [
            {"channel": one.channel, "language": one.language, "mode": one.mode, "parts": dict(one.parts)}
            for one in preview.messages
        ],
    }
