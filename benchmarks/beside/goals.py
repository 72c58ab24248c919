"""What was aimed at, held against what came of a run: a line each, with by how much it is missed. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Rows = Mapping[str, Mapping[str, Sequence[Mapping[str, float]]]]
"""As `results.Results.rows`: by case and who, one a round."""


@dataclass(frozen=True, slots=True)
class Goal:
    """`found` gives a figure of a run, or None where it was not measured; it is to be `wanted` at least, or at most."""

    what: str
    wanted: float
    at_least: bool
    found: Callable[[Rows], float | None]
    in_the_way: str
    """What stands in the way, where it is missed."""

    def said(self, rows: Rows) -> tuple[str, ...] | None:
        """A line of a table; None where it was not measured."""
        found = self.found(rows)
        if found is None:
            return None
        kept = found >= self.wanted if self.at_least else found <= self.wanted
        bound = f"{'≥' if self.at_least else '≤'} {self.wanted:g}"
        return self.what, bound, f"{found:.3g}", "yes" if kept else f"no, {_by(found, self.wanted)}: {self.in_the_way}"


def table(rows: Rows) -> str:
    """In Markdown; empty where nothing of it was measured."""
    lines = [said for goal in GOALS if (said := goal.said(rows)) is not None]
    if not lines:
        return ""
    head = [("goal", "wanted", "found", "kept"), ("---",) * 4]
    return "\n".join("| " + " | ".join(line) + " |" for line in [*head, *lines])


def _by(found: float, wanted: float) -> str:
    return f"{found / wanted:.2f} of it" if wanted else f"{found:g} more"


def _beside(case: str, other: str, column: str, ours: str = "vestka") -> Callable[[Rows], float | None]:
    """Ours in the other's terms, the median over the rounds."""

    def found(rows: Rows) -> float | None:
        case_rows = rows.get(case, {})
        pairs = zip(case_rows.get(ours, ()), case_rows.get(other, ()), strict=False)
        ratios = [a[column] / b[column] for a, b in pairs if column in a and b.get(column)]
        return statistics.median(ratios) if ratios else None

    return found


def _median(case: str, who: str, column: str) -> Callable[[Rows], float | None]:
    def found(rows: Rows) -> float | None:
        values = [row[column] for row in rows.get(case, {}).get(who, ()) if column in row]
        return statistics.median(values) if values else None

    return found


def _growth(rows: Rows) -> float | None:
    """The dearest event among more subscribers over one among the fewest."""
    each = rows.get("growth, 100 ask", {}).values()
    fewest, *more = [statistics.median(row["cpu_s"] for row in one) for one in each] or [0.0]
    return max(more) / fewest if more and fewest > 0 else None


def _drained(rows: Rows) -> float | None:
    """How fast letters go out that waited, in terms of those that did not."""
    waited, usual = _median("drain", "vestka", "per_s")(rows), _median("email 1 to 10000", "vestka", "per_s")(rows)
    return waited / usual if waited and usual else None


_ROUTINE: Final = "what one Python process does for each of them: the claim, the signature, the parser, the log"
_BEHIND_THE_LATE: Final = "what leaves or arrives late puts off by as much what may follow it a second later"
GOALS: Final = (
    Goal("webhooks 1 to 100, beside Alertmanager", 1.2, True, _beside("webhooks 1 to 100", "alertmanager", "per_s"),
         _ROUTINE),
    Goal("webhooks 1 to 500, beside Alertmanager", 1.2, True, _beside("webhooks 1 to 500", "alertmanager", "per_s"),
         _ROUTINE),
    Goal("webhooks, own hosts, beside Alertmanager", 1.0, True, _beside("webhooks, own hosts", "alertmanager", "per_s"),
         _ROUTINE),
    Goal("CPU s for 1,000 webhooks, 1 to 500", 0.11, False, _median("webhooks 1 to 500", "vestka", "cpu_per_1000"),
         "the kernel's send, HMAC over 5 kB, and the answer's parser are half of it"),
    Goal("email 1 to 100, beside Alertmanager", 5, True, _beside("email 1 to 100", "alertmanager", "per_s"),
         "an event's rendering and parity are shared by a hundred letters only"),
    Goal("email 1 to 10,000, beside Alertmanager", 5, True, _beside("email 1 to 10000", "alertmanager", "per_s"),
         "the relay: a letter needs two answers of it"),
    Goal("event to webhook, p50, beside Alertmanager", 3, False, _beside("latency, 1 to 1", "alertmanager", "p50_ms"),
         "the stream, three languages and the claim come before the first byte"),
    Goal("Telegram, share of the permitted rate, one", 0.98, True, _median("telegram", "1 notifier", "share"),
         _BEHIND_THE_LATE),
    Goal("Telegram, share of the permitted rate, two", 0.98, True, _median("telegram", "2 notifiers", "share"),
         _BEHIND_THE_LATE),
    Goal("Telegram, refused, two notifiers", 0, False, _median("telegram", "2 notifiers", "refused"),
         "what left late came too close to the next"),
    Goal("an event for 100, among up to 1,000,000 over among 1,000", 1.15, False, _growth,
         "pages of the ledger and shards are found one by one"),
    Goal("memory with a million matching, MB", 300, False, _median("growth, all ask", "1,000,000", "peak_mb"),
         "what is read of the readers ahead of sending"),
    Goal("two notifiers beside one", 1.7, True, _beside("processes", "one", "per_s", "two"),
         "the second core also carries Redis and the far side"),
    Goal("after an outage, beside email 1 to 10,000", 0.9, True, _drained,
         "each waiting delivery is claimed and read anew, as it falls due"),
    Goal("Redis, bytes a delivery", 36, False, _median("store", "vestka", "bytes"), "the log, while its pages are few"),
    Goal("Redis, µs a delivery", 10, False, _median("store", "vestka", "redis_us"),
         "the readers' records, once each, and two scripts a batch"),
)  # fmt: skip
