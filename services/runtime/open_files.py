"""How many files a process may have open: as many as the system allows it, since every connection is one."""

from __future__ import annotations

import resource
from contextlib import suppress


def raise_limit_of_open_files() -> None:
    """Up to the hard limit; where that is refused, what was allowed before has to do."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
