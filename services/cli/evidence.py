"""`vestka evidence`: the bytes that an event rests on, as they came."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import msgspec
import typer
from redis.asyncio import Redis

from services.cli.connection import with_redis
from services.cli.exits import CliExit, Code
from services.cli.output import show_json
from services.ingest.evidence import EvidenceStore, Kept, Tampered
from services.runtime.clock import rfc3339

app = typer.Typer(
    no_args_is_help=True, help="Evidence: the bytes that an event rests on, as they came.", rich_markup_mode=None
)

Sha256 = Annotated[str, typer.Argument(metavar="SHA256", help="as 'vestka story show' gives it")]


@app.command("show")
def show_evidence(sha256: Sha256) -> None:
    """Shows where some evidence came from, when, with which headers, and how long it is kept.

    Example:  vestka evidence show 5f0c…
              {"sha256": "5f0c…", "url": "https://…", "fetched": "2024-12-28T09:14:01Z", "size": 48211, …,
               "where": "vestka:evidence:5f0c…", "kept_until": "2026-02-01T09:14:03Z"}
    """

    async def work(redis: Redis) -> Kept:
        kept = await EvidenceStore(redis).find(sha256, time.time())
        if kept is None:
            raise _unknown(sha256)
        return kept

    kept = with_redis(work)
    show_json(
        {**msgspec.to_builtins(kept.about), "where": kept.where, "kept_until": rfc3339(kept.until.timestamp())}
    )  # fmt: skip


@app.command("get")
def get_evidence(sha256: Sha256) -> None:
    """Writes the bytes to stdout, after checking that they are what their name says.

    Example:  vestka evidence get 5f0c…
              <!doctype html><html lang="ru"> …
    """

    async def work(redis: Redis) -> bytes:
        try:
            body = await EvidenceStore(redis).body(sha256)
        except Tampered as error:
            raise CliExit(Code.FAILED, str(error)) from None
        if body is None:
            raise _unknown(sha256)
        return body

    sys.stdout.buffer.write(with_redis(work))
    sys.stdout.buffer.flush()


def _unknown(sha256: str) -> CliExit:
    return CliExit(Code.NOTHING_MATCHED, f"no evidence {sha256} is kept; 'vestka story show ID' gives each source's")
