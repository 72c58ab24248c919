"""`make bench`: Vestka beside others that send one event to many, on the same far sides, in interleaved rounds.

    python -m benchmarks.beside [--only webhooks,email] [--rounds 5] [--quick] [--minutes 60] [--who floor] [--out DIR]
                                [--keep]

Everything is on loopback and ends by itself. Who is not installed is skipped, by name. Ratios are of one run and hold;
absolute figures are of one machine and an hour. Writes `benchmarks/README.md` and its pictures after each case, unless
`--quick`; beside it `results.json`, from which `--keep` has the rows of what is not measured anew.
"""

from __future__ import annotations

import argparse
import math
import signal
import sys
import time
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.beside.cases import CASES, is_of, seconds_for
from benchmarks.beside.house import ROOT, Store
from benchmarks.beside.machine import Machine
from benchmarks.beside.packages import python_of_peers
from benchmarks.beside.peers import PEERS, Ground
from benchmarks.beside.plan import Plan
from benchmarks.beside.report import summary, write
from benchmarks.beside.results import Results
from benchmarks.beside.sink import Sink

_KEPT: Final = "results.json"
_BESIDE_PEERS: Final = {"webhooks", "email", "latency"}


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
    python = python_of_peers(ROOT) if who & {"apprise", "celery"} and set(names) & _BESIDE_PEERS else None
    out = chosen.out or (None if chosen.quick else ROOT / "benchmarks")
    results = Results.kept(out / _KEPT).without(partial(is_of, names)) if chosen.keep and out else Results()
    until = time.monotonic() + 60 * (chosen.minutes or math.inf)
    rounds = chosen.rounds or (1 if chosen.quick else 5)
    failed = False
    try:
        for place, name in enumerate(names):
            print(name, end=" ", flush=True)
            now = time.monotonic()
            its_end = now + seconds_for(names[place:], rounds, until - now)
            failed |= not _measured(name, results, python, rounds, chosen.quick, who, its_end)
            print(f"{time.monotonic() - now:.0f} s", flush=True)
            _written(results, out, rounds, chosen.quick)
    finally:  # ended early, it still leaves what there is
        _written(results, out, rounds, chosen.quick)
        print(summary(results))
    return 1 if failed else 0


def _written(results: Results, out: Path | None, rounds: int, quick: bool) -> None:
    if out is not None:
        write(results, out, rounds, quick=quick)
        results.keep(out / _KEPT)


def _measured(
    name: str, results: Results, python: Path | None, rounds: int, quick: bool, who: frozenset[str], until: float
) -> bool:
    """One case, on ground of its own; what breaks in it breaks no other."""
    try:
        with Machine() as machine:
            plan = Plan(Ground(machine, Store(machine), Sink(machine), python), results, rounds, quick, who, until)
            CASES[name].run(plan)
    except Exception as error:
        results.skip(name, "all", f"it broke off ({type(error).__name__}: {str(error)[:300]})")
        return False
    return True


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Vestka beside others, on this machine.")
    parser.add_argument("--only", default="", help=f"of {', '.join(CASES)}; commas between")
    parser.add_argument("--who", default="", help=f"beside us, of {', '.join(PEERS)}; commas between")
    parser.add_argument("--rounds", type=int, default=0, help="5, and 1 where it is quick")
    parser.add_argument("--minutes", type=float, default=0, help="what would not be done by then is left out")
    parser.add_argument("--quick", action="store_true", help="only to see that it runs: the figures mean nothing")
    parser.add_argument("--keep", action="store_true", help="the rows of the other cases stay, of the run before")
    parser.add_argument("--out", type=Path, help="a folder for README.md and the pictures, in place of benchmarks/")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
