"""What the machine refuses: memory, file descriptors, and a clock that goes on as it should."""

from __future__ import annotations

import asyncio
import glob
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.faults.suite.case import Asked, Case
from tests.faults.suite.house import House, open_house
from tests.faults.suite.partner import hand_in
from tests.faults.suite.table import Row

_LASTS: Final = 12.0
_PATIENCE: Final = 345.0
_JUMPS: Final = {"+400d": "400 days forward", "-10m": "10 minutes back", "+2h": "2 hours forward"}
_LIBRARY: Final = "/usr/lib/*/faketime/libfaketime.so.1"


@contextmanager
def _limited(process: int, what: int, soft: int) -> Iterator[None]:
    """Only the soft limit, so that it can be taken back (prlimit(2))."""
    before = resource.prlimit(process, what)
    resource.prlimit(process, what, (soft, before[1]))
    try:
        yield
    finally:
        if Path(f"/proc/{process}").exists():
            resource.prlimit(process, what, before)


def _descriptors(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def _memory(process: int) -> int:
    """Bytes of address space."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[0]) * resource.getpagesize()


async def _no_descriptors(_asked: Asked) -> list[Row]:
    return await _short_of("file descriptors", resource.RLIMIT_NOFILE, lambda process: _descriptors(process) + 3)


async def _no_memory(_asked: Asked) -> list[Row]:
    return await _short_of("memory", resource.RLIMIT_AS, lambda process: _memory(process) + (1 << 20))


async def _short_of(what: str, limit: int, soft: object) -> list[Row]:
    """Half of it comes while notify can have no more; where that ends notify, it is started again, with more."""
    if sys.platform != "linux":
        return [Row(f"no more {what} for notify", skipped="this machine is no Linux")]
    assert callable(soft)
    async with open_house(60, 30, 60) as house:
        await house.start("notify")
        await house.publish()
        await house.settle(60)
        process = house.programs.pid("notify")
        with house.fault(), _limited(process, limit, soft(process)):
            await house.publish(2)
            await asyncio.sleep(_LASTS)
        ended = house.programs.ended_by_itself
        await house.publish()
        await house.settle(_PATIENCE)
        dead = (await house.vestka("dead", "list", "--output", "json")).out.count('"poison"')
        remark = f"{dead} buried as poison" if dead else ""
        return [
            house.row(
                f"no more {what} for notify, 12 s", remark, note=f"it ended {ended} times by itself" if ended else ""
            )
        ]


def _jump(how: str, what: str) -> Case:
    async def run(_asked: Asked) -> list[Row]:
        library = next(iter(glob.glob(_LIBRARY)), None)
        if library is None:
            return [Row(f"the clock jumps {what}, and back", skipped="no libfaketime here (Debian: faketime)")]
        async with open_house(10, 10, 10) as house:
            return [await _jumped(house, library, how, what)]

    return Case(f"clock{how}", f"the clock jumps {what}, and back", run)


async def _jumped(house: House, library: str, how: str, what: str) -> Row:
    """Both services have that clock; a reader joins and reports come in while it is wrong."""
    when = house.folder / "when"
    when.write_text("+0")
    house.changes |= {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(when),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    for side in house.far_sides:
        side.thinks = 0.3
    await house.start("ingest", "notify")
    await hand_in(house, 2)
    await house.until_sending("email")
    with house.fault():
        when.write_text(how)
        await asyncio.sleep(2)
        joined = await _join(house)
        handing_in = asyncio.create_task(hand_in(house, 2))
        await asyncio.sleep(10)
        when.write_text("+0")
    await handing_in
    await hand_in(house, 2)
    await house.settle(90)
    return house.row(f"the clock jumps {what} for 12 s, and back", joined)


async def _join(house: House) -> str:
    """A reader subscribes; empty where that went well."""
    address = f"late.{house.readers.mark}@readers.example"
    words = f"{{channels: [{{channel: email, target: {address}}}]}}"
    answer = await house.vestka("subscriber", "add", "-", say=words)
    house.readers.more.append(("email", address))
    return "" if answer.code == 0 else f"a reader could not join: exit {answer.code}"


CASES = (
    Case("no-descriptors", "file descriptors are refused to notify", _no_descriptors),
    Case("no-memory", "memory is refused to notify", _no_memory),
    *(_jump(how, what) for how, what in _JUMPS.items()),
)
