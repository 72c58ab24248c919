"""`make bench`: Vestka beside others that send one event to many, on the same far sides, in interleaved rounds.

    python -m benchmarks.beside [--only webhooks,email] [--rounds 5] [--quick] [--who alertmanager,floor] [--out FOLDER]

Everything is on loopback and ends by itself. Who is not installed is skipped, by name. Ratios are of one run and hold;
absolute figures are of one machine and an hour. Writes `benchmarks/README.md` and its pictures, unless `--quick`.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from benchmarks.beside.cases import CASES, Plan, Results
from benchmarks.beside.house import ROOT, Store
from benchmarks.beside.machine import Machine
from benchmarks.beside.packages import python_of_peers
from benchmarks.beside.peers import PEERS, Ground
from benchmarks.beside.report import summary, write
from benchmarks.beside.sink import Sink


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
    try:
        for name in names:
            print(name, flush=True)
            with Machine() as machine:
                ground = Ground(machine, Store(machine), Sink(machine), python)
                CASES[name](Plan(ground, results, chosen.rounds, chosen.quick, who))
    finally:
        print(summary(results))
    out = chosen.out or (None if chosen.quick else ROOT / "benchmarks")
    if out is not None:
        write(results, out, chosen.rounds, quick=chosen.quick)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Vestka beside others, on this machine.")
    parser.add_argument("--only", default="", help=f"of {', '.join(CASES)}; commas between")
    parser.add_argument("--who", default="", help=f"beside us, of {', '.join(PEERS)}; commas between")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="only to see that it runs: the figures mean nothing")
    parser.add_argument("--out", type=Path, help="a folder for README.md and the pictures, in place of benchmarks/")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
