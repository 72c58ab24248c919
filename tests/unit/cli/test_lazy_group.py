"""The commands as somebody meets them who types `--help`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from services.cli import build_app
from services.cli.lazy_group import NOUNS, VERBS
from services.runtime.settings import REPOSITORY
from services.version import VERSION

VERSION_FILE = "services.version"


def shown(*arguments: str) -> str:
    result = CliRunner().invoke(build_app(), [*arguments, "--help"], env={"COLUMNS": "100"})
    assert result.exit_code == 0, result.output
    return result.output


def commands() -> Iterator[tuple[str, ...]]:
    group: Any = get_command(build_app())
    for name in VERBS:
        yield (name,)
    for name in NOUNS:
        yield from ((name, verb) for verb in group.get_command(None, name).commands)


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_shows_an_example_and_its_output_line_by_line(command: tuple[str, ...]) -> None:
    lines = shown(*command).splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("  Example:  vestka "))
    assert lines[first].startswith(f"  Example:  vestka {' '.join(command)}")
    assert lines[first + 1].startswith(" " * 12), "the example has no output, or it was wrapped"
    assert lines[first + 1].strip()


@pytest.mark.parametrize("name", [*VERBS, *NOUNS])
def test_the_list_of_commands_says_of_each_what_it_says_of_itself(name: str) -> None:
    _, line = {**VERBS, **NOUNS}[name]
    told = " ".join(shown(name).split())
    assert line in told


def test_help_tells_every_command_and_what_the_exit_codes_mean() -> None:
    told = shown()
    for name in (*VERBS, *NOUNS):
        assert f"\n  {name} " in told
    assert "130 interrupted" in told


def test_a_slip_of_the_finger_is_told_what_is_near() -> None:
    result = CliRunner().invoke(build_app(), ["evnt", "list"])
    assert result.exit_code == 2
    assert "'event'" in result.output


def test_help_is_there_before_the_stations_are() -> None:
    """Whoever asks what there is waits for no import of the services."""
    asked = (
        "import sys, services.cli as cli; cli.build_app(); print(*[m for m in sys.modules if m.startswith('services')])"
    )
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert {name for name in loaded.stdout.split() if not name.startswith("services.cli")} == {"services", VERSION_FILE}


def test_the_version_is_shown() -> None:
    result = CliRunner().invoke(build_app(), ["--version"])
    assert (result.exit_code, result.output) == (0, f"vestka {VERSION}\n")


def completed(typed: str, shell: str = "bash") -> list[str]:
    """What a shell is told when Tab is pressed after this."""
    words = typed.split(" ")
    asked = {
        "_VESTKA_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_ARGS": typed,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    result = CliRunner().invoke(build_app(), [], prog_name="vestka", env=asked)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_a_shell_completes_every_command() -> None:
    assert completed("vestka ") == [*VERBS, *NOUNS]
    assert completed("vestka che") == ["check-config"]
    assert completed("vestka st") == ["stories", "status", "story"]


def test_a_shell_completes_the_verbs_of_a_noun_and_the_options_of_a_verb() -> None:
    assert completed("vestka source ") == ["list", "check", "pause", "resume", "forget"]
    assert completed("vestka run no") == ["notify"]
    assert "--as-of" in completed("vestka submit --a")


def test_zsh_and_fish_show_what_a_command_does() -> None:
    assert "check-config" in completed("vestka check", "zsh")[0]
    assert completed("vestka doc", "fish") == [f"doctor\t{VERBS['doctor'][1]}"]


def test_completing_a_command_imports_none() -> None:
    asked = (
        "import sys, atexit, services.cli as cli; atexit.register(lambda: print(*[m for m in sys.modules "
        "if m.startswith('services.cli.')], file=sys.stderr)); cli.build_app()(prog_name='vestka')"
    )
    environment = {**os.environ, "_VESTKA_COMPLETE": "complete_bash", "COMP_WORDS": "vestka s", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=REPOSITORY, env=environment
    )
    assert "submit" in done.stdout.split()
    assert set(done.stderr.split()) == {"services.cli.exits", "services.cli.lazy_group"}


def test_a_real_shell_completes_once_it_has_our_script() -> None:
    script = (
        'eval "$(vestka --show-completion)"; COMP_WORDS=(vestka check); COMP_CWORD=1; _vestka_completion vestka; '
        'echo "${COMPREPLY[@]}"'
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, text=True, check=True, env={**os.environ, "PATH": path}
    )
    assert done.stdout == "check-config\n", done.stderr
