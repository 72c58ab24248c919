"""Sends the letters that were asked for: which one it is to be is decided here, where nobody waits for the answer.

Whoever asked on a page got theirs long ago, the same for every address. So neither what the page says nor how long it
takes tells whether an address is known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from redis.asyncio import Redis

from services.notify.channels.base import Outcome, Refused, Retry, Sent
from services.notify.channels.email.channel import EmailChannel
from services.notify.channels.email.plain_letter import PlainLetter
from services.notify.content.rendering import Renderer
from services.notify.delivery.retries import wait_before_next
from services.notify.letters.letter_request import LetterRequest, LetterSeal
from services.notify.letters.waiting_letters import WaitingLetters
from services.notify.references import References
from services.notify.throttle.channel_hold import ChannelHold
from services.runtime.clock import rfc3339
from services.runtime.dead_letters import DeadLetters, poison
from services.runtime.metrics import Metrics
from services.runtime.retention import Retention
from services.runtime.streams import Entry, milliseconds_of
from services.subscribers.keyring import OtherKey
from services.subscribers.manage_links import ManageLinks
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import Vault

log = structlog.get_logger(__name__)

_LINKS: Final = {"join": "join", "known": "manage", "manage": "manage", "move_new": "move", "move_old": "move"}
"""The page that each letter's link leads to."""
_FALLBACK: Final = "en"


@dataclass(frozen=True, slots=True)
class PostOffice:
    """`now`: Unix seconds."""

    redis: Redis
    channel: EmailChannel
    channel_hold: ChannelHold
    vault: Vault
    renderer: Renderer
    references: References
    seal: LetterSeal
    links: ManageLinks
    public_url: str
    waiting: WaitingLetters
    dead_letters: DeadLetters
    metrics: Metrics
    now: Callable[[], float]

    async def on_letter(self, entry: Entry) -> None:
        """Whatever becomes of it, nothing of it stays on the stream."""
        try:
            request = self.seal.open(entry.fields.get("letter", ""))
        except OtherKey as error:
            log.error("letter_not_readable", todo=str(error))
            self._count("unknown", "unreadable")
        else:
            await self._send(entry, request)
        await self.redis.xdel(entry.stream, entry.id)

    async def bury(self, entry: Entry, deliveries: int) -> None:
        """Whoever asked asks again; no address stays behind, not even sealed."""
        await self.dead_letters.bury(poison(entry, deliveries, "failed_repeatedly", rfc3339(self.now()), {}))
        await self.redis.xdel(entry.stream, entry.id)
        log.error("entry_buried", stream=entry.stream, entry=entry.id, deliveries=deliveries)

    async def _send(self, entry: Entry, request: LetterRequest) -> None:
        asked = float(entry.fields.get("asked") or milliseconds_of(entry.id) / 1000)
        if self.now() - asked > Retention.LETTERS:
            self._count(request.kind, "too_late")
            return
        held = await self.channel_hold.open_at(self.now()) - self.now()
        if held > 0:
            await self._later(entry, asked, held, attempt=_attempt(entry))
            return
        note = await self._note(entry, request)
        if note is None:
            self._count(request.kind, "nothing_to_send")
            return
        outcome = await self.channel.post(note)
        self._count(request.kind, type(outcome).__name__.lower())
        await self._after(entry, asked, outcome)

    async def _after(self, entry: Entry, asked: float, outcome: Outcome) -> None:
        match outcome:
            case Sent():
                log.info("letter_sent")
            case Refused(reason):
                log.info("letter_refused", reason=reason)
            case Retry(reason, after):
                attempt = _attempt(entry)
                wait = wait_before_next(attempt, after, 0.0) if outcome.spends_attempt else max(1.0, after or 0.0)
                if wait is None:
                    log.info("letter_refused", reason="exhausted")
                else:
                    log.info("letter_waits", reason=reason, attempt=attempt)
                    await self._later(entry, asked, wait, attempt + outcome.spends_attempt)

    async def _later(self, entry: Entry, asked: float, wait: float, attempt: int) -> None:
        fields = {"letter": entry.fields["letter"], "attempt": str(attempt), "asked": f"{asked:.3f}"}
        await self.waiting.wait(fields, wait)

    async def _note(self, entry: Entry, request: LetterRequest) -> PlainLetter | None:
        """None where nothing is to be sent."""
        if request.kind == "none":
            return None
        kind, token, openpgp = str(request.kind), request.token, None
        if kind in ("join", "manage"):
            subscriber = await self.vault.by_address(self.channel.name, request.target)
            if subscriber is None and kind == "manage":
                return None
            known = subscriber is not None and subscriber.active and subscriber.address_on(self.channel.name)
            if subscriber is not None and (known or kind == "manage"):
                kind = "known" if kind == "join" else kind
                digest = await self.vault.digest_of(self.channel.name, request.target)
                token = self.links.token(subscriber.number, digest, self.now())
                openpgp = _certificate_of(subscriber, self.channel.name)
        link = f"{self.public_url.rstrip('/')}/{_LINKS[kind]}/{token}"
        return self._written(entry, request, kind, link, openpgp)

    def _written(self, entry: Entry, request: LetterRequest, kind: str, link: str, openpgp: str | None) -> PlainLetter:
        language = request.language if request.language in self.renderer.page_languages else _FALLBACK
        parts = self.renderer.letter(kind, language=language, link=link)
        return PlainLetter(
            recipient=request.target,
            language=language,
            subject=parts["subject"],
            text=parts["text"],
            message_id=self.references.message_id("letter", entry.fields["letter"], 0),
            at=self.now(),
            openpgp=openpgp,
        )

    def _count(self, kind: str, outcome: str) -> None:
        self.metrics.letters.labels(kind, outcome).inc()


def _certificate_of(subscriber: Subscriber, channel: str) -> str | None:
    """Whoever reads along must not come to the page that shows whom somebody follows, or take the certificate away."""
    return next((one.openpgp for one in subscriber.addresses if one.channel == channel and one.openpgp), None)


def _attempt(entry: Entry) -> int:
    return int(entry.fields.get("attempt") or 1)
