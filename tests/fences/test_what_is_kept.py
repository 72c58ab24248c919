"""`infra/what-is-kept.md` is the one page of what is kept: every key that the code writes, and for how long."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from services.runtime.settings import REPOSITORY

PAGE = (REPOSITORY / "infra" / "what-is-kept.md").read_text()
_KEY = re.compile(r"vestka:[a-z…][a-z…:{}-]*")
ROW = re.compile(r"^\| `([^`]+)` \| (.+) \| (.+) \|$", re.MULTILINE)


def in_the_code() -> set[str]:
    """Every text that has the form of a key; what is filled in stands there as "…"."""
    trees = [ast.parse(path.read_text()) for path in (REPOSITORY / "services").rglob("*.py")]
    texts = {text for tree in trees for text in _texts(tree)}
    return {text for text in texts if _KEY.fullmatch(text)}


def _texts(tree: ast.Module) -> Iterator[str]:
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def on_the_page() -> dict[str, str]:
    return {key: kept for key, _, kept in ROW.findall(PAGE)}


def test_every_key_of_the_code_stands_on_the_page_with_how_long_it_is_kept() -> None:
    found = in_the_code()
    assert len(found) > 25
    assert found - set(on_the_page()) == set()
    assert all(kept.strip() for kept in on_the_page().values())


def test_the_page_names_no_key_that_nobody_writes() -> None:
    found = in_the_code() | {"vestka:asking", "vestka:address"}  # read there as patterns, to be deleted
    for key in on_the_page():
        assert key in found or any(key.startswith(f"{one}:") for one in found), key


def test_every_setting_that_the_page_names_is_one() -> None:
    settings = (REPOSITORY / "infra" / "settings.env").read_text()
    for name, default in re.findall(r"`(VESTKA_[A-Z_]+)`, ([\w,]+)", PAGE):
        number = {"three": "1095"}.get(default, default.replace(",", "").removesuffix("days"))
        assert f"#{name}={number}\n" in settings
