"""Composing a message is the one thing of ours that can be poison: it would fail again, so it waits for an operator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from services.runtime.connections import is_shortage


class CannotCompose(Exception):
    """`kind` names the type of what went wrong. Its text is left out: it may quote what was being composed."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@contextmanager
def composing() -> Iterator[None]:
    """Round whatever makes a message of what we know. Raises CannotCompose; what we were short of goes through."""
    try:
        yield
    except Exception as error:
        raise_as_poison(error)


def raise_as_poison(error: Exception) -> NoReturn:
    """The same for where a context manager would cost too much: what was met while composing."""
    if isinstance(error, CannotCompose) or is_shortage(error):
        raise error
    raise CannotCompose(type(error).__name__) from error
