"""Celery: one task a delivery, posted with requests. As `python celery_tasks.py RECEIVERS_FILE` it submits: each line
that it is given is the body of an event, and it answers with a line."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import celery
import requests

app = celery.Celery("bench", broker=os.environ["BENCH_BROKER"])
app.conf.update(task_ignore_result=True, worker_prefetch_multiplier=16, broker_connection_retry_on_startup=True)
session = requests.Session()


@app.task(name="bench.deliver")  # type: ignore[untyped-decorator]
def deliver(url: str, body: str) -> None:
    session.post(url, data=body, headers={"content-type": "application/json"}, timeout=30)


if __name__ == "__main__":
    urls = Path(sys.argv[1]).read_text().split()
    print("ready", flush=True)
    for line in sys.stdin:
        for url in urls:
            deliver.delay(url, line)
        print("submitted", flush=True)
