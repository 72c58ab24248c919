"""How a command ends: the exit codes, and the one way to end with a word of explanation."""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    DONE = 0
    FAILED = 1  # a delivery or a check failed
    USAGE = 2  # usage, configuration, or a missing --confirm
    NOTHING_MATCHED = 3
    REFUSED = 4  # by policy: consent, hold, stale
    DEPENDENCY_DOWN = 5
    INTERRUPTED = 130


class CliExit(Exception):
    """Ends the command with this code; the text goes to stderr and says what, where and what to do."""

    def __init__(self, code: Code, text: str) -> None:
        super().__init__(text)
        self.code = code
