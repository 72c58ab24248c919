"""The `vestka` command: thin, every verb calls a station."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from services.cli.exits import CliExit, Code
from services.cli.lazy_group import LazyGroup, ReaderLeft
from services.version import VERSION


def build_app() -> typer.Typer:
    app = typer.Typer(
        name="vestka",
        cls=LazyGroup,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(vestka)
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"vestka {VERSION}")
        raise typer.Exit


def vestka(
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    """Tells people who was pardoned or arrested in Belarus, who says so, and what is not known.

    Every command shows an example with its output: vestka COMMAND --help. With --install-completion your shell
    completes them.

    Exit codes: 0 done, 1 a delivery or check failed, 2 usage, configuration or a missing --confirm, 3 nothing matched,
    4 refused by policy, 5 a dependency is down, 130 interrupted.
    """


def main() -> None:
    try:
        try:
            build_app()()
        finally:
            sys.stdout.flush()  # or a reader that left would be met when nobody can catch it any more
    except CliExit as ended:
        print(f"vestka: {ended}", file=sys.stderr)
        sys.exit(ended.code)
    except KeyboardInterrupt:
        sys.exit(Code.INTERRUPTED)
    except (ReaderLeft, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Code.DONE)
