"""What ingest needs to know; every setting with its default stands in `infra/settings.env`."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from services.runtime.settings import REPOSITORY, Days, Networks, Port, RuntimeSettings, Seconds


class IngestSettings(RuntimeSettings):
    ingest_host: str = "127.0.0.1"
    ingest_port: Port = 8701
    report_token: SecretStr | None = None
    """What POST /v1/reports must bear; without it that door is closed."""
    watch_sources: bool = True
    """False: nothing is asked by itself; what is handed in is read all the same."""
    sources_file: Path = REPOSITORY / "infra" / "sources.yaml"
    release_rules_file: Path = REPOSITORY / "infra" / "release_rules.yaml"
    known_acts_file: Path = REPOSITORY / "infra" / "known_acts.yaml"
    story_window_days: Days = 7
    """Days within which reports of one happening meet by all that they have in common."""
    allow_http: bool = False
    """Sources without TLS: for development on one machine only."""
    allowed_networks: Networks = ()
    reclaim_after: Seconds = 15.0
    """Seconds an item may lie unfinished before another process takes it over."""
    alarm_waiting_after: Seconds = 7200.0
    """Seconds a held story may wait for an operator."""
    alarm_official_silent_after: Seconds = 21_600.0
    """Seconds an official source may be silent about a pardon that others report."""
    keep_items_days: Days = 30
    keep_evidence_days: Days = 400
    """How long the bytes are kept that an event rests on."""
