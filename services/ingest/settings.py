"""What ingest needs to know; every setting with its default stands in `infra/settings.env`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr

from services.runtime.settings import REPOSITORY, Days, Networks, Port, RuntimeSettings, Seconds

_SHORTEST_TOKEN: Final = 24
_OPERATOR: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


def _operator_tokens(tokens: dict[str, SecretStr]) -> dict[str, SecretStr]:
    if not all(_OPERATOR.fullmatch(name) for name in tokens):
        raise ValueError("an operator's name has small letters, digits, and - _ . between them, at most 40")
    if any(len(token.get_secret_value()) < _SHORTEST_TOKEN for token in tokens.values()):
        raise ValueError(f"a token has at least {_SHORTEST_TOKEN} characters; 'openssl rand -hex 24' makes one")
    if len({token.get_secret_value() for token in tokens.values()}) < len(tokens):
        raise ValueError("two operators have the same token, so the audit could not tell them apart")
    return tokens


OperatorTokens = Annotated[dict[str, SecretStr], AfterValidator(_operator_tokens)]


class IngestSettings(RuntimeSettings):
    ingest_host: str = "127.0.0.1"
    ingest_port: Port = 8701
    report_token: SecretStr | None = None
    """What POST /v1/reports must bear; without it that door is closed."""
    watch_sources: bool = True
    """False: nothing is asked by itself; what is handed in is read all the same."""
    operator_tokens: OperatorTokens = {}
    """Who may decide over HTTP: the operator's name, and what they must bear; without any, those doors are closed."""
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
    reading_deadline: Annotated[float, Field(gt=0, le=3600)] = 20.0
    """Seconds that reading one article may take; then it is given up."""
    alarm_waiting_after: Seconds = 7200.0
    """Seconds a held story may wait for an operator."""
    alarm_official_silent_after: Seconds = 21_600.0
    """Seconds an official source may be silent about a pardon that others report."""
    keep_items_days: Days = 30
    keep_evidence_days: Days = 400
    """How long the bytes are kept that an event rests on."""
