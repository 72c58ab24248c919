"""What a request for a list says of the page it wants: `limit`, `since` and `until`."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from starlette.requests import Request

from services.runtime.clock import moment_or_ago
from services.runtime.web import Problem

_MOST: Final = 200


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
