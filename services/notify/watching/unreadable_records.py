"""Records of subscribers that do not open: whose they are is in `vestka doctor`, and never in an alarm."""

from __future__ import annotations

from typing import Final

from services.operations.alarms import Found
from services.subscribers.vault import Vault

UNREADABLE: Final = "records_unreadable"
_SAYS: Final = (
    "{count} subscriber(s) get nothing, since their records do not open: see 'vestka keys status', and 'vestka doctor' "
    "for which they are"
)


class RecordsWatch:
    kinds: Final = frozenset({UNREADABLE})

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def look(self, _now: float) -> list[Found]:
        count = len(await self._vault.unreadable())
        return [Found(UNREADABLE, "subscribers", _SAYS.format(count=count))] if count else []
