"""The commands as somebody meets them who types `--help`."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from services.cli import build_app
from services.cli.lazy_group import NOUNS, VERBS
from services.cli.version import VERSION
from services.runtime.settings import REPOSITORY


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
    assert not [name for name in loaded.stdout.split() if not name.startswith(("services.cli",)) and name != "services"]


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    result = CliRunner().invoke(build_app(), ["--version"])
    assert (result.exit_code, result.output) == (0, f"vestka {VERSION}\n")
    assert project["version"] == VERSION
