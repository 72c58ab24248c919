"""A word means one thing: no class bears another's name, and no module one that means something else elsewhere."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ROOT / "services"

ONE_MEANING = {
    "app": "a service's composition root",
    "channel": "how the one channel of a room keeps the promise of `base`",
    "base": "what every plug-in of a room keeps to",
    "pipeline": "a service's road, to be read first",
    "routes": "what a room answers over HTTP",
    "settings": "what a room is told from outside",
    "upkeep": "what a service does beside its work, again and again",
    "watching": "the room of a service that looks again and again, and tells what it found",
}
"""Names that several rooms have on purpose, each time for the same thing."""


def modules() -> Iterator[tuple[str, Path]]:
    """Every module and every room, by its own name."""
    for path in sorted(SERVICES.rglob("*.py")):
        if path.parent != SERVICES or path.name != "__init__.py":
            yield (path.parent.name if path.name == "__init__.py" else path.stem), path


def meanings() -> dict[str, list[str]]:
    """By name: the rooms that have such a module. A command's module is named for what it commands."""
    found = defaultdict(list)
    for name, path in modules():
        if path.parent.name != "cli":
            found[name].append(str(path.relative_to(ROOT)))
    return found


def types() -> dict[str, list[str]]:
    """By name: the modules that define such a class, or such an alias of a type. What begins with _ leaves no file."""
    found = defaultdict(list)
    for _, path in modules():
        for node in ast.parse(path.read_text()).body:
            name = _type_named_by(node)
            if name is not None and not name.startswith("_"):
                found[name].append(str(path.relative_to(ROOT)))
    return found


def _type_named_by(node: ast.stmt) -> str | None:
    if isinstance(node, ast.ClassDef):
        return node.name
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Subscript | ast.BinOp):
        return None
    name = node.targets[0].id if isinstance(node.targets[0], ast.Name) else ""
    return name if name[:1].isupper() and not name.isupper() else None


def twice(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: paths for name, paths in found.items() if len(paths) > 1}


def test_no_class_has_the_name_of_another() -> None:
    assert twice(types()) == {}


def test_no_module_has_the_name_of_another_thing() -> None:
    assert {name: paths for name, paths in twice(meanings()).items() if name not in ONE_MEANING} == {}
