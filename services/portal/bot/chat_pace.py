"""How many commands are looked at: of each chat so many a minute, in a group of each who writes, so that no member can
use up what its administrators may ask for. Whoever wants to be gone is never one too many.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Final, Literal

from services.portal.bot.chat_steps import ChatCommand, ChatStep
from services.runtime.http.rate_limit import RateLimit

_ALWAYS: Final = ("stop", "erase")
_ANSWERED_A_MINUTE: Final = 6
"""Of those that are always done, when they are many."""

Pace = Literal["do", "do_silently", "leave"]


class ChatPace:
    """In the memory of this process, under a keyed hash. `clock`: seconds that never go back."""

    def __init__(self, key: bytes, clock: Callable[[], float], per_minute: int) -> None:
        self._key, self._clock = key, clock
        self._commands = RateLimit(per_minute, per_minute // 2 + 1)
        self._goodbyes = RateLimit(_ANSWERED_A_MINUTE, _ANSWERED_A_MINUTE)

    def of(self, step: ChatStep) -> Pace:
        """Counts one more."""
        if not isinstance(step, ChatCommand):
            return "do"
        who, now = self._who(step), self._clock()
        if not self._commands.take(who, now):
            return "do"
        if step.verb not in _ALWAYS:
            return "leave"
        return "do_silently" if self._goodbyes.take(who, now) else "do"

    def _who(self, command: ChatCommand) -> bytes:
        text = f"{command.chat_id} {command.user_id if command.group else ''}"
        return hmac.digest(self._key, text.encode(), hashlib.sha256)
