"""How reading an article may end without an answer."""

from __future__ import annotations

from typing import Final

TOOK_TOO_LONG: Final = "reading_took_too_long"
CRASHED: Final = "reading_crashed"
REASONS: Final = frozenset({TOOK_TOO_LONG, CRASHED})
"""The reasons of the dead letters of articles that were given up."""


class ReadingStopped(Exception):
    """The article is given up: reading it passed the deadline, or ended the worker twice. `reason`: one of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ReadingFailed(Exception):
    """Our code raised over the article: a fault of ours, to be tried again. Says which error and where, never the
    error's own words, since they may repeat the text."""


class ReadingClosed(Exception):
    """The service ends: the article is left for the next start."""


class WorkerDied(Exception):
    """The worker ended without an answer. `code` is its exit code, negative for a signal."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"exit code {code}")
        self.code = code
