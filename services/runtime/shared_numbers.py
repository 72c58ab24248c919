"""The numbers of several processes of one service: in files of one folder, so that whichever is asked shows the sum."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, values
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable by which prometheus_client knows the folder; without it a process shows its own numbers."""


def keep_numbers_as(number: int) -> None:
    """Before any metric is made. The process that takes a dead one's place goes on with its counters: by process id, as
    the library would have it, each restart would leave files, and without these the sum would fall."""
    for gauges in Path(os.environ[FOLDER]).glob(f"gauge_*_{number}.db"):
        gauges.unlink()  # what the dead one was doing is no longer done
    values.ValueClass = values.MultiProcessValue(lambda: number)  # type: ignore[no-untyped-call]


def shown(own: CollectorRegistry) -> CollectorRegistry:
    """What /metrics shows: the sum of all that share the folder, or our own."""
    if FOLDER not in os.environ:
        return own
    all_of_them = CollectorRegistry()
    MultiProcessCollector(all_of_them)  # type: ignore[no-untyped-call]
    return all_of_them
