"""What fails where something is rendered, and how its place is named without a word of what was rendered."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType

from jinja2 import TemplateError, TemplateSyntaxError


class RenderingFailed(Exception):
    """Our own fault, so the same work fails again: poison. The message names template and line, never a value."""


def let_shortage_through(error: Exception) -> None:
    """No memory, or no file descriptor to read a template with: the template is not at fault."""
    if isinstance(error, (MemoryError, OSError)) and not isinstance(error, TemplateError):
        raise error


def where_it_failed(name: str, error: Exception) -> str:
    """The place of a failure. The error's own text is left out: it may quote what was being rendered."""
    if isinstance(error, TemplateSyntaxError):
        return f"template {error.name or name}, line {error.lineno}: syntax error"
    place, line = name, 0
    for file, number in _frames(error.__traceback__):
        if file.endswith(".j2") or "/alerts/" in file:
            place, line = file, number
    what = "template error" if isinstance(error, TemplateError) else "error"
    return f"{_short(place)}, line {line}: {what} of type {type(error).__name__}"


def _frames(traceback: TracebackType | None) -> Iterator[tuple[str, int]]:
    while traceback is not None:
        yield traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next


def _short(place: str) -> str:
    """The end of a path, from the folder we know: a message should not tell how this machine is laid out."""
    for folder in ("templates/", "services/"):
        if folder in place:
            return folder + place.rsplit(folder, 1)[1]
    return "/".join(place.split("/")[-3:])
