"""Connections that ask sentinels where the master is, each time they are opened: so nobody needs to notice a failover.

What https://redis.io/docs/latest/develop/reference/sentinel-clients/ asks of a client: the sentinels in order, first
the one that answered last; ROLE before a connection is used; and all anew when it breaks.
"""

from __future__ import annotations

from typing import Any

from redis.asyncio.connection import AbstractConnection, Connection, SSLConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError, ResponseError
from redis.exceptions import ConnectionError as RedisConnectionError

from services.runtime.sentinel_address import SentinelAddress, names_sentinels
from services.runtime.server_words import server_word

_PATIENCE = 1.0  # seconds for one sentinel to let us in, and to answer
_KEPT_OUT = ("NOAUTH", "WRONGPASS", "NOPERM")
_NO_MASTER = ("READONLY", "UNBLOCKED")
"""What a server that became a replica answers to a write, and to who waits for a stream on it."""


class NoMaster(RedisConnectionError):
    """No sentinel answers, or none knows a master of that name."""


def reached_at(url: str) -> tuple[str, type[AbstractConnection] | None]:
    """What redis-py connects to, and by which class where the one of the address will not do. Raises ValueError."""
    if not names_sentinels(url):
        return url, None
    address = SentinelAddress.of(url)
    base = SSLConnection if address.tls else Connection
    return address.url, type("MasterConnection", (_ToTheMaster, base), {"sentinels": Sentinels(address)})


class Sentinels:
    """Who knows where the master is. Holds no connection: each question opens one and closes it."""

    def __init__(self, address: SentinelAddress) -> None:
        self._address = address
        self._hosts = list(address.hosts)

    async def master(self) -> tuple[tuple[str, int], tuple[str, int]]:
        """The master's host and port, and those of the sentinel that said so. Raises NoMaster, AuthenticationError."""
        kept_out = False
        for host in tuple(self._hosts):
            try:
                found = await self.asked(host)
            except RedisError as error:
                kept_out = (
                    kept_out or isinstance(error, AuthenticationError) or server_word(error, _KEPT_OUT) is not None
                )
                found = None
            if found is not None:
                return found, host
            self.doubt(host)
        if kept_out:
            raise AuthenticationError("a sentinel does not let us in: see sentinel_password in REDIS_URL")
        raise NoMaster("no sentinel names a master")

    def doubt(self, host: tuple[str, int]) -> None:
        """It is asked last from now on: it is silent, knows no master, or named one that is none."""
        self._hosts.remove(host)
        self._hosts.append(host)

    async def asked(self, host: tuple[str, int]) -> tuple[str, int] | None:
        """What this sentinel says; None where it knows no master of that name. Raises RedisError."""
        kind = SSLConnection if self._address.tls else Connection
        connection = kind(
            host=host[0],
            port=host[1],
            protocol=2,
            decode_responses=True,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            retry=Retry(NoBackoff(), 0),
            **self._address.options,
        )
        try:
            await connection.connect()  # type: ignore[no-untyped-call]
            await connection.send_command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", self._address.master)
            found: Any = await connection.read_response()
        finally:
            await connection.disconnect(nowait=True)
        return (str(found[0]), int(found[1])) if found else None


class _ToTheMaster:
    """Put before a connection of redis-py. FastStream and our own clients take such a class alike."""

    sentinels: Sentinels
    host: str
    port: int

    async def connect_check_health(self, *args: Any, **kwargs: Any) -> None:
        base: Any = super()
        if base.is_connected:
            return
        (self.host, self.port), told_by = await self.sentinels.master()
        try:
            await base.connect_check_health(*args, **kwargs)
        except RedisConnectionError:
            self.sentinels.doubt(told_by)
            raise

    async def on_connect_check_health(self, *args: Any, **kwargs: Any) -> None:
        """The rest of the greeting, and whether it is a master: a sentinel may be late to hear that it is no more."""
        base: Any = super()
        await base.on_connect_check_health(*args, **kwargs)
        await base.send_command("ROLE", check_health=False)
        try:
            role: Any = await base.read_response()
        except ResponseError as error:
            if server_word(error, {"NOPERM"}) is None and "permission" not in str(error):
                raise
            return  # a user that may not ask; a replica answers READONLY later
        if role[0] not in ("master", b"master"):
            raise RedisConnectionError("the server that the sentinels name is no master")

    async def read_response(self, *args: Any, **kwargs: Any) -> Any:
        """A master that became a replica counts as a lost connection: the next one goes to its successor."""
        base: Any = super()
        try:
            return await base.read_response(*args, **kwargs)
        except ResponseError as error:
            if server_word(error, _NO_MASTER) is not None:
                await base.disconnect(nowait=True)
                raise RedisConnectionError("the server is no master any more") from None
            raise
