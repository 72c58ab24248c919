"""The `vestka` command within a test's own process, and on a terminal of its own."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from typer.testing import CliRunner

from services.cli import build_app
from services.cli.exits import CliExit

PATIENCE = 60.0
"""Seconds that bound a wait. Nothing is measured with it."""


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def read(self) -> Any:
        return json.loads(self.out)


async def vestka(*words: str, stdin: str | bytes = "", env: Mapping[str, str] | None = None) -> Answer:
    """`env`: over this process's own environment. Nobody can be asked."""
    result = await asyncio.to_thread(CliRunner(env=env).invoke, build_app(), list(words), input=stdin)
    if isinstance(result.exception, CliExit):
        return Answer(result.exception.code, result.stdout, f"{result.stderr}{result.exception}\n")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


async def at_a_terminal(words: Sequence[str], answers: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """Runs the command where a person sits; what they saw.

    Each answer is typed once its question, or what is told before it, stands there and a prompt waits.
    """
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli", *words),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen, left = "", list(answers)
    try:
        async with asyncio.timeout(PATIENCE):
            while chunk := await asyncio.to_thread(_read, ours):
                seen += chunk
                while left and _is_asked(left[0][0], seen.rpartition("\x00")[2]):
                    os.write(ours, f"{left.pop(0)[1]}\n".encode())
                    seen += "\x00"
            return await process.wait(), seen.replace("\x00", "").replace("\r", "")
    except TimeoutError:
        raise AssertionError(f"it waits for {left[:1]} and shows {seen!r}") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        os.close(ours)


def _is_asked(question: str, seen: str) -> bool:
    return question in seen and seen.endswith(": ")


def _read(terminal: int) -> str:
    try:
        return os.read(terminal, 4096).decode(errors="replace")
    except OSError:  # nobody is at the other end any more
        return ""
