"""`make chaos`: a seeded mix of faults, one after the other and some at once, and then the count of what readers got.

    python -m tests.faults.suite.chaos [--seed N] [--seconds 60]

The same seed breaks the same things in the same order. Ends with 1 where anything is lost, comes twice under another
id or without having been in flight, or comes to whoever stopped. Bounded: some seven minutes after the last fault at
most, since what was refused twice waits five of them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import glob
import logging
import random
import secrets
import signal
import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from tests.faults.suite.house import House, open_house
from tests.faults.suite.table import Row, head, line

_READERS: Final = (20, 8, 20)
_NOTIFIERS: Final = ("notify", "notify2")
_PATIENCE: Final = 345.0
_LIBRARY: Final = "/usr/lib/*/faketime/libfaketime.so.1"
_JUMPS: Final = ("+400d", "-10m", "+2h")

Fault = Callable[[House, random.Random], Awaitable[None]]


def main() -> int:
    parser = argparse.ArgumentParser(description="Breaks real processes in a seeded mix and counts what readers got.")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="another by each run")
    parser.add_argument("--seconds", type=float, default=60.0, help="for which faults go on")
    chosen = parser.parse_args()
    print(f"chaos: seed {chosen.seed}, {chosen.seconds:.0f} s of faults", flush=True)
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        row = asyncio.run(_run(chosen.seed, chosen.seconds))
        print(f"{head()}\n{line(row)}")
        print(
            f"seed {chosen.seed}: {'WRONG' if row.wrongs else 'nothing lost, nothing doubled but what was in flight'}"
        )
        return 1 if row.wrongs else 0
    return 130


async def _run(seed: int, seconds: float) -> Row:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))  # a killed Redis is no news
    this = asyncio.current_task()
    assert this is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    dice = random.Random(seed)
    async with open_house(*_READERS) as house:
        _may_jump(house)
        for side in house.far_sides:
            side.thinks = 0.2
        await house.start(*_NOTIFIERS)
        end, count = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            await house.publish(dice.randint(1, 2))
            chosen = dice.sample(sorted(FAULTS), dice.choice((1, 1, 2)))
            if {"redis killed", "redis unreachable"} <= set(chosen):  # one of them is hidden by the other
                chosen = chosen[:1]
            print(f"  {', '.join(chosen)}", flush=True)
            await asyncio.sleep(dice.uniform(0, 0.6))
            dices = [random.Random(dice.random()) for _ in chosen]
            with house.fault():
                await asyncio.gather(*(FAULTS[name](house, own) for name, own in zip(chosen, dices, strict=True)))
            await asyncio.sleep(dice.uniform(0, 2))
            count += len(chosen)
        await house.publish()
        await house.settle(_PATIENCE)
        return house.row(f"chaos, seed {seed}: {count} faults, {len(_NOTIFIERS)} notifiers", within=_PATIENCE)


async def _killed(house: House, dice: random.Random) -> None:
    name = dice.choice(_NOTIFIERS)
    await house.programs.kill(name)
    await asyncio.sleep(dice.uniform(0, 3))
    await house.start(name, ready=True)


async def _frozen(house: House, dice: random.Random) -> None:
    """Longer than a process is heard of, or shorter."""
    name = dice.choice(_NOTIFIERS)
    if house.programs.ended(name):
        return
    process = house.programs.pid(name)
    house.programs.freeze(name)
    try:
        await asyncio.sleep(dice.uniform(1, 10))
    finally:
        if not house.programs.ended(name) and house.programs.pid(name) == process:
            house.programs.thaw(name)


async def _relay_away(house: House, dice: random.Random) -> None:
    async with house.relay.away():
        await asyncio.sleep(dice.uniform(1, 6))


async def _relay_slow(house: House, dice: random.Random) -> None:
    house.relay.thinks = dice.uniform(1, 7)
    await asyncio.sleep(dice.uniform(1, 6))
    house.relay.thinks = 0.2


async def _endpoints_fail(house: House, dice: random.Random) -> None:
    failing = dice.sample(house.readers.endpoints(), 6)
    house.hooks.manners |= dict.fromkeys(failing, "failing")
    await asyncio.sleep(dice.uniform(1, 5))
    for one in failing:
        house.hooks.manners.pop(one, None)


async def _redis_killed(house: House, dice: random.Random) -> None:
    await house.kill_redis()
    await asyncio.sleep(dice.uniform(0.2, 3))
    await house.revive_redis()


async def _redis_unreachable(house: House, dice: random.Random) -> None:
    house.proxy.be(dice.choice(("reset", "slow")))
    await asyncio.sleep(dice.uniform(0.5, 5))
    house.proxy.be("pass")


async def _clock_jumps(house: House, dice: random.Random) -> None:
    """Of both notifiers, where the machine can do that; else nothing."""
    when = house.folder / "when"
    if when.exists():
        when.write_text(dice.choice(_JUMPS))
        await asyncio.sleep(dice.uniform(1, 6))
        when.write_text("+0")


def _may_jump(house: House) -> None:
    """Their clocks are read from a file, as in the rows of `machine`."""
    library = next(iter(glob.glob(_LIBRARY)), None)
    if library is None:
        print("  no libfaketime here (Debian: faketime): clocks do not jump", flush=True)
        return
    when = house.folder / "when"
    when.write_text("+0")
    house.changes |= {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(when),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


FAULTS: Final[dict[str, Fault]] = {
    "a notifier killed": _killed,
    "a notifier frozen": _frozen,
    "the relay away": _relay_away,
    "the relay slow": _relay_slow,
    "endpoints answer 500": _endpoints_fail,
    "redis killed": _redis_killed,
    "redis unreachable": _redis_unreachable,
    "the clock jumps": _clock_jumps,
}


if __name__ == "__main__":
    raise SystemExit(main())
