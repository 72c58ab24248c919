"""The packages of those we are measured beside: in an environment of their own, pinned and held to their hashes."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

LOCK: Final = Path(__file__).with_name("requirements.lock")


def python_of_peers(root: Path) -> Path | None:
    """Its interpreter, set up at first use; None, with a line that says so, where that fails."""
    folder = root / "build" / "bench-venv"
    python, mark = folder / "bin" / "python", folder / ".installed"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if mark.exists() and mark.read_text() == wanted:
        return python
    print("setting up the packages of peers", flush=True)
    venv.create(folder, with_pip=True, clear=True)
    pip = [
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        str(LOCK),
    ]
    if subprocess.run(pip, check=False).returncode:
        print("they could not be installed; Apprise and Celery are skipped", file=sys.stderr)
        return None
    mark.write_text(wanted)
    return python
