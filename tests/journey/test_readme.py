"""README's "Run it", line by line as it stands there, in one terminal and in two."""

from __future__ import annotations

import os
import re
import sys
from itertools import pairwise
from pathlib import Path

import httpx

from services.demo.stage import free_port
from services.runtime.settings import REPOSITORY
from tests.journey.terminal import Terminal, a_terminal
from tests.letters import LANGUAGES
from tests.road import eventually

README = (REPOSITORY / "README.md").read_text("utf-8")
ANSWERS = (
    ("Channel (email) [email]: ", ""),
    ("Address (not shown): ", "reader@demo.example"),
    ("Another address? [y/N]: ", ""),
    (f"Language ({', '.join(LANGUAGES)}) [en]: ", ""),
    ("Mode (plain, discreet: no names where a glance could read them) [plain]: ", ""),
    ("Kinds (pardon, arrest; empty: any): ", ""),
    ("Regions (brest, vitebsk, gomel, grodno, minsk_region, mogilev, minsk_city; empty: any): ", ""),
    ("Persons, with commas between them (not shown; empty: any): ", ""),
    ("Finer: how often, quiet hours, who tells it, how certain, articles, towns, what not? [y/N]: ", ""),
    ("Label, by which adding again replaces this one (empty: none): ", ""),
)
"""What `subscriber add` asks, to its last sign: before that, what is typed unseen is thrown away by the terminal."""


def run_it(ports: dict[str, int]) -> list[list[str]]:
    """The lines of each part of the block. Its ports may be taken here, so they are others."""
    block = README.partition("## Run it")[2].partition("```\n")[2].partition("```")[0]
    for written, port in ports.items():
        assert written in block
        block = block.replace(written, str(port))
    block = block.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    parts = [part.splitlines() for part in block.split("\n\n")]
    assert [part[0].partition(",")[0].partition(":")[0] for part in parts] == [
        "# in every terminal that you use",
        "# in the first",
        "# in the same",
        "# in the first",
    ]
    return [part[1:] for part in parts]


async def test_each_line_does_what_the_readme_says_in_one_terminal_and_in_a_second(tmp_path: Path) -> None:
    smtp, page = free_port(0), free_port(0)
    everywhere, first, second, end = run_it({"1025": smtp, "8700": page})
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("VESTKA_", "REDIS_"))},
        "VESTKA_STATE_DIR": str(tmp_path / "state"),
        "VESTKA_INGEST_PORT": str(free_port(0)),
        "VESTKA_NOTIFY_PORT": str(free_port(0)),
        "VESTKA_PORTAL_PORT": str(free_port(0)),
        "VESTKA_PORTAL_PRIVATE_PORT": str(free_port(0)),
    }
    for name in ("services", "templates", "infra"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    async with a_terminal(tmp_path, environment) as one, a_terminal(tmp_path, environment) as other:
        for line in [*everywhere, *first]:
            await one.type(line)
        shown = await type_commands(one, second)
        await until_the_letter_is_there(page)
        for line in everywhere:
            await other.type(line)
        again = await type_commands(other, second)
        for line in end:
            await one.type(line)

    submit = "submit services/demo/article.txt"
    assert re.search(r"duplicate +no\b", shown[submit])
    assert re.search(r"duplicate +yes\b", again[submit])
    for first_or_second in (shown, again):
        assert re.search(r"number +1\b", first_or_second["subscriber add"]), "one address is one subscriber"
    # By the second time all of it has happened, however slow the machine is.
    assert re.search(r"outcome +new\b", again[submit])
    assert "pardon.announced" in again["event list"]
    assert re.search(r"^email\b", again["replay --since"], re.MULTILINE)
    assert not (tmp_path / "state" / "redis" / "redis.sock").exists(), "everything came to its end"


async def type_commands(terminal: Terminal, lines: list[str]) -> dict[str, str]:
    """What each showed, by its first two words."""
    shown = {}
    for line in lines:
        words = " ".join(line.partition("/vestka ")[2].split()[:2])
        if words == "subscriber add":
            await terminal.answer(line, ANSWERS[0][0])
            for (_, answer), (question, _) in pairwise(ANSWERS):
                await terminal.answer(answer, question)
            shown[words] = await terminal.type(ANSWERS[-1][1])
        else:
            shown[words] = await terminal.type(line)
    return shown


async def until_the_letter_is_there(port: int) -> None:
    def arrived() -> bool:
        return "20 people pardoned" in httpx.get(f"http://127.0.0.1:{port}/inbox/1", trust_env=False).text

    await eventually(arrived, "the letter is in the mail catcher")
