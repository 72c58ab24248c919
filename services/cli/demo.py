"""`vestka demo`: one article in, three alerts out, on this machine alone."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from services.cli.connection import server_or_end, settings_or_end
from services.cli.exits import CliExit, Code
from services.runtime.logs import configure_logs
from services.runtime.redis_server import Server
from services.runtime.settings import RuntimeSettings


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="join as a reader would, and end when everything arrived, else with 1")
    ] = False,
) -> None:
    """Takes a sample article to an inbox, a Telegram chat and a webhook on this machine.

    It goes the whole road, and with --once a reader joins, confirms by mail, is told and stops. Nothing leaves the
    machine, and nothing stays on it. With REDIS_URL that Redis is used, and keeps what is written; the keys that its
    subscribers are sealed with stay in VESTKA_KEYS_DIR.

    Example:  vestka demo --once
              1/5  an embedded Redis, an inbox, a Telegram stand-in and a webhook receiver are up
              …
              email     arrived
              …
                the alert reached the new reader, marked as an exercise
    """
    with _state() as state_dir, server_or_end(_settings(state_dir)) as server:
        log_file = state_dir / "services.log"
        with log_file.open("a") as log:
            configure_logs("info", "json", "demo", stream=log)
            missing = _play(server, state_dir, once, log.fileno())
        if missing:
            sys.stderr.write(log_file.read_text()[-4000:])
            raise CliExit(Code.FAILED, f"did not arrive: {', '.join(missing)}")


@contextlib.contextmanager
def _state() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="vestka-demo-") as folder:
        yield Path(folder)


def _settings(state_dir: Path) -> RuntimeSettings:
    return settings_or_end(RuntimeSettings).model_copy(update={"state_dir": state_dir})


def _play(server: Server, state_dir: Path, once: bool, log: int) -> list[str]:
    try:
        from services.demo.play import Interrupted, play  # noqa: PLC0415  (its receivers are an extra)
    except ModuleNotFoundError as error:
        what = f"the demo's receivers are not installed ({error.name})"
        raise CliExit(Code.USAGE, f"{what}: they come with 'vestka[demo]', or requirements-demo.lock") from None
    try:
        return asyncio.run(play(server, state_dir, once, log))
    except Interrupted:
        raise CliExit(Code.INTERRUPTED, "interrupted before everything had arrived") from None
