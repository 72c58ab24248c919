"""How full Redis is. It never throws anything away to make room (`noeviction`): full, it refuses what is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis

NEARLY_FULL: Final = 0.8
"""Of what Redis may use; from here on a person should look."""
NO_ROOM_FOR_GUESTS: Final = 0.9
"""From here on what is left is for what we watch and for our readers, and not for whoever hands something in."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes."""

    used: int
    most: int
    """`maxmemory`; 0: there is no limit."""

    @property
    def share(self) -> float:
        """0 to 1, and a little beyond; 0 without a limit."""
        return self.used / self.most if self.most else 0.0


async def memory_of(redis: Redis) -> Memory:
    """As the server counts it against its limit: without the buffers of replicas and of its file."""
    info: Any = await redis.info("memory")
    used = int(info["used_memory"]) - int(info.get("mem_not_counted_for_evict", 0))
    return Memory(used, int(info.get("maxmemory", 0)))
