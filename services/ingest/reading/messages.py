"""What goes over the pipe between ingest and the worker that reads: frames of JSON, each behind its length."""

from __future__ import annotations

from typing import Final

import msgspec

from services.ingest.extraction.near_miss import NearMiss
from services.ingest.reports import Report

LENGTH: Final = 4
"""Bytes of a frame that say how long the rest is."""


class Read(msgspec.Struct, frozen=True, tag=True):
    """What the article tells: a report for each act; none where that is nothing of ours."""

    reports: tuple[Report, ...]
    near_miss: NearMiss | None = None
    """What waits for a person, where there is no report."""


class Raised(msgspec.Struct, frozen=True, tag=True):
    """Our code raised. `error` is the class, `at` the place in our code; neither repeats anything of the text."""

    error: str
    at: str


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The worker is warm."""


Reply = Read | Raised | Ready


def framed(body: bytes) -> bytes:
    return len(body).to_bytes(LENGTH, "big") + body


def encode_reply(reply: Reply) -> bytes:
    return framed(msgspec.json.encode(reply))


def decode_reply(body: bytes) -> Reply:
    """Raises msgspec.MsgspecError."""
    reply: Reply = msgspec.json.decode(body, type=Reply)
    return reply
