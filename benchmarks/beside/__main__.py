"""`make bench`: Vestka beside others that send one event to many, on the same far sides, in interleaved rounds.

    python -m benchmarks.beside [--only webhooks,email] [--rounds 5] [--quick] [--minutes 60] [--who floor] [--out DIR]

Everything is on loopback and ends by itself. Who is not installed is skipped, by name. Ratios are of one run and hold;
absolute figures are of one machine and an hour. Writes `benchmarks/README.md` and its pictures, unless `--quick`.
"""

from __future__ import annotations

import argparse
import math
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.beside.cases import CASES, Plan, Results
from benchmarks.beside.house import ROOT, Store
from benchmarks.beside.machine import BenchBroken, Machine
from benchmarks.beside.packages import python_of_peers
from benchmarks.beside.peers import PEERS, Ground
from benchmarks.beside.report import summary, write
from benchmarks.beside.sink import Sink

_QUICK_MINUTES: Final = 4
_PARTS: Final = {"webhooks": 3, "email": 2, "latency": 2, "telegram": 2, "growth": 4, "drain": 2}
"""Of the time there is, where it is limited; the others have one each."""


def main() -> int:
    chosen = _arguments()
    names = chosen.only.split(",") if chosen.only else list(CASES)
    who = frozenset(chosen.who.split(",")) if chosen.who else frozenset(PEERS)
    if unknown := [*(set(names) - set(CASES)), *(who - set(PEERS))]:
        print(
            f"there is no {', '.join(unknown)}: cases are {', '.join(CASES)}; peers {', '.join(PEERS)}", file=sys.stderr
        )
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    results = Results()
    python = python_of_peers(ROOT) if who & {"apprise", "celery"} else None
    out = chosen.out or (None if chosen.quick else ROOT / "benchmarks")
    until = time.monotonic() + 60 * (chosen.minutes or (_QUICK_MINUTES if chosen.quick else math.inf))
    rounds = chosen.rounds or (1 if chosen.quick else 5)
    failed = False
    try:
        for place, name in enumerate(names):
            print(name, flush=True)
            its_end = _share(names[place:], until)
            failed |= not _measured(name, results, python, rounds, chosen.quick, who, its_end)
            if out is not None:  # after each, so that what breaks later costs nothing of it
                write(results, out, rounds, quick=chosen.quick)
    finally:
        print(summary(results))
    return 1 if failed else 0


def _share(names: Sequence[str], until: float) -> float:
    """When the first of these has to end, so that each of them has its part of the time."""
    now = time.monotonic()
    parts = [_PARTS.get(name, 1) for name in names]
    return now + (until - now) * parts[0] / sum(parts)


def _measured(
    name: str, results: Results, python: Path | None, rounds: int, quick: bool, who: frozenset[str], until: float
) -> bool:
    """One case, on ground of its own; what breaks in it breaks no other."""
    try:
        with Machine() as machine:
            plan = Plan(Ground(machine, Store(machine), Sink(machine), python), results, rounds, quick, who, until)
            if plan.has_time(name):
                CASES[name](plan)
    except (OSError, subprocess.SubprocessError, BenchBroken) as error:
        results.skip(name, "all", f"it broke off ({type(error).__name__}: {str(error)[:300]})")
        return False
    return True


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Vestka beside others, on this machine.")
    parser.add_argument("--only", default="", help=f"of {', '.join(CASES)}; commas between")
    parser.add_argument("--who", default="", help=f"beside us, of {', '.join(PEERS)}; commas between")
    parser.add_argument("--rounds", type=int, default=0, help="5, and 1 where it is quick")
    parser.add_argument("--minutes", type=float, default=0, help="what is not begun by then is left out (quick: 4)")
    parser.add_argument("--quick", action="store_true", help="only to see that it runs: the figures mean nothing")
    parser.add_argument("--out", type=Path, help="a folder for README.md and the pictures, in place of benchmarks/")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
