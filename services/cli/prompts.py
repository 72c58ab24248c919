"""Asking before anything reaches readers or is gone for good: on a terminal, and nowhere else."""

from __future__ import annotations

import sys

import typer

from services.cli.exits import CliExit, Code


def can_ask() -> bool:
    return sys.stdin.isatty()


def confirmed_or_end(question: str, *, confirm: bool, undone: str, hint: str) -> None:
    """Goes on with --confirm, or with a yes; no is the default. `undone`: what then was not done; `hint`: what to add
    where nobody can be asked. Raises Ended."""
    if confirm:
        return
    if not can_ask():
        raise CliExit(Code.USAGE, f"{undone}: {hint}")
    if not typer.confirm(question, err=True):
        raise CliExit(Code.USAGE, undone)
