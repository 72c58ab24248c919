"""The numbers a process shows at `/metrics`. No label ever names a person, an address or a subscriber."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from services.version import VERSION

_LAG_BUCKETS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 86400)


class CountedHistogram(Histogram):
    """Takes the same amount many times at the price of once."""

    def observe_many(self, amount: float, count: int) -> None:
        self._sum.inc(amount * count)
        for bound, bucket in zip(self._upper_bounds, self._buckets, strict=True):
            if amount <= bound:
                bucket.inc(count)
                break


class Metrics:
    """One set for one process; what the HTTP door shows of `registry` says `shared_numbers.shown`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._gauge("build_info", "Which Vestka this is; always 1.", "version").labels(VERSION).set(1)
        self.items = self._counter("items", "Items by what became of them.", "source", "result")
        self.stories_open = self._gauge("stories_open", "Stories that a new report may still join.")
        self.events = self._counter("events", "Events published.", "type")
        self.events_missing = self._counter("events_missing", "Events that were gone from their stream, unrouted.")
        self.deliveries = self._counter("deliveries", "Attempts by outcome.", "channel", "outcome", "reason")
        self.repeats = self._counter("repeats", "Sent again, since nobody knows whether it had arrived.", "channel")
        self.not_sent = self._counter("not_sent", "Deliveries not made, by the named reason.", "channel", "reason")
        self.retries_pending = self._gauge("retries_pending", "Deliveries waiting for their next attempt.", "channel")
        self.dead_letters = self._gauge("dead_letters", "What cannot go on by itself.", "kind")
        self.dead_letters_dropped = self._counter(
            "dead_letters_dropped", "Dead letters that went since there were too many.", "kind"
        )
        self.redis_memory = self._gauge("redis_memory_bytes", "What Redis uses, and what it may use.", "kind")
        self.alarms = self._gauge("alarms", "Conditions that need a person now.", "kind")
        # Not `vestka_alarms_total`: a counter of that name is the same metric as the gauge to Prometheus' client.
        self.alarms_sounded = self._counter("alarms_sounded", "Alarms that began to sound.", "kind")
        self.source_newest = self._gauge(
            "source_newest_item_timestamp_seconds", "When a source's newest item was published.", "source"
        )
        self.refused = self._counter("requests_refused", "Requests turned away, by door and reason.", "kind", "reason")
        self.oldest_pending = self._gauge(
            "stream_oldest_pending_seconds", "Age of the oldest entry read and not finished.", "stream"
        )
        self.letters = self._counter("letters", "Letters about a subscription, by their end.", "kind", "outcome")
        self.bot_updates = self._counter("bot_updates", "What was written to the bot, by what became of it.", "result")
        self.bot_answers = self._counter("bot_answers", "Answers of the bot, by their end.", "outcome")
        self.bounces = self._counter("bounces", "What came back to our sender, by what was done.", "done")
        self.lag = CountedHistogram(
            "vestka_delivery_lag_seconds",
            "From the event to the far side's yes.",
            ["channel"],
            registry=self.registry,
            buckets=_LAG_BUCKETS,
        )

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"vestka_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        # Each is measured when somebody asks; of several processes, only the one that was asked now is right.
        return Gauge(f"vestka_{name}", text, labels, registry=self.registry, multiprocess_mode="mostrecent")
