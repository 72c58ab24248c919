"""A process may open as many files as the system lets it."""

from __future__ import annotations

import resource
import subprocess
import sys

SCRIPT = """
import resource
from services.runtime.open_files import raise_limit_of_open_files
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
raise_limit_of_open_files()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def test_the_limit_of_open_files_is_raised_as_far_as_it_goes() -> None:
    said = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True).stdout
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert said.split() == [str(hard), str(hard)]
