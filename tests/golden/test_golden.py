"""Each event becomes exactly the messages that stand in `rendered/`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from services.contract import decode_event, document
from services.notify.channels.base import STOP_URL_SLOT
from services.subscribers.address import Mode
from tests.golden.road import STEPS, event_of
from tests.letters import LANGUAGES, renderer_at

HERE = Path(__file__).parent
PARTS = {
    "email": ("subject", "preheader", "text", "html"),
    "telegram": ("html", "plain"),
    "webhook": ("headline", "summary", "changes"),
}
CASES: list[tuple[str, Mode]] = [
    ("pardon", "plain"),
    ("pardon", "discreet"),
    ("pardon_own", "plain"),
    ("pardon_update", "plain"),
    ("pardon_corrected", "plain"),
    ("pardon_merged", "plain"),
    ("pardon_names", "plain"),
    ("pardon_released", "plain"),
    ("held", "plain"),
    ("held", "discreet"),
    ("hold_ended", "plain"),
    ("arrest_retracted", "plain"),
    ("arrest", "plain"),
    ("arrest_first", "plain"),
    ("retraction", "plain"),
    ("system_test", "plain"),
]


@pytest.mark.parametrize("name", [*STEPS, "system_test"])
def test_the_golden_events_are_those_that_the_road_makes(name: str) -> None:
    agreed, made = HERE / "events" / f"{name}.json", document(event_of(name))
    text = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("VESTKA_GOLDEN") == "write":
        agreed.write_text(text, encoding="utf-8")
    assert agreed.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "mode"), CASES)
def test_an_event_becomes_the_messages_that_were_agreed(name: str, mode: Mode, language: str) -> None:
    folder = HERE / "rendered" / (name if mode == "plain" else f"{name}.{mode}")
    for file, text in _files(name, mode, language).items():
        agreed = folder / file
        if os.environ.get("VESTKA_GOLDEN") == "write":
            folder.mkdir(parents=True, exist_ok=True)
            agreed.write_text(text, encoding="utf-8")
        assert text == agreed.read_text(encoding="utf-8"), f"{agreed.name} differs: see tests/golden/README.md"


def _files(name: str, mode: Mode, language: str) -> dict[str, str]:
    event = decode_event((HERE / "events" / f"{name}.json").read_bytes())
    renderer = renderer_at("https://vestka.example/")
    files = {}
    for channel, parts in PARTS.items():
        rendered = renderer.render(event, channel=channel, parts=parts, language=language, mode=mode).parts
        shown = {
            part: text.replace(STOP_URL_SLOT, "https://vestka.example/stop/example") for part, text in rendered.items()
        }
        if channel == "email":
            files[f"{language}.email.html"] = shown.pop("html")
        files[f"{language}.{channel}.txt"] = "".join(
            f"=== {part} ===\n{text.rstrip()}\n\n" for part, text in shown.items()
        )
    return files
