"""The alarms about items that were given up or buried: each lasts as long as its dead letters lie there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from services.contract import ITEMS_STREAM
from services.ingest.reading.stopped import REASONS, TOOK_TOO_LONG
from services.runtime.dead_letters import DeadLetter, DeadLetters

BURIED: Final = "items_buried"
KINDS: Final = frozenset({*REASONS, BURIED})
"""One alarm for each reason why reading was given up, and one for whatever else was buried of what came in."""

_SAYS: Final = (
    "{count} item(s) could not be read: {what}. The rest goes on. See 'vestka dead list', read them yourself, hand in "
    "what is news, and drop the letters ('vestka dead drop'); tell the developers"
)
_SAYS_BURIED: Final = (
    "{count} item(s) could not be handled, which is a fault of ours. The rest goes on. See 'vestka dead list', read "
    "them yourself, hand in what is news, and drop the letters ('vestka dead drop'); tell the developers"
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
    kinds = [kind for buried in await letters.all() if (kind := _kind(buried.letter)) is not None]
    return tuple(_of(kind, kinds.count(kind)) for kind in sorted(KINDS) if kind in kinds)


def _kind(letter: DeadLetter) -> str | None:
    """None: it is notify's, which watches over that."""
    if letter.reason in REASONS:
        return letter.reason
    return BURIED if letter.kind == "poison" and letter.stream == ITEMS_STREAM else None


def _of(reason: str, count: int) -> Unread:
    if reason == BURIED:
        return Unread(BURIED, "items", _SAYS_BURIED.format(count=count))
    what = "it took longer than VESTKA_READING_DEADLINE" if reason == TOOK_TOO_LONG else "the process that reads died"
    return Unread(reason, "items", _SAYS.format(count=count, what=what))
