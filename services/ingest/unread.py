"""The alarm about articles that were given up: it lasts as long as their dead letters lie there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from services.ingest.reading.stopped import REASONS, TOOK_TOO_LONG
from services.runtime.dead_letters import DeadLetters

KINDS: Final = frozenset(REASONS)
"""One alarm for each reason."""

_SAYS: Final = (
    "{count} item(s) could not be read: {what}. The rest goes on. See 'vestka dead list', read them yourself, hand in "
    "what is news, and drop the letters ('vestka dead drop'); tell the developers"
)


@dataclass(frozen=True, slots=True)
class Unread:
    kind: str
    about: str
    says: str


async def unread(letters: DeadLetters) -> tuple[Unread, ...]:
    """What is to be told of now."""
    if not (await letters.counts())["poison"]:
        return ()
    reasons = [buried.letter.reason for buried in await letters.all()]
    return tuple(_of(reason, reasons.count(reason)) for reason in sorted(KINDS) if reason in reasons)


def _of(reason: str, count: int) -> Unread:
    what = "it took longer than VESTKA_READING_DEADLINE" if reason == TOOK_TOO_LONG else "the process that reads died"
    return Unread(reason, "items", _SAYS.format(count=count, what=what))
