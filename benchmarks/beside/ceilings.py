"""How much the far side takes from the fastest that there are: nobody can be faster here."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from typing import Final

from benchmarks.beside.machine import core_of
from benchmarks.beside.plan import Plan

_PATIENCE: Final = 120.0
_WRK, _SMTP_SOURCE = "webhooks, ceiling", "email, ceiling"


def wrk(plan: Plan) -> None:
    program = shutil.which("wrk")
    if program is None:
        return plan.results.skip(_WRK, "wrk", "it is not installed")
    script = plan.ground.machine.folder / "post.lua"
    script.write_text('wrk.method = "POST"\nwrk.body = string.rep("x", 4000)\n')
    seconds = plan.fewer(5, 1)
    for _ in plan.in_rounds(_WRK, seconds):
        where = f"http://127.0.0.1:{plan.ground.sink.http}/r/0"
        told = _run([program, "-t1", "-c64", f"-d{seconds}s", "-s", str(script), where])
        found = re.search(r"Requests/sec:\s+([\d.]+)", told)
        plan.results.add(_WRK, "wrk", {"per_s": float(found[1]) if found else 0.0})
    return None


def smtp_source(plan: Plan) -> None:
    program = shutil.which("smtp-source") or shutil.which("smtp-source", path="/usr/sbin:/usr/lib/postfix/sbin")
    if program is None:
        return plan.results.skip(_SMTP_SOURCE, "smtp-source", "it is not installed (Debian's postfix has it)")
    letters = plan.fewer(10_000, 500)
    for _ in plan.in_rounds(_SMTP_SOURCE, 3):
        plan.ground.sink.forget()
        many = ["-d", "-l", "12000", "-m", str(letters), "-s", "16"]
        _run([program, *many, "-f", "alerts@example.org", "-t", "r@example.org", f"127.0.0.1:{plan.ground.sink.smtp}"])
        seen = plan.ground.sink.wait("email", letters, _PATIENCE)
        rate = seen.letters / max(1e-9, (seen.last_ns - seen.first_ns) / 1e9)
        plan.results.add(_SMTP_SOURCE, "smtp-source", {"per_s": rate})
    return None


def _run(command: Sequence[str]) -> str:
    pinned = ["taskset", "-c", str(core_of(0)), *command] if shutil.which("taskset") else list(command)
    return subprocess.run(pinned, check=True, capture_output=True, text=True, timeout=_PATIENCE).stdout
