"""Reading what was sent to a receiver: bytes up to a limit, and JSON objects."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request


async def read_body(request: Request, limit: int) -> bytes | None:
    """The raw bytes, or None as soon as there are more than `limit`."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return body


def read_object(text: str | bytes) -> dict[str, Any] | None:
    """None where the text is no JSON object."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
