"""`vestka corpus`: the answers of operators as labelled examples, from which reading is measured."""

from __future__ import annotations

import json
import time

import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.ingest.near_misses.answered import example_of
from services.ingest.near_misses.kept_near_miss import KeptNearMiss
from services.ingest.near_misses.near_miss_store import NearMisses
from services.ingest.settings import IngestSettings

app = typer.Typer(no_args_is_help=True, help="The corpus: labelled examples of what is news.", rich_markup_mode=None)


@app.callback()
def corpus() -> None:
    """The corpus: labelled examples of what is news."""


@app.command()
def export() -> None:
    """Writes every answered near miss as a line of JSON, the text and its label, as the labelled sets have them.

    Example:  vestka corpus export > answered.jsonl
              {"id": "nm-4f1c2a9b03de", "language": "en", "text": "…", "label": {"kind": "arrest", "detained": 6, …}, …}
    """

    async def work(redis: Redis) -> list[KeptNearMiss]:
        return await NearMisses(redis, settings_or_end(IngestSettings).retention).answered(time.time())

    found = with_redis(work)
    if not found:
        raise CliExit(Code.NOTHING_MATCHED, "no near miss was answered yet")
    for one in found:
        print(json.dumps(example_of(one), ensure_ascii=False))
