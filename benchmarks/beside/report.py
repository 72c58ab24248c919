"""What came of a run: ratios on the terminal, a page with tables, and pictures."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.beside import goals
from benchmarks.beside.plot import bars
from benchmarks.beside.results import Results, Row
from services.version import VERSION

_COLUMNS: Final = {
    "per_s": "a second",
    "cpu_per_1000": "CPU s per 1,000",
    "p50_ms": "p50, ms",
    "p99_ms": "p99, ms",
    "share": "share of the permitted rate",
    "refused": "refused (429)",
    "cpu_s": "CPU s an event",
    "seconds": "first to last, s",
    "memory_mb": "memory, MB",
    "peak_mb": "memory at most, MB",
    "store_bytes_a_subscriber": "Redis bytes a subscriber",
    "first_after_s": "first one after, s",
    "all_after_s": "all after, s",
    "bytes": "Redis bytes a delivery",
    "redis_us": "Redis µs a delivery",
}
_OURS: Final = ("vestka", "two")
_PICTURES: Final = ("per_s", "p50_ms", "cpu_s")
"""What is drawn, the first of them that a case has."""


def ratio(rows: dict[str, list[Row]], ours: str, other: str, column: str) -> str | None:
    """Ours over the other's, of each round: the median, and from the least to the most."""
    pairs = [
        (a[column], b[column])
        for a, b in zip(rows.get(ours, []), rows.get(other, []), strict=False)
        if column in a and b.get(column)
    ]
    if not pairs:
        return None
    each = [a / b for a, b in pairs]
    return f"{statistics.median(each):.2f} ({min(each):.2f} to {max(each):.2f})"


def summary(results: Results) -> str:
    """Ours beside each other, a line a pair; and what was lost."""
    lines = [""]
    for case, rows in results.rows.items():
        for ours in (one for one in _OURS if one in rows):
            for other in (one for one in rows if one != ours):
                for column in ("per_s", "cpu_per_1000", "p50_ms", "p99_ms"):
                    if (found := ratio(rows, ours, other, column)) is not None:
                        lines.append(f"{case}: {ours} / {other}, {_COLUMNS[column]}: {found}")
    lines += ["", goals.table(results.rows)]
    return "\n".join([*lines, *_not_whole(results)])


def _not_whole(results: Results) -> list[str]:
    return [
        f"{case}: {who}: {row['got']:.0f} of {row['wanted']:.0f} arrived"
        for case, rows in results.rows.items()
        for who, each in rows.items()
        for row in each
        if row.get("got") != row.get("wanted")
    ]


def write(results: Results, folder: Path, rounds: int, *, quick: bool) -> None:
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    said = _QUICK if quick else ""
    parts = [_HEAD.read_text().format(version=VERSION, rounds=rounds, machine=_machine(), quick=said)]
    if kept := goals.table(results.rows):
        parts.append(f"## Goals\n\n{kept}\n")
    for case, rows in results.rows.items():
        parts.append(f"## {case[0].upper()}{case[1:]}\n\n{_table(rows)}\n")
        column = next((one for one in _PICTURES if all(one in each[0] for each in rows.values())), None)
        if column is not None and len(rows) > 1:
            name = "".join(sign if sign.isalnum() else "-" for sign in case).replace("--", "-") + ".svg"
            spread = {who: [row[column] for row in each] for who, each in rows.items()}
            (pictures / name).write_text(bars(f"{case}: {_COLUMNS[column]}", spread))
            parts.append(f"![{case}](pictures/{name})\n")
        parts += [f"{who} was skipped: {why}.\n" for who, why in results.skipped.get(case, {}).items()]
    parts += [
        f"{case}: {who} was skipped: {why}.\n"
        for case, each in results.skipped.items()
        if case not in results.rows
        for who, why in each.items()
    ]
    parts += [f"* {line}" for line in _not_whole(results)]
    (folder / "README.md").write_text("\n".join(parts).rstrip("\n") + "\n")


def _table(rows: dict[str, list[Row]]) -> str:
    columns = [name for name in _COLUMNS if any(name in each[0] for each in rows.values())]
    ours = next((one for one in _OURS if one in rows), None)
    with_ratio = ours is not None and len(rows) > 1 and any(name in columns for name in ("per_s", "p50_ms"))
    compared = "per_s" if "per_s" in columns else "p50_ms"
    head = ["", *(_COLUMNS[name] for name in columns), *(["we, in its terms"] if with_ratio else [])]
    lines = [head, ["---"] * len(head)]
    for who, each in rows.items():
        cells = [_median([row[name] for row in each if name in row]) for name in columns]
        beside = ratio(rows, ours, who, compared) if with_ratio and ours is not None and who != ours else None
        lines.append([who, *cells, *([f"{beside} ×" if beside else ""] if with_ratio else [])])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _median(values: Sequence[float]) -> str:
    if not values:
        return ""
    middle, least, most = statistics.median(values), min(values), max(values)
    return _short(middle) if least == most else f"{_short(middle)} ({_short(least)} to {_short(most)})"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _machine() -> str:
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?"
    )
    return f"{model}, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text().splitlines()
    except OSError:
        return []


_QUICK: Final = "\n**A quick run, to see that it works: these figures mean nothing.**\n"
_HEAD: Final = Path(__file__).with_name("page_head.md")
