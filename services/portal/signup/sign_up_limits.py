"""How often somebody may ask for a letter: by network, by address, and all together. No network address is kept.

A network is counted as a hash, salted anew every hour, in the memory of this process. An address is counted in the
store under its keyed hash, for a day; beyond the limit the page says the same, and nothing is sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Final

from redis.asyncio import Redis
from starlette.requests import Request

from services.portal.frame.page_refused import PageRefused
from services.runtime.http.callers import Callers
from services.runtime.http.rate_limit import RateLimit
from services.runtime.retention import Retention

_SALT_LASTS: Final = 3600.0  # seconds
_BURST: Final = 6
"""Of one network at once: a family, or a class in a library."""
LETTERS_A_DAY: Final = 4
"""To one address, whoever asks: enough for a letter that was lost and one that was deleted, and no bombardment."""
_COUNT: Final = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""


def one_mailbox(target: str) -> str:
    """The mailbox that many spellings of an address may lead to. For counting only: not every server has it so."""
    local, _, domain = target.rpartition("@")
    return f"{local.partition('+')[0].replace('.', '') or local}@{domain}"


@dataclass(slots=True)
class SignUpLimits:
    """`per_minute`: of all together, `per_network`: an hour; 0 lifts one. `clock`: seconds that never go back."""

    redis: Redis
    clock: Callable[[], float]
    per_minute: int
    per_network: int
    proxies: Sequence[str] = ()
    """Networks of proxies of ours, whose word on who is behind them is believed."""
    _all: RateLimit | None = field(init=False)
    _networks: RateLimit | None = field(init=False)
    _callers: Callers = field(init=False)
    _salted_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._all = RateLimit(self.per_minute, self.per_minute) if self.per_minute else None
        self._salt_anew()

    def check(self, request: Request) -> None:
        """Counts one more. Raises PageRefused."""
        now = self.clock()
        if now - self._salted_at > _SALT_LASTS:
            self._salt_anew()
        waits = [self._all.take(b"", now)] if self._all is not None else [0.0]
        host = self._host(request)
        if self._networks is not None and host is not None:
            waits.append(self._networks.take(self._callers.key(host), now))
        if max(waits) > 0:
            raise PageRefused.of("too_many", {"retry-after": str(int(max(waits)) + 1)})

    async def may_write_to(self, digest: str) -> bool:
        """Counts one more letter to the mailbox of this keyed hash, see `one_mailbox`."""
        script = self.redis.register_script(_COUNT)
        count = await script(keys=[f"vestka:letters:asked:{digest}"], args=[Retention.LETTERS])
        return int(count) <= LETTERS_A_DAY

    def _salt_anew(self) -> None:
        self._callers, self._salted_at = Callers(secrets.token_bytes(32)), self.clock()
        self._networks = RateLimit(self.per_network / 60, min(_BURST, self.per_network)) if self.per_network else None

    def _host(self, request: Request) -> str | None:
        """None where nobody can tell who it is: behind a proxy that was not named, or an onion service."""
        host = request.client.host if request.client else None
        if self._is_ours(host):
            host = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        try:
            return None if host is None or ip_address(host).is_loopback else host
        except ValueError:
            return None

    def _is_ours(self, host: str | None) -> bool:
        try:
            return host is not None and any(ip_address(host) in ip_network(one) for one in self.proxies)
        except ValueError:
            return False
