"""`make faults`: breaks real processes in many ways and prints what readers got.

    python -m tests.faults.suite [--list] [--quick] [--only NAME,NAME] [--rounds 100]

Ends with 1 where a row shows something lost, doubled though it was not in flight at the fault, or not back within 30
seconds. Everything stays on this machine, is bounded in count and time, and goes when it ends.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Sequence

import structlog

from tests.faults.suite.case import Asked, Case
from tests.faults.suite.rows import CASES
from tests.faults.suite.table import Row, head, line, summary


def main() -> int:
    parser = argparse.ArgumentParser(description="Breaks real processes in many ways and counts what readers got.")
    parser.add_argument("--list", action="store_true", help="only say which cases there are")
    parser.add_argument("--quick", action="store_true", help="a few of them, in under two minutes")
    parser.add_argument("--only", default="", help="the names of cases, with commas between them")
    parser.add_argument("--rounds", type=int, default=100, help="how often a process is killed while it sends")
    chosen = parser.parse_args()
    asked = Asked(chosen.quick, chosen.rounds)
    try:
        cases = _chosen(chosen.only, asked)
    except KeyError as error:
        parser.error(f"there is no case {error}; --list says which there are")
    if chosen.list:
        print("\n".join(f"{case.name:24} {case.what}" for case in cases))
        return 0
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        return asyncio.run(_run(cases, asked))
    return 130


def _chosen(only: str, asked: Asked) -> list[Case]:
    """Raises KeyError with a name that no case has."""
    known = {case.name: case for case in CASES}
    if only:
        return [known[name] for name in only.split(",")]
    return [case for case in CASES if case.quick or not asked.quick]


async def _run(cases: Sequence[Case], asked: Asked) -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))  # a killed Redis is no news
    this = asyncio.current_task()
    assert this is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    print(head(), flush=True)
    rows: list[Row] = []
    for case in cases:
        for row in await _rows_of(case, asked):
            print(line(row), flush=True)
            rows.append(row)
    print(summary(rows))
    return int(any(row.wrongs for row in rows))


async def _rows_of(case: Case, asked: Asked) -> list[Row]:
    """A case that breaks itself is a row that is wrong, and costs no other."""
    limit = case.limit + case.per_round * asked.rounds
    try:
        async with asyncio.timeout(limit):
            return await case.run(asked)
    except TimeoutError:
        return [Row(case.what, remarks=(f"given up after {limit:.0f} s",))]
    except Exception as error:
        return [Row(case.what, remarks=(f"the case itself broke: {type(error).__name__}: {error}"[:200],))]


if __name__ == "__main__":
    sys.exit(main())
