"""Runs one Redis-compatible server for as long as its parent lives; a script of its own, started by `embedded_redis`.

    python redis_guard.py LOCK_FILE SERVER [ARGUMENT ...]

Its standard input is a pipe whose other end the parent holds: when the parent is gone, however it went, the pipe ends
and the server is asked to stop (SIGTERM, so that it writes its file out). The lock belongs to the server, not to us:
it is free again exactly when the server is gone, and whoever takes it next may start one on the same files.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import select
import signal
import subprocess
import sys

_LOOK_EVERY = 0.2  # seconds
_PR_SET_PDEATHSIG = 1  # prctl(2)


def main(lock_file: str, *command: str) -> int:
    os.umask(0o077)
    lock = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    while not _locked(lock):  # somebody else runs the server: be there when it goes
        if _parent_gone():
            return 0
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=(lock,), preexec_fn=_end_with_parent)
    os.close(lock)
    while server.poll() is None:
        if _parent_gone():
            server.terminate()
            return server.wait()
    return server.returncode


def _end_with_parent() -> None:
    """Linux: SIGTERM to the server even when this guard is killed outright. Elsewhere the next guard shares it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _parent_gone() -> bool:
    """Waits a moment; true when the pipe from the parent has ended."""
    ready, _, _ = select.select([0], [], [], _LOOK_EVERY)
    return bool(ready) and not os.read(0, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
