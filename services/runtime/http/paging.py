"""Lists page by page: what a request says of the page it wants (`limit`, `since`, `until`), and the page itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.runtime.clock import moment_or_ago
from services.runtime.http.web import Problem

_MOST: Final = 200
T = TypeVar("T")


def page_limit(request: Request) -> int:
    """Raises Problem."""
    text = request.query_params.get("limit", "50")
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not 1 <= int(text) <= _MOST:
        raise Problem(HTTPStatus.BAD_REQUEST, "limit", f"'limit' is a whole number from 1 to {_MOST}.")
    return int(text)


def moment_asked(request: Request, name: str, now: Callable[[], float]) -> float | None:
    """Unix seconds; None where it is not asked. Raises Problem."""
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        return moment_or_ago(text, now())
    except (ValueError, OverflowError):
        raise Problem(
            HTTPStatus.BAD_REQUEST, name, f"'{name}' is an RFC 3339 time or date, or so long ago: 24h, 30m, 7d."
        ) from None


def page_of(request: Request, rows: Sequence[tuple[str, T]], shown: Callable[[T], dict[str, Any]]) -> Response:
    """`rows` with their marks, in order. A page begins behind the mark with which the last one ended."""
    limit, after = page_limit(request), request.query_params.get("iterator")
    marks = [mark for mark, _ in rows]
    begin = 0 if after is None else _behind(marks, after)
    page = rows[begin : begin + limit]
    return JSONResponse(
        {
            "data": [shown(one) for _, one in page],
            "iterator": page[-1][0] if page else None,
            "done": begin + limit >= len(rows),
        }
    )


def _behind(marks: Sequence[str], after: str) -> int:
    """Where the next page begins. What was there may be gone or have moved: then it goes on where it would stand."""
    if after in marks:
        return marks.index(after) + 1
    descending = len(marks) > 1 and marks[0] > marks[-1]
    return sum((mark > after) if descending else (mark < after) for mark in marks)
