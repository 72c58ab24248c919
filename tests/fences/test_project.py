"""What must stay true of the files of this project."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.notify.event_types import PRINTS
from services.notify.schema_prints import as_text, prints

HERE = Path(__file__)
ROOT = HERE.resolve().parents[2]
LONGEST_FUNCTION = 45
LONGEST_FILE = 300


def sources() -> list[Path]:
    return sorted((ROOT / "services").rglob("*.py"))


def committed_text() -> Iterator[tuple[str, str]]:
    """Every text file git knows, by name; all files of the tree where there is no git."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".ico"}:
            yield name, path.read_text("utf-8", errors="replace")


def test_the_published_schemas_are_those_that_the_types_of_a_body_make() -> None:
    made = {file: as_text(document) for file, document in prints()}
    kept = {file: file.read_text(encoding="utf-8") for file in PRINTS.rglob("*.json")}
    assert kept == made, "make them anew: make schema"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-demo.lock"])
def test_a_lock_pins_everything_with_hashes_and_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    requirements = re.findall(
        r"^[a-z0-9._-]+==[^\s;]+.*(?:\n    --hash=\S+.*)+", text, flags=re.MULTILINE | re.IGNORECASE
    )
    names = re.findall(r"^[a-z0-9]\S*", text, flags=re.MULTILINE | re.IGNORECASE)
    assert names, "the lock is empty"
    assert len(requirements) == len(names), "something is not pinned, or has no hash"
    assert "://" not in text
    assert "--index" not in text


def test_no_function_is_longer_than_a_screen_and_no_file_has_two_subjects() -> None:
    long = []
    for path in sources():
        text = path.read_text()
        if text.count("\n") > LONGEST_FILE:
            long.append(f"{path.relative_to(ROOT)} has {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION and node.name not in EXCUSED:
                    long.append(f"{path.relative_to(ROOT)}: {node.name} has {lines} lines")
    assert not long


EXCUSED = {
    "replay": "a command's options are its signature",
    "build_portal": "a composition root names every part once",
    "run_service": "the life of a process, in its order",
}


def test_every_module_opens_with_a_sentence() -> None:
    silent = [str(path.relative_to(ROOT)) for path in sources() if not _opening(path)]
    assert not silent


def _opening(path: Path) -> str:
    text = path.read_text()
    return (ast.get_docstring(ast.parse(text)) or "") if text.strip() else "an empty package marker"


def test_no_file_bears_a_path_of_a_machine() -> None:
    machine = re.compile(r"(?<![\w.{$])/(?:root|home/\w+|Users/\w+|work)/[\w.]")
    found = [name for name, text in committed_text() if machine.search(text)]
    assert not found


def test_stations_ask_neither_the_environment_nor_the_clock() -> None:
    """The pure middle gets what it needs as arguments."""
    pure = [ROOT / "services" / "notify" / "fanout" / "routing.py"]
    pure += [ROOT / "services" / "subscribers" / name for name in ("topics.py", "subscriber.py", "kinship.py")]
    pure += [ROOT / "services" / "ingest" / name for name in ("reports.py", "listed.py")]
    for room in ("extraction", "stories", "release"):
        pure += sorted((ROOT / "services" / "ingest" / room).rglob("*.py"))
    asking = re.compile(r"os\.environ|time\.time\(|datetime\.now\(|date\.today\(|random\.")
    assert not [str(path.relative_to(ROOT)) for path in pure if asking.search(path.read_text())]


def test_no_service_judges_by_the_wall_clock() -> None:
    """It may jump; what a service is built with is the steady one (`runtime/steady_clock.py`)."""
    rooms = [
        ROOT / "services" / room for room in ("ingest", "notify", "operations", "portal", "runtime", "subscribers")
    ]
    asking = [path for room in rooms for path in sorted(room.rglob("*.py")) if "time.time()" in path.read_text()]
    assert not [str(path.relative_to(ROOT)) for path in asking]


def test_what_renders_is_made_in_one_place_so_that_tests_and_previews_show_what_is_sent() -> None:
    made = re.compile(r"(?<!\w)Renderer\((?!\))")
    folders = (ROOT / "services", ROOT / "tests")
    found = {path.name for folder in folders for path in folder.rglob("*.py") if made.search(path.read_text())}
    # And where a folder of templates is put to the test.
    assert found - {HERE.name} == {"assembly.py", "test_rendering.py"}
