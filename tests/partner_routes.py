"""The doors of partners and operators for tests: real ones, with tokens made up and a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx
from redis.asyncio import Redis
from starlette.applications import Starlette

from services.ingest.desk import routes as operators
from services.ingest.intake import Intake
from services.ingest.known_parties import KnownParties
from services.ingest.partners import routes as partners
from services.ingest.store import Results
from services.runtime.http.bearer import Doorkeeper, Gatehouse
from services.runtime.http.rate_limit import RateLimit
from services.runtime.http.web import web_app
from services.runtime.metrics import Metrics

SALT = b"sixteen bytes and more, of a test"
NEWSROOM, EMBASSY = "a-token-for-the-newsroom-in-this-test", "a-token-for-the-embassy-in-this-test"
PARTNERS = {"newsroom": NEWSROOM, "embassy": EMBASSY}


@dataclass
class Gates:
    """`at`: the clock of limits, in seconds."""

    metrics: Metrics = field(default_factory=Metrics)
    at: float = 1000.0
    full: bool = False
    house: Gatehouse = field(init=False)

    def __post_init__(self) -> None:
        self.house = Gatehouse(self.metrics, lambda: self.at, SALT)

    def refused(self, kind: str, reason: str) -> float:
        labels = {"kind": kind, "reason": reason}
        return self.metrics.registry.get_sample_value("vestka_requests_refused_total", labels) or 0.0

    def operators(self, tokens: Mapping[str, str]) -> Doorkeeper:
        return self.house.keeper(operators.KIND, tokens, operators.HINT)

    def partners(
        self,
        redis: Redis,
        tokens: Mapping[str, str] = PARTNERS,
        *,
        burst: int = 120,
        a_day: int = 2000,
        now: Callable[[], float] = lambda: 1_735_380_900.0,
    ) -> Starlette:
        handlers = partners.ReportHandlers(
            intake=Intake(redis),
            results=Results(redis),
            keeper=self.house.keeper(partners.KIND, tokens, partners.HINT),
            turnstile=partners.Turnstile(
                (RateLimit(60, burst), RateLimit(a_day / 1440, a_day)), self.house.refusals, self.house.clock
            ),
            known=KnownParties({"Sample Wire": "sample-wire"}),
            is_full=lambda: self.full,
            now=now,
        )
        return web_app(partners.report_routes(handlers))


def asking(app: Starlette, token: str | None = NEWSROOM, host: str = "192.0.2.7") -> httpx.AsyncClient:
    """`host`: the address that the request comes from."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=(host, 5000), raise_app_exceptions=False),
        base_url="http://ingest.example.org",
        headers={} if token is None else {"authorization": f"Bearer {token}"},
    )
