"""`make bench-sign-ups`: 500 people join within a minute while alerts go out, all services on one core.

    python -m benchmarks.sign_ups [--people 500] [--minutes 1] [--alerts 20]

Over real HTTP and SMTP, with the limits of sign-ups lifted: the form, the letter, the link and its button. Told are the
CPU seconds of notify, the portal and Redis for one who joins, and so how many a core has room for; how many were lost
or kept with something else than they chose; and how long alerts took before, meanwhile and after (when there are as
many readers as then, and nobody joins). The figures of CPU hold on a busy machine too; those of alerts do only side by
side.
"""

from __future__ import annotations

import argparse
import asyncio

import uvloop

from benchmarks.sign_ups.alerts import add_watcher, lags, told
from benchmarks.sign_ups.crowd import Person, join_all, look_after
from benchmarks.sign_ups.ground import open_ground


def main() -> int:
    parser = argparse.ArgumentParser(description="Many join at once while alerts go out, on one core.")
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=1.0, help="within which they begin")
    parser.add_argument("--alerts", type=int, default=20, help="before, meanwhile, and after")
    chosen = parser.parse_args()
    return 1 if uvloop.run(measure(chosen.people, chosen.minutes * 60, chosen.alerts)) else 0


async def measure(people: int, seconds: float, alerts: int) -> int:
    """How many were lost or kept wrong."""
    crowd = [Person(number) for number in range(people)]
    async with open_ground() as ground:
        await add_watcher(ground)
        await join_all(ground, [Person(people + number) for number in range(5)], 0.2)  # so that all is warm
        await lags(ground, 3, 0)
        before, quiet = await ground.cpu(), await lags(ground, alerts, 0.2)
        middle = await ground.cpu()
        joining = asyncio.create_task(join_all(ground, crowd, seconds / people))
        meanwhile = await lags(ground, alerts, seconds / alerts / 2)
        stuck, after = await joining, await ground.cpu()
        rested = await lags(ground, alerts, 0.2)
        lost, wrong = await look_after(ground, crowd)
    alert = {name: (middle[name] - before[name]) / alerts for name in after}
    each = {name: (after[name] - middle[name] - alert[name] * alerts) / people for name in after}
    whole = sum(each.values())
    print(f"{people} joined within {seconds:.0f} s, services on one core")
    print(f"lost {lost}, kept wrong {wrong}, stuck {len(stuck)} {' '.join(stuck)}")
    parts = ", ".join(f"{name} {1_000 * value:.1f}" for name, value in each.items())
    print(f"CPU for one who joins: {1_000 * whole:.1f} ms ({parts}), so a core has room for {60 / whole:.0f} a minute")
    for when, taken in (("before", quiet), ("meanwhile", meanwhile), ("after", rested)):
        print(f"alerts {when}: {told(taken)}")
    return lost + wrong + len(stuck)


if __name__ == "__main__":
    raise SystemExit(main())
