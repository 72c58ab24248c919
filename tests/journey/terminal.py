"""A terminal as a person has it: a shell that somebody types into line by line, and that answers when it is ready."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.road import PATIENCE

_READY: Final = "<ready>"
_SHELL: Final = "import pty; pty.spawn(['bash', '--norc', '--noprofile', '-i'])"


class Terminal:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._seen = ""

    async def type(self, line: str) -> str:
        """Types a line and waits until the shell takes another; what was shown meanwhile."""
        return await self.answer(line, _READY)

    async def answer(self, line: str, until: str) -> str:
        """Types a line and waits for a text; what was shown up to it."""
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        await self._process.stdin.drain()
        return await self.shows(until)

    async def shows(self, text: str) -> str:
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while text not in self._seen:
                more = await self._process.stdout.read(4096)
                assert more, f"the terminal is gone, before {text!r}: {self._seen}"
                self._seen += more.decode("utf-8", "replace").replace("\r", "")
        shown, _, self._seen = self._seen.partition(text)
        return re.sub(r"\x1b\[[\d;?]*\w", "", shown)


@asynccontextmanager
async def a_terminal(folder: Path, environment: Mapping[str, str]) -> AsyncIterator[Terminal]:
    quiet = {"TERM": "dumb", "PS1": _READY, "PS2": "", "INPUTRC": "/dev/null", "HISTFILE": ""}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _SHELL),
        cwd=folder,
        env={**environment, **quiet},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    terminal = Terminal(process)
    try:
        await terminal.shows(_READY)
        await terminal.type("stty -echo")
        yield terminal
    finally:
        process.kill()  # the terminal is closed, as by its window: whatever still runs in it is hung up on
        await process.wait()
