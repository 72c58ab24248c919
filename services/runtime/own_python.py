"""How a process of ours starts another: by the same interpreter and of the same code, whatever folder it is in.

`-P` keeps the folder that somebody happens to stand in out of it: a `services/` there is not ours.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from services.runtime.settings import REPOSITORY


def own_module(name: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs a module of ours."""
    return (sys.executable, "-P", "-m", name, *arguments)


def own_path(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment, in which that module is found before any other of its name."""
    paths = [str(REPOSITORY), *filter(None, [environment.get("PYTHONPATH")])]
    return {**environment, "PYTHONPATH": os.pathsep.join(paths)}
