"""The word by which a Redis server says why it does not do what it is asked: NOREPLICAS, READONLY, OOM and the like."""

from __future__ import annotations

import re
from collections.abc import Collection

from redis.exceptions import ResponseError

_WORD = re.compile(r"\b[A-Z]{3,}\b")


def server_word(error: BaseException, known: Collection[str]) -> str | None:
    """The first of `known` that the server said; None: it said none of them, or it is no server that speaks.

    redis-py takes the words that it knows off the text and keeps them as `status_code`; a pipeline writes text of its
    own before the rest, so that the word need not be the first.
    """
    if not isinstance(error, ResponseError):
        return None
    if error.status_code in known:
        return error.status_code
    return next((word for word in _WORD.findall(str(error)) if word in known), None)
