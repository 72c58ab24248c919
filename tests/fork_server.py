"""A process that has imported all of Vestka and becomes a `vestka` command whenever it is asked to.

    python -m tests.fork_server SOCKET

A test that starts a hundred commands would import the same modules and compile the same templates a hundred times:
most of what a command costs. Whoever asks connects, sends a JSON object {"words", "env", "cwd"} of one line with the
descriptors for stdin, stdout and stderr, and reads a line with the number of the process, and one with its exit status
when it has ended. The server ends when its own stdin does, so it survives nobody.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import socket
import sys
from typing import Final, NamedTuple, NoReturn

IMPORTED: Final = (
    "services.cli.run",
    "services.cli.replay",
    "services.cli.decisions",
    "services.cli.subscribers",
    "services.cli.submit",
    "services.ingest.app",
    "services.notify.app",
    "services.portal.app",
)
"""What most commands need; what another needs besides, it imports itself, as ever."""
PARTS: Final = {"email": ("subject", "preheader", "text", "html"), "telegram": ("html", "plain")}
_LONGEST: Final = 1 << 20


class Asked(NamedTuple):
    words: list[str]
    env: dict[str, str]
    cwd: str


def serve(path: str) -> Asked | None:
    """Returns in a process that is to become a command, and, with None, where nobody is left who could ask."""
    for module in IMPORTED:
        importlib.import_module(module)
    _render_once()
    gc.collect()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen(16)
        print("ready", flush=True)
        while True:
            ready, _, _ = select.select([listening, sys.stdin], [], [])
            if sys.stdin in ready:
                return None
            asking, _ = listening.accept()
            with asking:
                if (asked := _in_another_process(listening, asking)) is not None:
                    return asked


def _render_once() -> None:
    """What messages are made of is read and compiled by the first that is rendered, and kept for the others."""
    events = importlib.import_module("services.notify.content.example_events").example_events()
    renderer = importlib.import_module("tests.letters").renderer_at()
    for event in events.values():
        for language in renderer.languages:
            for channel, parts in PARTS.items():
                renderer.render(event, channel=channel, parts=parts, language=language, mode="plain")


def _in_another_process(listening: socket.socket, asking: socket.socket) -> Asked | None:
    """None in the server, which waits for no command: a process between the two does."""
    first = os.fork()
    if first:
        os.waitpid(first, 0)
        return None
    if os.fork():
        os._exit(0)
    listening.close()
    raw, fds, _, _ = socket.recv_fds(asking, _LONGEST, 3)
    while not raw.endswith(b"\n"):
        raw += asking.recv(_LONGEST)
    command = os.fork()
    if command:
        for one in (0, 1, 2, *fds):
            os.close(one)
        _tell_of(command, asking)
    for place, one in enumerate(fds):
        os.dup2(one, place)
        os.close(one)
    return Asked(**json.loads(raw))


def _tell_of(command: int, asking: socket.socket) -> NoReturn:
    try:
        asking.sendall(f"{command}\n".encode())
        _, status = os.waitpid(command, 0)
        asking.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    except OSError:  # who asked has left
        os._exit(1)
    os._exit(0)


def become(asked: Asked) -> None:
    """The command, in a process whose stdin, stdout and stderr are its own by now."""
    os.chdir(asked.cwd)
    os.environ.clear()
    os.environ.update(asked.env)
    sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115 - as the interpreter opens them
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace")  # noqa: SIM115
    sys.argv = ["vestka", *asked.words]
    main = importlib.import_module("services.cli").main
    main()


if __name__ == "__main__":
    asked = serve(sys.argv[1])
    if asked is not None:
        become(asked)
