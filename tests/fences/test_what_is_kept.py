"""`infra/what-is-kept.md` is the one page of what is kept: every key that the code writes, and for how long."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from services.runtime.retention import DAY, HOUR, Retention
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


SAID = {
    "vestka:ledger:…:…": (Retention.LEDGER, "500 days"),
    "vestka:newest-revision:…": (Retention.LEDGER, "500 days"),
    "vestka:story-revisions:…": (Retention.LEDGER, "500 days"),
    "vestka:unsure:…": (Retention.LEDGER, "500 days"),
    "vestka:retries:…": (Retention.RETRIES, "four days"),
    "vestka:deliveries:…": (Retention.DELIVERIES, "24 hours"),
    "vestka:probes:…:": (Retention.PROBES, "six days"),
    "vestka:events:gap-noticed": (Retention.GAP_NOTICED, "one hour"),
    "vestka:events:kept:…": (Retention.EVENTS_BESIDE, "30 days"),
    "vestka:stories:open": (Retention.OPEN_STORIES, "60 days"),
    "vestka:removed:…": (Retention.REMOVED_PAGES, "400 days"),
    "vestka:source:…": (Retention.SOURCES, "400 days"),
    "vestka:report:…": (Retention().reports, "400 days"),
    "vestka:item:…": (Retention.RESULTS, "30 days"),
    "vestka:item:…:by": (Retention.RESULTS, "30 days"),
    "vestka:idempotency:…": (Retention.PARTNERS_KEYS, "24 hours"),
    "vestka:idempotency:desk:…": (Retention.OPERATORS_KEYS, "24 hours"),
    "vestka:evidence:…": (Retention.UNREAD_EVIDENCE, "7 days until read"),
    "vestka:alarms:notices": (Retention.NOTICES, "90 days"),
}
_NUMBERS = {"one": 1, "four": 4, "six": 6}
_UNITS = {"hour": HOUR, "hours": HOUR, "days": DAY}


@pytest.mark.parametrize("key", SAID)
def test_the_page_says_the_times_that_the_code_has(key: str) -> None:
    seconds, words = SAID[key]
    number, unit, *_ = words.split()
    assert words in on_the_page()[key]
    assert (_NUMBERS.get(number) or int(number)) * _UNITS[unit] == seconds


def test_no_other_file_says_how_long_a_key_is_kept() -> None:
    ends = re.compile(r"\b(?:ex|px)=\d|(?:KEPT|KEEP|REMEMBERED)\w*: Final = \d[\d_]* \*")
    rooms = (REPOSITORY / "services" / room for room in ("ingest", "notify", "operations", "portal", "runtime"))
    files = [path for room in rooms for path in room.rglob("*.py")]
    found = {path.name for path in files if ends.search(path.read_text())}
    assert found == {"heartbeat.py"}, "seconds that say that a process lives are no memory of anything"
