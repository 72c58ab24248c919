from __future__ import annotations

from dataclasses import dataclass

import pytest

from services.notify.watching.clock_jumps import ClockWatch
from services.runtime.steady_clock import SteadyClock

START = 1_800_000_000.0
DAY = 86_400.0


@dataclass
class Machine:
    """Clocks of the test's own: `up` counts seconds, the two others may be set."""

    up: float = 1000.0
    wall_off: float = 0.0
    server_off: float = 0.0

    def __post_init__(self) -> None:
        self.clock = SteadyClock(lambda: self.up, self.wall)
        self.clock.compare(self.server())

    def wall(self) -> float:
        return START + self.up + self.wall_off

    def server(self) -> float:
        return START + self.up + self.server_off

    def after(self, seconds: float) -> SteadyClock:
        self.up += seconds
        self.clock.compare(self.server())
        return self.clock

    def error(self) -> float:
        return self.clock() - (START + self.up)


JUMPS = [400 * DAY, -600.0, 7200.0, -400 * DAY]


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("of", ["wall_off", "server_off", "both"])
def test_a_jump_is_told_nothing_is_judged_by_it_and_back_it_is_well_again(jump: float, of: str) -> None:
    machine = Machine()
    for name in ("wall_off", "server_off") if of == "both" else (of,):
        setattr(machine, name, jump)
    assert abs(machine.after(5).__call__() - (START + machine.up)) < 1
    assert machine.clock.wrong is not None
    assert "NTP" in machine.clock.wrong.says
    machine.wall_off = machine.server_off = 0.0
    machine.after(5)
    assert machine.clock.wrong is None
    assert abs(machine.error()) < 1


def test_a_small_correction_is_followed_and_not_told() -> None:
    machine = Machine()
    machine.wall_off = machine.server_off = 3.0
    assert machine.after(5).wrong is None
    assert abs(machine.error() - 3.0) < 0.01


def test_a_correction_that_lasts_for_an_hour_is_believed() -> None:
    machine = Machine()
    machine.wall_off = machine.server_off = 7200.0
    machine.after(5)
    assert machine.after(3000).wrong is not None
    assert machine.after(1000).wrong is None
    assert abs(machine.error() - 7200.0) < 1


def test_a_machine_whose_clock_is_wrong_at_the_start_goes_by_the_servers() -> None:
    machine = Machine(wall_off=400 * DAY)
    assert abs(machine.error()) < 1
    assert machine.clock.wrong is not None


def test_a_machine_that_slept_has_not_jumped() -> None:
    machine = Machine()
    assert machine.after(8 * 3600).wrong is None


async def test_notify_sounds_an_alarm_about_a_clock_that_jumped_until_it_is_right_again() -> None:
    machine = Machine()
    watch = ClockWatch(machine.clock)
    assert await watch.look(0.0) == []
    machine.wall_off = 7200.0
    machine.after(5)
    (found,) = await watch.look(0.0)
    assert found.kind in watch.kinds
    assert "+7200 s" in found.says
    machine.wall_off = 0.0
    machine.after(5)
    assert await watch.look(0.0) == []
