"""What ingest needs to know; every setting with its default stands in `infra/settings.env`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator

from services.operations.telling.settings import Operators
from services.runtime.retention import DAY, EVENTS_DAYS, Retention
from services.runtime.settings import REPOSITORY, Days, Networks, Port, RuntimeSettings, Seconds

SHORTEST_TOKEN: Final = 24
"""Characters: what a random token needs so that nobody guesses it."""
ONLY_PARTNER: Final = "partner"
"""Who bears VESTKA_REPORT_TOKEN."""
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


def _long_enough(token: SecretStr) -> SecretStr:
    if len(token.get_secret_value()) < SHORTEST_TOKEN:
        raise ValueError(f"a token has at least {SHORTEST_TOKEN} characters; 'openssl rand -hex 24' makes one")
    return token


def _named_tokens(tokens: dict[str, SecretStr]) -> dict[str, SecretStr]:
    if not all(_NAME.fullmatch(name) for name in tokens):
        raise ValueError("whoever has a token is called by small letters, digits, and - _ . between them, at most 40")
    for token in tokens.values():
        _long_enough(token)
    if len({token.get_secret_value() for token in tokens.values()}) < len(tokens):
        raise ValueError("two of them have the same token, so the audit could not tell them apart")
    return tokens


Token = Annotated[SecretStr, AfterValidator(_long_enough)]
NamedTokens = Annotated[dict[str, SecretStr], AfterValidator(_named_tokens)]


def _long_enough_to_join(days: int) -> int:
    Retention(stories=days * DAY).checked()
    return days


class IngestSettings(RuntimeSettings):
    ingest_host: str = "127.0.0.1"
    ingest_port: Port = 8701
    report_token: Token | None = None
    """What the partner called "partner" bears at POST /v1/reports."""
    report_tokens: NamedTokens = {}
    """Who else may hand in there: the partner's name, which is the name of the source, and what it must bear. Without
    any token that door is closed."""
    reports_per_minute: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)] = 60.0
    reports_burst: Annotated[int, Field(ge=1, le=100_000)] = 120
    reports_per_day: Annotated[int, Field(ge=1, le=10_000_000)] = 2000
    """What one partner may send: in the long run, at once, and in all."""
    watch_sources: bool = True
    """False: nothing is asked by itself; what is handed in is read all the same."""
    operator_tokens: NamedTokens = {}
    """Who may decide over HTTP: the operator's name, and what they must bear; without any, those doors are closed."""
    operators: Operators = Operators()
    """Who is told of alarms."""
    sources_file: Path = REPOSITORY / "infra" / "sources.yaml"
    release_rules_file: Path = REPOSITORY / "infra" / "release_rules.yaml"
    known_acts_file: Path = REPOSITORY / "infra" / "known_acts.yaml"
    story_window_days: Days = 7
    """Days within which reports of one happening meet by all that they have in common."""
    allow_http: bool = False
    """Sources without TLS: for development on one machine only."""
    allowed_networks: Networks = ()
    allowed_networks_sources: Networks | None = None
    """The same for sources alone; where it is set, `allowed_networks` says nothing of them."""
    reclaim_after: Seconds = 15.0
    """Seconds an item may lie unfinished before another process takes it over."""
    reading_deadline: Annotated[float, Field(gt=0, le=3600)] = 20.0
    """Seconds that reading one article may take; then it is given up."""
    reading_warm: bool = True
    """Compile every pattern before the first article comes: some seconds of one core at every start, and then no
    article waits for them. Without it each is compiled when it is first needed."""
    alarm_waiting_after: Seconds = 7200.0
    """Seconds a held story may wait for an operator."""
    alarm_official_silent_after: Seconds = 21_600.0
    """Seconds an official source may be silent about a pardon that others report."""
    keep_items_days: Days = 30
    keep_stories_days: Annotated[Days, AfterValidator(_long_enough_to_join)] = EVENTS_DAYS
    """Days after a story was last touched: longer than it may be joined."""
    keep_audit_days: Days = 1095
    keep_near_misses_days: Days = 30
    """Days that a near miss waits for an operator; then it is gone."""
    keep_examples_days: Days = 1095
    """Days for which an operator's answer to one is kept as a labelled example."""
    keep_dead_letters: Annotated[int, Field(ge=100, le=10_000_000)] = 10_000
    """How many; beyond them the oldest go."""
    keep_evidence_days: Days = EVENTS_DAYS
    """How long the bytes are kept that an event rests on."""

    @field_validator("report_tokens")
    @classmethod
    def _partners_are_apart(cls, given: dict[str, SecretStr], info: ValidationInfo) -> dict[str, SecretStr]:
        only = info.data.get("report_token")
        if only is not None and ONLY_PARTNER in given:
            raise ValueError(f"the partner '{ONLY_PARTNER}' is the one of VESTKA_REPORT_TOKEN; give it another name")
        if only is not None and _are_shared([only], given.values()):
            raise ValueError("one of them is the token of VESTKA_REPORT_TOKEN; give every partner its own")
        return given

    @field_validator("operator_tokens")
    @classmethod
    def _operators_are_no_partners(cls, given: dict[str, SecretStr], info: ValidationInfo) -> dict[str, SecretStr]:
        partners = [info.data.get("report_token"), *(info.data.get("report_tokens") or {}).values()]
        if _are_shared([token for token in partners if token is not None], given.values()):
            raise ValueError("one of them is a partner's token as well, so a partner could decide; make another")
        return given

    @property
    def retention(self) -> Retention:
        return Retention(
            stories=self.keep_stories_days * DAY,
            evidence=self.keep_evidence_days * DAY,
            items=self.keep_items_days * DAY,
            audit=self.keep_audit_days * DAY,
            near_misses=self.keep_near_misses_days * DAY,
            examples=self.keep_examples_days * DAY,
            dead_letters=self.keep_dead_letters,
        )

    @property
    def partners(self) -> dict[str, str]:
        """Every partner's name, and its token."""
        only = {} if self.report_token is None else {ONLY_PARTNER: self.report_token}
        return {name: token.get_secret_value() for name, token in {**only, **self.report_tokens}.items()}


def _are_shared(tokens: Iterable[SecretStr], others: Iterable[SecretStr]) -> bool:
    return not {token.get_secret_value() for token in tokens}.isdisjoint(token.get_secret_value() for token in others)
