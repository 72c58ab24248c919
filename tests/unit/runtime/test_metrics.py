from __future__ import annotations

import pytest
from prometheus_client import generate_latest

from services.runtime.metrics import Metrics


def test_the_numbers_have_the_names_that_dashboards_depend_on() -> None:
    """design/interfaces.md, Metrics."""
    metrics = Metrics()
    metrics.items.labels("sample", "new").inc()
    metrics.events.labels("pardon.announced").inc()
    metrics.deliveries.labels("email", "sent", "").inc()
    metrics.lag.labels("email").observe(0.3)
    metrics.retries_pending.labels("email").set(1)
    metrics.dead_letters.labels("poison").set(1)
    metrics.source_newest.labels("sample").set(1)
    metrics.oldest_pending.labels("vestka:events").set(1)
    shown = generate_latest(metrics.registry).decode()
    for sample in (
        'vestka_items_total{result="new",source="sample"} 1.0',
        "vestka_stories_open 0.0",
        'vestka_events_total{type="pardon.announced"} 1.0',
        'vestka_deliveries_total{channel="email",outcome="sent",reason=""} 1.0',
        'vestka_delivery_lag_seconds_bucket{channel="email",le="0.5"} 1.0',
        'vestka_retries_pending{channel="email"} 1.0',
        'vestka_dead_letters{kind="poison"} 1.0',
        'vestka_source_newest_item_timestamp_seconds{source="sample"} 1.0',
        'vestka_stream_oldest_pending_seconds{stream="vestka:events"} 1.0',
    ):
        assert sample in shown


def test_two_sets_in_one_process_are_apart() -> None:
    one, other = Metrics(), Metrics()
    one.events.labels("system.test").inc()
    assert b"system.test" not in generate_latest(other.registry)


def test_no_label_names_a_person() -> None:
    metrics = Metrics()
    labels = {label for collector in vars(metrics).values() for label in getattr(collector, "_labelnames", ())}
    assert labels == {"source", "result", "type", "channel", "outcome", "reason", "kind", "stream", "done"}


def test_many_of_one_amount_count_as_if_each_had_been_told() -> None:
    together, apart = Metrics(), Metrics()
    for amount, count in ((0.0, 2), (0.1, 3), (0.3, 5), (1e6, 4)):
        together.lag.labels("email").observe_many(amount, count)
        for _ in range(count):
            apart.lag.labels("email").observe(amount)
    assert _lags(together) == pytest.approx(_lags(apart))


def _lags(metrics: Metrics) -> dict[str, float]:
    [lag] = metrics.lag.collect()
    return {f"{one.name} {one.labels}": one.value for one in lag.samples if not one.name.endswith("_created")}
