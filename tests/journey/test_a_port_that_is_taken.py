"""As with a second Vestka on one machine: a port that was asked for and is taken ends the start, a default waits.

The portal's default ports are held on a loopback address of the test's own, so that no other test is in the way.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys

import httpx

from services.demo.stage import until_ready
from services.runtime.http.server import listen
from tests.commands import vestka
from tests.road import PATIENCE, Road, eventually

ELSEWHERE = "127.0.0.77"
PORT, PRIVATE = 8703, 8704


def held(port: int) -> socket.socket:
    taken = listen(ELSEWHERE, port)
    taken.listen()
    return taken


def on_its_own_address(road: Road) -> dict[str, str]:
    return {**road.environment, "VESTKA_PORTAL_HOST": ELSEWHERE, "VESTKA_PORTAL_PRIVATE_HOST": ELSEWHERE}


async def answers(port: int, path: str) -> bool:
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            return (await client.get(f"http://{ELSEWHERE}:{port}{path}")).status_code == 200
        except httpx.TransportError:
            return False


async def test_alerts_do_not_wait_for_the_portals_port_and_the_portal_comes_when_it_is_free(road: Road) -> None:
    taken = held(PORT)
    with road.log.open("ab") as log:
        all_three = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.cli", "run", "all", env=on_its_own_address(road), stderr=log
        )
    try:
        await until_ready(road.ports, PATIENCE)
        await eventually(lambda: "portal_waits_for_its_port" in road.log.read_text(), "it is said what is missing")
        assert not await answers(PRIVATE, "/readyz")
        taken.close()
        async with asyncio.timeout(PATIENCE):
            while not await answers(PRIVATE, "/readyz"):
                await asyncio.sleep(0.2)
        assert await answers(PORT, "/")
    finally:
        taken.close()
        all_three.send_signal(signal.SIGTERM)
        await all_three.wait()


async def test_a_port_that_was_asked_for_and_is_taken_ends_the_start_by_its_name(road: Road) -> None:
    with held(PORT):
        asked = {**on_its_own_address(road), "VESTKA_PORTAL_PORT": str(PORT)}
        answer = await vestka("run", "all", env=asked)
        alone = await vestka("run", "portal", env=on_its_own_address(road))
    for one in (answer, alone):
        assert one.code == 2
        assert f"VESTKA_PORTAL_PORT: cannot listen on {ELSEWHERE}:{PORT}" in one.err
