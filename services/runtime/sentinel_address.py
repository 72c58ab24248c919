"""Where Redis is found through sentinels: redis+sentinel://user:password@host:port,host:port/master/db.

The form that other tools take too; rediss+sentinel:// is TLS, to the sentinels as well. User and password are those of
the master. The sentinels' own are `sentinel_username` and `sentinel_password` behind a `?`, beside what redis-py takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlencode

from redis.asyncio.connection import parse_url

USUAL_PORT: Final = 26379
_FORM: Final = re.compile(
    r"(?i)(?P<scheme>rediss?)\+sentinel://(?:(?P<who>[^/?#]*)@)?(?P<hosts>[^/?#@]+)"
    r"/(?P<master>[\w.-]+)(?:/(?P<database>\d*))?(?:\?(?P<query>[^#]*))?",
    re.ASCII,
)
_HOST: Final = re.compile(r"(?:\[(?P<six>[\da-fA-F:.]+)\]|(?P<name>[^\[\]:,\s]+))(?::(?P<port>\d{1,5}))?")
_SENTINELS_OWN: Final = ("sentinel_username", "sentinel_password")


@dataclass(frozen=True, slots=True)
class SentinelAddress:
    """Every secret in it is kept out of its `repr`."""

    tls: bool
    hosts: tuple[tuple[str, int], ...]
    master: str
    """Its name in the configuration of the sentinels."""
    database: int
    url: str = field(repr=False)
    """As redis-py takes it, with the name of the master for a host: who connects asks for the real one."""
    options: dict[str, Any] = field(repr=False, compare=False)
    """To connect to a sentinel with: its user and password, and what TLS needs."""

    @classmethod
    def of(cls, url: str) -> SentinelAddress:
        """Raises ValueError, which does not show the address."""
        parts = _FORM.fullmatch(url)
        if parts is None:
            raise ValueError("it looks like redis+sentinel://:PASSWORD@HOST:26379,HOST:26379/MASTER/0")
        query = dict(parse_qsl(parts["query"] or "", keep_blank_values=True))
        own = {name: query.pop(name) for name in _SENTINELS_OWN if name in query}
        database = int(parts["database"] or 0)
        who = "" if parts["who"] is None else f"{parts['who']}@"
        plain = f"{parts['scheme'].lower()}://{who}{parts['master']}/{database}"
        plain += f"?{urlencode(query)}" if query else ""
        return cls(
            tls=parts["scheme"].lower() == "rediss",
            hosts=tuple(_host(one) for one in parts["hosts"].split(",")),
            master=parts["master"],
            database=database,
            url=plain,
            options={
                "username": own.get("sentinel_username"),
                "password": own.get("sentinel_password"),
                **{name: value for name, value in parse_url(plain).items() if name.startswith("ssl_")},
            },
        )

    def __str__(self) -> str:
        """Without any user, password or option."""
        hosts = ",".join(f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in self.hosts)
        return f"redis{'s' if self.tls else ''}+sentinel://{hosts}/{self.master}/{self.database}"


def names_sentinels(url: str) -> bool:
    return url.partition("://")[0].lower() in ("redis+sentinel", "rediss+sentinel")


def _host(given: str) -> tuple[str, int]:
    parts = _HOST.fullmatch(given.strip())
    port = int(parts["port"] or USUAL_PORT) if parts else 0
    if parts is None or not 0 < port < 65_536:
        raise ValueError("a sentinel is HOST:PORT")
    if parts["six"]:
        return parts["six"], port
    name = unquote(parts["name"])
    name.encode("idna")
    return name, port
