"""What notify needs to know; every setting with its default stands in `infra/settings.env`."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr

from services.notify.channels import ChannelSettings
from services.notify.channels.email.bounce_settings import BounceMailbox
from services.notify.content.settings import RenderingSettings
from services.operations.telling.settings import Operators
from services.runtime.retention import ATTEMPTS_DAYS, DAY, EVENTS_DAYS, Retention
from services.runtime.settings import Days, Networks, Port, Seconds

_SHORTEST_TOKEN: Final = 24
_HOUR: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def _long_enough(token: SecretStr | None) -> SecretStr | None:
    if token is not None and len(token.get_secret_value()) < _SHORTEST_TOKEN:
        raise ValueError(f"a token has at least {_SHORTEST_TOKEN} characters; 'openssl rand -hex 24' makes one")
    return token


def _time_of_day(given: str) -> str:
    if not _HOUR.fullmatch(given.strip()):
        raise ValueError("it takes a time of day, like 08:00")
    return given.strip()


def _within_the_ledger(days: int) -> int:
    Retention(events=days * DAY).checked()
    return days


class NotifySettings(RenderingSettings):
    notify_host: str = "127.0.0.1"
    notify_port: Port = 8702
    preview_token: Annotated[SecretStr | None, AfterValidator(_long_enough)] = None
    """What POST /v1/preview must bear; without it that door is closed."""
    subscribers_file: Path | None = None
    channels: ChannelSettings = ChannelSettings()
    bounces: BounceMailbox | None = None
    """The mailbox that what could not be delivered comes back to."""
    operators: Operators = Operators()
    """Who is told of alarms."""
    allow_http: bool = False
    """Endpoints without TLS: for development on one machine only."""
    allowed_networks: Networks = ()
    """Networks that are not public and that messages may go to all the same, e.g. 127.0.0.0/8 for the demo."""
    allowed_networks_endpoints: Networks | None = None
    """The same for endpoints alone; where it is set, `allowed_networks` says nothing of them."""
    reclaim_after: Seconds = 15.0
    """Seconds an entry may lie unfinished before another process takes it over."""
    digest_at: Annotated[str, AfterValidator(_time_of_day)] = "08:00"
    """At which hour of the reader's day what interests told daily or weekly ask for goes out; the weekly on Mondays."""
    workers: int = Field(default=32, ge=1, le=10_000)
    """Entries of one deliveries stream worked on at once."""
    alarm_unreachable_after: Seconds = 60.0
    """Seconds that a channel may take nothing, or not answer when asked."""
    alarm_retries_pending: int = Field(default=1000, ge=1)
    """How many deliveries may wait on one channel."""
    alarm_endpoint_failing_after: Seconds = 3600.0
    """Seconds that one endpoint may take nothing."""
    alarm_undelivered_after: Seconds = 900.0
    """Seconds within which an event must have arrived once on every channel that has somebody to reach."""
    alarm_pending_after: Seconds = 300.0
    """Seconds that an entry of a stream may lie unfinished."""
    keep_events_days: Annotated[Days, AfterValidator(_within_the_ledger)] = EVENTS_DAYS
    keep_attempts_days: Days = ATTEMPTS_DAYS
    """Days for which it is known what became of each attempt, for `vestka explain`."""

    @property
    def digest_hour(self) -> time:
        return time.fromisoformat(self.digest_at)

    @property
    def letters_url(self) -> str:
        """The base of links in letters about a subscription, which leave as discreet ones do."""
        return self.discreet_url or self.public_url

    @property
    def sample_stop_url(self) -> str:
        """In place of a reader's own link, where a message is shown and not sent."""
        return self.public_url.rstrip("/") + "/stop/…"

    @property
    def retention(self) -> Retention:
        return Retention(events=self.keep_events_days * DAY, attempts=self.keep_attempts_days * DAY)
