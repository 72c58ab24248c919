"""What came of a run, row by row; it can be written down and read again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

Row = dict[str, float]


class Results(msgspec.Struct):
    """`rows[case][who]`: one a round. `skipped[case][who]`: why."""

    rows: dict[str, dict[str, list[Row]]] = msgspec.field(default_factory=dict)
    skipped: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)

    def add(self, case: str, who: str, row: Row) -> None:
        self.rows.setdefault(case, {}).setdefault(who, []).append(row)
        print(f"  {case:24} {who:14}", " ".join(f"{name}={value:.4g}" for name, value in row.items()), flush=True)

    def skip(self, case: str, who: str, why: str) -> None:
        self.skipped.setdefault(case, {})[who] = why
        print(f"  {case:24} {who:14} skipped: {why}", flush=True)

    def without(self, belongs: Callable[[str], bool]) -> Results:
        """Those of the cases that are not measured anew."""
        return Results(_outside(self.rows, belongs), _outside(self.skipped, belongs))

    def keep(self, file: Path) -> None:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n")

    @classmethod
    def kept(cls, file: Path) -> Results:
        return msgspec.json.decode(file.read_bytes(), type=cls) if file.exists() else cls()


def _outside(found: dict[str, Any], belongs: Callable[[str], bool]) -> dict[str, Any]:
    return {case: each for case, each in found.items() if not belongs(case)}


def complete(got: int, wanted: int) -> Row:
    return {"got": float(got), "wanted": float(wanted)}


def rate(done: int, begun: int, ended: int, cpu: float) -> Row:
    """`begun`, `ended`: Unix nanoseconds; `cpu`: seconds."""
    return {"per_s": done / max(1e-9, (ended - begun) / 1e9), "cpu_per_1000": cpu / max(1, done) * 1_000}
