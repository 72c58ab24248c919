"""A sample sent once more in the demo, as an exercise: an event about nothing new, for whoever asked for tests.

Whoever joined while the demo runs has not asked for any; a button that they press, or somebody beside them, asks for it
in their name. Nobody else's choice is touched, also on a Redis that is somebody's own.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from services.contract import Event, Status, event_id
from services.ingest.publishing import Publisher
from services.notify.content.example_events import example_events
from services.runtime.clock import rfc3339
from services.runtime.streams import open_redis
from services.subscribers.key_files import KeyFolder
from services.subscribers.vault import Vault

SAMPLES: Final = {"pardon": "a pardon", "arrest": "an arrest"}
"""Names of the examples, and what the buttons call them."""
_EMAIL: Final = "email"


@dataclass
class Exercise:
    """`join_url`: where somebody joins. `began`: RFC 3339; who is kept for longer did not join here."""

    redis_url: str
    keys: Path
    join_url: str
    began: str = field(default_factory=lambda: rfc3339(time.time()))
    is_ready: bool = False
    """Once the services are, and the first sample has arrived."""

    async def send(self, sample: str, mailboxes: Iterable[str]) -> Event:
        """`mailboxes`: those whose letters come here. Raises KeyError for a sample that there is not."""
        example = example_events()[sample]
        async with self._vault() as (publisher, vault):
            for target in dict.fromkeys(mailboxes):
                await self._have_them_told(vault, target)
            return await publisher.practise(lambda sequence, now: as_exercise(example, sequence, now))

    async def _have_them_told(self, vault: Vault, target: str) -> None:
        someone = await vault.by_address(_EMAIL, target)
        if someone is not None and someone.since >= self.began and not someone.tests:
            await vault.amend(someone.number, lambda known: msgspec.structs.replace(known, tests=True))

    @asynccontextmanager
    async def _vault(self) -> AsyncIterator[tuple[Publisher, Vault]]:
        redis = open_redis(self.redis_url)
        try:
            yield Publisher(redis, time.time), Vault(redis, KeyFolder(self.keys))
        finally:
            await redis.aclose()


def as_exercise(example: Event, sequence: int, now: float) -> Event:
    """A story of its own, which says what the example says. `now`: Unix seconds."""
    story_id = f"exercise-{int(now * 1000)}"
    data = msgspec.structs.replace(
        example.data,
        story_id=story_id,
        revision=1,
        sequence=sequence,
        status=Status.EXERCISE,
        changes=(),
        replaces=None,
    )
    return msgspec.structs.replace(example, id=event_id(story_id, 1), subject=story_id, time=rfc3339(now), data=data)
