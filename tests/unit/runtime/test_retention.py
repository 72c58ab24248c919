"""Nothing is forgotten before that which needs it, whatever the settings say."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.cli.checks import problems_of
from services.ingest.settings import IngestSettings
from services.notify.delivery.retries import MOST_JITTER, SCHEDULE
from services.notify.settings import NotifySettings
from services.runtime.retention import DAY, EVENTS_DAYS_AT_MOST, Retention
from services.runtime.settings import load_settings


@pytest.fixture(autouse=True)
def _no_secrets_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("VESTKA_SECRETS_DIR", str(tmp_path))


def test_without_any_setting_nothing_contradicts_itself() -> None:
    assert list(Retention().contradictions()) == []
    assert load_settings(NotifySettings).retention.events == Retention().events
    assert load_settings(IngestSettings).retention == Retention()


@pytest.mark.parametrize("days", [EVENTS_DAYS_AT_MOST + 1, 500, 36_500])
def test_a_ledger_that_would_forget_before_the_stream_does_is_refused(
    monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    monkeypatch.setenv("VESTKA_KEEP_EVENTS_DAYS", str(days))
    (problem,) = problems_of(["notify"])
    assert problem.startswith("VESTKA_KEEP_EVENTS_DAYS: what was sent is remembered for 500 days")
    assert "490 days at most" in problem


def test_the_longest_that_may_be_set_still_leaves_time_for_every_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTKA_KEEP_EVENTS_DAYS", str(EVENTS_DAYS_AT_MOST))
    assert problems_of(["notify"]) == []
    kept = load_settings(NotifySettings).retention
    assert kept.events + Retention.RETRIES < Retention.LEDGER
    assert Retention.RETRIES < Retention.PROBES
    assert sum(SCHEDULE) * (1 + MOST_JITTER) < Retention.RETRIES


def test_a_story_that_would_go_while_it_may_be_joined_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTKA_KEEP_STORIES_DAYS", "89")
    (problem,) = problems_of(["ingest"])
    assert problem.startswith("VESTKA_KEEP_STORIES_DAYS: a story may be joined for 60 days")
    monkeypatch.setenv("VESTKA_KEEP_STORIES_DAYS", "90")
    assert problems_of(["ingest"]) == []


def test_what_a_story_is_made_of_stays_as_long_as_the_story() -> None:
    assert Retention(stories=90 * DAY).reports == 400 * DAY
    assert Retention(stories=1000 * DAY).reports == 1000 * DAY
