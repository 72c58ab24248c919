"""The page of all messages: every one is there, and a hostile letter stays in its frame."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from services.demo.gallery import exhibits, make_gallery
from services.notify.content.example_events import example_events
from services.subscribers.address import Mode
from tests.letters import renderer_at


def test_every_example_is_there_in_every_language_and_mode(tmp_path: Path) -> None:
    renderer = renderer_at()
    everything = list(exhibits(renderer))
    shown = [(one.name, one.language, one.mode) for one in everything if not one.view.watched]
    wanted = [(n, c, m) for n in example_events() for c in renderer.languages for m in get_args(Mode)]
    assert sorted(shown) == sorted(wanted)
    page = make_gallery(tmp_path, renderer, None).read_text("utf-8")
    assert page.count("<section>") == len(everything)
    assert page.count("Someone you follow is named") >= 4
    assert page.count("The webhook, in all languages") == len(wanted) // 2
    assert all((tmp_path / source).is_file() for source in re.findall(r'<iframe src="([^"]*)"', page))


def test_those_that_are_asked_for_are_shown_alone(tmp_path: Path) -> None:
    page = make_gallery(tmp_path, renderer_at(), None, ["arrest"]).read_text("utf-8")
    assert "arrest.updated" in page
    assert "pardon.announced" not in page


def test_a_letter_can_do_nothing_and_the_page_asks_nobody(tmp_path: Path) -> None:
    page = make_gallery(tmp_path, renderer_at(), None, ["pardon"]).read_text("utf-8")
    assert page.count('sandbox=""') == page.count("<iframe")
    assert not re.search(r"<script|src=\"https?:|url\(", page)
