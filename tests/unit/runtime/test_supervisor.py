from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from services.runtime.supervisor import Program, keep_running, pause_before_restart, service_program, until_orphaned

_NOTES_THAT_IT_RAN = "import os, sys; open(sys.argv[1], 'a').write('ran %s\\n' % os.environ.get('SAMPLE'))"
_WAITS = (
    "import signal, sys, time; p = sys.argv[1]\n"
    "def end(*_): open(p, 'a').write('ended\\n'); sys.exit(0)\n"
    "signal.signal(signal.SIGTERM, end); open(p, 'a').write('started\\n')\n"
    "while True: time.sleep(0.05)\n"
)


def program(source: str, notes: Path, *, ending: str = "") -> Program:
    return Program("sample", (sys.executable, "-c", source + ending, str(notes)))


async def until_written(notes: Path, text: str) -> None:
    async with asyncio.timeout(20):
        while text not in _read(notes):
            await asyncio.sleep(0.02)


def _read(notes: Path) -> str:
    return notes.read_text() if notes.exists() else ""


@pytest.mark.parametrize("ending", ["", "; sys.exit(0)", "; sys.exit(3)", "; os.kill(os.getpid(), 9)"])
async def test_a_program_is_started_again_however_it_ended(tmp_path: Path, ending: str) -> None:
    notes = tmp_path / "notes"
    task = asyncio.create_task(keep_running(program(_NOTES_THAT_IT_RAN, notes, ending=ending), {"SAMPLE": "given"}))
    await until_written(notes, "ran given\nran given\n")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_program_that_is_no_longer_wanted_may_finish_and_is_not_started_again(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    task = asyncio.create_task(keep_running(program(_WAITS, notes), {}))
    await until_written(notes, "started\n")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert notes.read_text() == "started\nended\n"


async def test_what_a_program_writes_can_go_to_a_file(tmp_path: Path) -> None:
    notes, log = tmp_path / "notes", tmp_path / "log"
    with log.open("w") as stream:
        wanted = program(_NOTES_THAT_IT_RAN, notes, ending="; print('trouble', file=sys.stderr)")
        task = asyncio.create_task(keep_running(wanted, {}, stderr=stream.fileno()))
        await until_written(log, "trouble\n")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def test_pauses_double_and_stay_within_what_was_promised() -> None:
    pauses = [pause_before_restart(ends) for ends in range(12)]
    assert pauses[:4] == [0.5, 1.0, 2.0, 4.0]
    assert pauses == sorted(pauses)
    assert max(pauses) == 20.0


def test_however_often_a_program_ended_there_is_a_next_pause() -> None:
    assert pause_before_restart(5_000) == 20.0


def test_a_service_is_run_by_this_very_interpreter_and_given_no_secret_to_show() -> None:
    wanted = service_program("notify")
    assert wanted.command[0] == sys.executable
    assert wanted.command[1:] == ("-P", "-m", "services.cli", "run", "notify", "--child")


async def test_a_process_whose_parent_is_another_is_orphaned() -> None:
    await until_orphaned(parent=os.getppid() + 1)
