"""Whichever of several processes is asked, it shows the numbers of all; a restart takes none away."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client import generate_latest, values

from services.runtime.metrics import Metrics
from services.runtime.shared_numbers import FOLDER, keep_numbers_as, shown


@pytest.fixture(autouse=True)
def _one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)


def started_as(number: int) -> Metrics:
    """The process of this number; what was made before is over, since the library writes for one at a time."""
    keep_numbers_as(number)
    return Metrics()


def lines(metrics: Metrics) -> list[str]:
    return generate_latest(shown(metrics.registry)).decode().splitlines()


def test_counters_and_histograms_are_the_sum_of_all() -> None:
    first = started_as(0)
    first.repeats.labels("email").inc(2)
    first.lag.labels("email").observe(0.2)
    second = started_as(1)
    second.repeats.labels("email").inc(3)
    second.lag.labels("email").observe(20)
    for metrics in (first, second):
        assert 'vestka_repeats_total{channel="email"} 5.0' in lines(metrics)
        assert 'vestka_delivery_lag_seconds_count{channel="email"} 2.0' in lines(metrics)
        assert 'vestka_delivery_lag_seconds_bucket{channel="email",le="0.25"} 1.0' in lines(metrics)


@pytest.mark.parametrize("last", [0, 1])
def test_a_gauge_is_what_was_measured_last_and_bears_no_process(last: int) -> None:
    started_as(1 - last).retries_pending.labels("email").set(9)
    metrics = started_as(last)
    metrics.retries_pending.labels("email").set(4)
    assert 'vestka_retries_pending{channel="email"} 4.0' in lines(metrics)


def test_who_takes_a_dead_ones_place_goes_on_with_its_counters_and_not_with_its_gauges(tmp_path: Path) -> None:
    dead = started_as(0)
    dead.repeats.labels("email").inc(2)
    dead.retries_pending.labels("email").set(4)
    files = {file.name for file in tmp_path.iterdir()}
    again = started_as(0)
    assert 'vestka_repeats_total{channel="email"} 2.0' in lines(again)
    again.repeats.labels("email").inc()
    assert 'vestka_repeats_total{channel="email"} 3.0' in lines(again)
    assert not any(line.startswith("vestka_retries_pending{") for line in lines(again))
    assert {file.name for file in tmp_path.iterdir()} == files


def test_alone_a_process_shows_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER)
    metrics = Metrics()
    assert shown(metrics.registry) is metrics.registry
