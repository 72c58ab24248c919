"""The renderings of one event carry the same numbers, names and dates in every language, or it is noticed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from services.contract import Event, decode_event, document
from services.notify.channels import CHANNELS
from services.notify.content.parity import differences
from services.notify.content.rendering import TEMPLATES, Renderer
from services.subscribers.address import MODES
from tests.letters import LANGUAGES, renderer_at
from tests.unit.notify.test_hostile_values import EVENTS, HOSTILE, OF_PEOPLES_MAKING, with_hostile_texts

RENDERER = renderer_at()


def read(path: Path) -> Event:
    return decode_event(path.read_bytes())


def told(renderer: Renderer, event: Event) -> list[str]:
    """Where the languages differ, over all channels and modes."""
    found = []
    for name, channel in CHANNELS.items():
        for mode in MODES:
            texts = {
                language: renderer.render(event, channel=name, parts=channel.parts, language=language, mode=mode).parts
                for language in renderer.languages
            }
            found += [f"{name}, {mode}, {one}" for one in differences(event, texts, renderer.words)]
    return found


def broken(folder: Path, file: str, was: str, becomes: str) -> Renderer:
    """The templates with one thing in one file changed."""
    shutil.copytree(TEMPLATES, folder / "templates")
    path = folder / "templates" / file
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes, 1), "utf-8")
    return renderer_at(templates=folder / "templates")


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_every_message_that_was_agreed_is_the_same_in_every_language(path: Path) -> None:
    assert told(RENDERER, read(path)) == []


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "hostile",
    [
        *HOSTILE,
        "28 December 2024",
        "28 снежня 2024 года",
        "1,250",
        "1\u00a0250",
        "20",
        "7" * 10_000,
        "Ales Bialiatski 20",
    ],
    ids=range(11),
)
def test_nothing_that_a_stranger_writes_holds_an_event_back(path: Path, hostile: str) -> None:
    event = decode_event(json.dumps(with_hostile_texts(json.loads(path.read_text()), hostile[:500])))
    assert told(RENDERER, event) == []


@pytest.mark.parametrize("key", sorted(OF_PEOPLES_MAKING))
def test_nor_does_one_such_text_alone(key: str) -> None:
    def with_it(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: "6 people, 1 May 2020" if name == key and isinstance(one, str) else with_it(one)
                    for name, one in value.items()}  # fmt: skip
        return [with_it(one) for one in value] if isinstance(value, list) else value

    for path in EVENTS:
        raw = json.loads(path.read_text())
        changes = raw["data"].pop("changes", None) if key in ("before", "after", "value") else None
        event = decode_event(json.dumps(with_it(raw) if changes is None else raw))
        assert told(RENDERER, event) == []


def _but_in(language: str, piece: str) -> str:
    return f"{{% if language != '{language}' %}}{piece}{{% endif %}}"


_SAID, _ROWS, _NAMED = "У Беларусі памілавалі", "{{ rows(alert.facts) -}}", "{{ groups(alert.named, few=3) -}}"
BROKEN = {
    "a number left out": ("pardon", "languages/be.yaml", f"{_SAID} {{people}}", f"{_SAID} людзей"),
    "a number of our own": ("pardon", "languages/ru.yaml", 'exact: "{counted}"', 'exact: "{counted} (1)"'),
    "another number": ("pardon", "languages/be.yaml", 'many: "{number} чалавек"', 'many: "21 чалавек"'),
    "a date without its year": ("pardon", "languages/be.yaml", "date: d MMMM y 'года'", "date: d MMMM"),
    "another month": ("pardon", "languages/ru.yaml", "date: d MMMM y 'года'", "date: d 'мая' y 'года'"),
    "a date left out": ("pardon", "languages/be.yaml", 'dated: "{act}, {date}"', 'dated: "{act}"'),
    "facts in two languages only": ("pardon", "shared/message.txt.j2", _ROWS, _but_in("be", _ROWS)),
    "no names in one": ("arrest", "telegram/message.telegram.j2", _NAMED, _but_in("ru", _NAMED)),
    "no counts in one letter's HTML": (
        "pardon", "email/message.html.j2", "{% if alert.wider %}", "{% if alert.wider and language != 'en' %}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_template_that_is_broken_on_purpose_is_noticed(what: str, tmp_path: Path) -> None:
    name, file, was, becomes = BROKEN[what]
    event = read(next(path for path in EVENTS if path.stem == name))
    found = told(broken(tmp_path, file, was, becomes), event)
    assert found


def test_what_is_noticed_names_the_part_and_the_languages_and_no_value() -> None:
    event = read(next(path for path in EVENTS if path.stem == "arrest"))
    texts = {code: {"text": f"{n}"} for code, n in zip(LANGUAGES, (12, 12, 14), strict=True)}
    (found,) = differences(event, texts, RENDERER.words)
    assert str(found) == "text: not the same numbers in be, en, ru"


def test_one_language_alone_differs_from_none() -> None:
    event = read(EVENTS[0])
    assert differences(event, {"en": {"text": "20"}}, RENDERER.words) == ()
    assert differences(event, {}, RENDERER.words) == ()


def test_numbers_are_the_same_however_a_language_groups_them() -> None:
    event = read(next(path for path in EVENTS if path.stem == "retraction"))
    texts = {"en": {"text": "12,500 and 1,000,000"}, "be": {"text": "12\u00a0500 і 1\u00a0000\u00a0000"}}
    assert differences(event, texts, RENDERER.words) == ()


def test_an_event_is_left_as_it_was() -> None:
    event = read(EVENTS[0])
    before = document(event)
    told(RENDERER, event)
    assert document(event) == before
