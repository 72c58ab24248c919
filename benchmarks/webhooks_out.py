"""`make bench-webhooks`: CPU seconds that the way out takes for 1,000 webhooks, by each transport, on one core.

    python -m benchmarks.webhooks_out [--posts 2000] [--rounds 5] [--hosts 200]

Posts of 4 kB to a sink on loopback that another process runs on another core, 64 at once, as the webhook channel makes
them: guarded, with a deadline, a glance at the answer, and a question right before the first byte leaves. Once to one
host, once to many, each of which has its own connections. Rounds are interleaved; the median and the spread are told.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import resource
import statistics
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Final, cast

import httptools
import uvloop

from services.egress import Egress, EgressPolicy, WireTransport
from services.egress.by_httpx import HttpxTransport
from services.egress.client import OpenTransport

TRANSPORTS: Final[dict[str, OpenTransport]] = {"httpx": HttpxTransport, "sender": WireTransport}
AT_ONCE: Final = 64
BODY: Final = b"x" * 4_000
FIELDS: Final = {
    "content-type": "application/cloudevents+json; charset=utf-8",
    "user-agent": "Vestka-Webhooks/1.0",
    "webhook-id": "0123456789abcdef0123456789abcdef",
    "webhook-timestamp": "1735380900",
    "webhook-signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    "webhook-attempt": "1",
    "webhook-retries-remaining": "9",
}


def main() -> int:
    parser = argparse.ArgumentParser(description="CPU seconds for 1,000 webhooks, by each transport, on one core.")
    parser.add_argument("--posts", type=int, default=2_000, help="in each round, by each transport, in each case")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--hosts", type=int, default=200, help="of the case with many hosts")
    chosen = parser.parse_args()
    ours, other = pick_cores()
    listening, port = multiprocessing.Pipe(duplex=False)
    sink = multiprocessing.get_context("spawn").Process(target=run_sink, args=(port, other), daemon=True)
    sink.start()
    pin(ours)
    try:
        show(listening.recv(), chosen.posts, chosen.rounds, chosen.hosts)
    finally:
        sink.terminate()
        sink.join()
    return 0


def show(port: int, posts: int, rounds: int, hosts: int) -> None:
    print("CPU seconds for 1,000 webhooks, median (least to most)")
    for case, count in (("one host", 1), (f"{hosts} hosts", hosts)):
        taken: dict[str, list[float]] = {name: [] for name in TRANSPORTS}
        for _ in range(rounds):
            for name, transport in TRANSPORTS.items():
                taken[name].append(uvloop.run(measure(transport, port, posts, count)) * 1_000 / posts)
        for name, each in taken.items():
            print(f"{case:10} {name:7} {statistics.median(each):.3f} ({min(each):.3f} to {max(each):.3f})", flush=True)


async def measure(transport: OpenTransport, port: int, posts: int, hosts: int) -> float:
    """CPU seconds. Connections are made before the clock starts."""
    policy = EgressPolicy(allow_http=True, allowed_networks=("127.0.0.0/8",))
    egress = Egress(policy, transport=transport, resolve=at_home)
    addresses = [f"http://partner-{number}.example.org:{port}/hook/{number}" for number in range(hosts)]
    await post_all(egress, iter(addresses * -(-AT_ONCE // hosts)))
    before = cpu()
    await post_all(egress, (addresses[number % hosts] for number in range(posts)))
    took = cpu() - before
    await egress.close()
    return took


async def post_all(egress: Egress, addresses: Iterator[str]) -> None:
    async def post_some() -> None:
        for address in addresses:
            answer = await egress.request(
                "POST",
                address,
                headers=FIELDS,
                content=BODY,
                deadline=15,
                max_bytes=4096,
                body="glance",
                before=still_wanted,
            )
            if answer.status != 204:
                raise SystemExit(f"the sink answered {answer.status}")

    await asyncio.gather(*(post_some() for _ in range(AT_ONCE)))


async def at_home(_host: str) -> tuple[str, ...]:
    return ("127.0.0.1",)


async def still_wanted() -> None:
    """Yes."""


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def pick_cores() -> tuple[int | None, int | None]:
    """For us and for the sink; None where cores cannot be chosen."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    cores = sorted(os.sched_getaffinity(0))
    return cores[0], cores[-1]


def pin(core: int | None) -> None:
    if core is not None:
        os.sched_setaffinity(0, {core})


def run_sink(told: Connection, core: int | None) -> None:
    pin(core)
    uvloop.run(serve(told))


async def serve(told: Connection) -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    told.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


class Sink(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")


if __name__ == "__main__":
    raise SystemExit(main())
