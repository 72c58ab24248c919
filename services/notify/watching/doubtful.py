"""Somebody who is watched may be named: until an operator answers, nobody is told, so it sounds at once."""

from __future__ import annotations

from typing import Final

from services.notify.fanout.doubtful_matches import DoubtfulMatches
from services.operations.alarms import Found

MATCH_WAITS: Final = "match_waits"
_SAYS: Final = (
    "{event} may name somebody who is watched ({agreed} agree), and nobody was told of it for that: see 'vestka match "
    "show {id}', then 'vestka match yes' or 'no'"
)


class DoubtfulMatchesWatch:
    kinds: Final = frozenset({MATCH_WAITS})

    def __init__(self, matches: DoubtfulMatches) -> None:
        self._matches = matches

    async def look(self, _now: float) -> list[Found]:
        return [
            Found(MATCH_WAITS, one.id, _SAYS.format(event=one.event, agreed=" and ".join(one.agreed), id=one.id))
            for one in await self._matches.waiting()
        ]
