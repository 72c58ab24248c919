"""The one name that Vestka's wheel installs: `vestka`, with `services/`, `templates/` and `infra/` inside.

Our own code says `services.…`, a name that no other package should find beside it; so only a process that is ours looks
into this folder for it. See `infra/decisions/0041-one-name-in-the-wheel.md`.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """The `vestka` command."""
    sys.path.insert(0, str(home()))
    from services.cli import main as command  # noqa: PLC0415  (it can be found only now)

    command()


def home() -> Path:
    """The folder that has `services/`: this one in a wheel, the repository where that is installed to be worked on."""
    here = Path(__file__).resolve().parent
    return here if (here / "services").is_dir() else here.parents[1]
