"""In which language whoever asks would like to read."""

from __future__ import annotations

from collections.abc import Collection


def accepted_language(accepted: str, known: Collection[str]) -> str | None:
    """The first that a browser names and we write; browsers put the best first (RFC 9110, 12.5.4)."""
    named = (one.partition(";")[0].strip().partition("-")[0].lower() for one in accepted.split(","))
    return next((one for one in named if one in known), None)
