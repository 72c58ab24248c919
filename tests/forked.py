"""The `vestka` command as a process of its own, forked from one that has imported it: see `fork_server`."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

PATIENCE: Final = 90.0
"""Seconds that bound a wait. Nothing is measured with it."""


class ForkedProcess:
    """What a test needs of `asyncio.subprocess.Process`."""

    def __init__(self, pid: int, told: asyncio.StreamReader, connection: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._told = told
        self._connection = connection
        self._waiting = asyncio.Lock()

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            with suppress(ProcessLookupError):  # it ended by itself, and `wait` says how
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    async def wait(self) -> int:
        async with self._waiting:
            if self.returncode is None:
                self.returncode = int(await self._told.readline())
                self._connection.close()
            return self.returncode


async def start_vestka(
    *words: str,
    env: Mapping[str, str],
    stdin: IO[bytes] | int | None = None,
    stdout: IO[bytes] | int | None = None,
    stderr: IO[bytes] | int | None = None,
) -> ForkedProcess:
    """stdin is empty unless something is given; stdout and stderr are this process's own."""
    connection = await asyncio.to_thread(_ask, words, env, stdin, stdout or 1, stderr or 2)
    told, writer = await asyncio.open_unix_connection(sock=connection)
    return ForkedProcess(int(await told.readline()), told, writer)


def _ask(
    words: Sequence[str],
    env: Mapping[str, str],
    stdin: IO[bytes] | int | None,
    stdout: IO[bytes] | int,
    stderr: IO[bytes] | int,
) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(_server.path())
    asked = json.dumps({"words": words, "env": dict(env), "cwd": os.getcwd()})
    with open(os.devnull, "rb") as nothing:
        fds = [_number(one) for one in (stdin or nothing, stdout, stderr)]
        socket.send_fds(connection, [f"{asked}\n".encode()], fds)
    return connection


async def vestka(*words: str, env: Mapping[str, str], stdin: bytes = b"") -> tuple[int, str, str]:
    """Runs the command where nobody can be asked; its exit code, stdout and stderr."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin)
        given.seek(0)
        process = await start_vestka(*words, env=env, stdin=given, stdout=out, stderr=err)
        async with asyncio.timeout(PATIENCE):
            code = await process.wait()
        out.seek(0)
        err.seek(0)
        return code, out.read().decode(), err.read().decode()


def _number(stream: IO[bytes] | int) -> int:
    return stream if isinstance(stream, int) else stream.fileno()


class _Server:
    """One for all tests of this process, started when the first of them asks."""

    def __init__(self) -> None:
        self._path: str | None = None

    def path(self) -> str:
        if self._path is None:
            folder = tempfile.TemporaryDirectory(prefix="vestka-fork-")
            path = Path(folder.name) / "socket"
            command = [sys.executable, "-m", "tests.fork_server", str(path)]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            atexit.register(folder.cleanup)
            atexit.register(process.communicate)
            assert process.stdout is not None
            if not process.stdout.readline():
                raise RuntimeError("the server that forks commands did not start")
            self._path = str(path)
        return self._path


_server = _Server()
