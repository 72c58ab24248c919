"""Asking on a terminal, and nowhere else: what is not known, and before anything reaches readers or is gone."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import typer

from services.cli.exits import CliExit, Code
from services.cli.output import say

T = TypeVar("T")


def can_ask() -> bool:
    return sys.stdin.isatty()


def confirmed_or_end(question: str, *, confirm: bool, undone: str, hint: str) -> None:
    """Goes on with --confirm, or with a yes; no is the default. `undone`: what then was not done; `hint`: what to add
    where nobody can be asked. Raises CliExit."""
    if confirm:
        return
    if not can_ask():
        raise CliExit(Code.USAGE, f"{undone}: {hint}")
    if not typer.confirm(question, err=True):
        raise CliExit(Code.USAGE, undone)


def ask(question: str, read: Callable[[str], T], *, default: str = "", hidden: bool = False) -> T:
    """Asks until `read` takes the answer; what is wrong with one (a ValueError) is told at once. `hidden`: not shown.

    An empty answer is the default.
    """
    while True:
        with _interrupted_at_once():
            typed = typer.prompt(question, default=default, show_default=bool(default), hide_input=hidden, err=True)
        try:
            return read(str(typed).strip())
        except ValueError as error:
            say(f"  {error}")


def ask_whether(question: str) -> bool:
    """No is the default."""
    with _interrupted_at_once():
        return typer.confirm(question, err=True)


@contextmanager
def _interrupted_at_once() -> Iterator[None]:
    """asyncio's own handler would let Ctrl-C wait until the question is answered."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
