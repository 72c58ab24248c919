"""A digest says the same numbers, names and dates in every language, and where it does not that is seen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest

from services.contract import Event, EventType
from services.notify.content.digest import DigestEntry
from services.notify.content.digest_parity import digest_differences
from services.notify.content.example_events import example_events
from services.notify.content.parity import Disparity, Parity
from services.notify.content.rendering import Renderer
from services.subscribers.address import MODES
from tests.unit.notify.content.test_digest import DUE, PARTS, STORIES
from tests.unit.notify.content.test_parity import RENDERER, broken

EXAMPLES = {name: one for name, one in example_events().items() if one.type is not EventType.SYSTEM_TEST}
ZONES = ("Europe/Minsk", "America/Sao_Paulo")
SETS = [
    *([one] for one in STORIES.values()),
    *(list(pair) for pair in list(permutations(STORIES.values(), 2))[::7]),
    list(STORIES.values()),
]


def differing(
    renderer: Renderer, events: list[Event], *, goes_on: bool = False, zones: Sequence[str] = ZONES
) -> list[Disparity]:
    """Over all channels, modes and zones."""
    entries, parity, found = [DigestEntry(one, goes_on) for one in events], Parity(renderer.words), list[Disparity]()
    for channel, parts in PARTS.items():
        for mode, zone in ((mode, zone) for mode in MODES for zone in zones):
            told = {
                code: renderer.digest(
                    entries, channel=channel, parts=parts, language=code, mode=mode, due=DUE, zone=zone
                )
                for code in renderer.languages
            }
            texts = {code: one.parts for code, one in told.items()}
            found += digest_differences(parity, events, texts, {code: one.headline for code, one in told.items()})
    return found


@pytest.mark.parametrize("goes_on", [False, True])
def test_every_digest_of_the_examples_is_the_same_in_every_language(goes_on: bool) -> None:
    for events in SETS:
        assert differing(RENDERER, events, goes_on=goes_on) == [], [one.id for one in events]


@pytest.mark.parametrize("name", [name for name, one in EXAMPLES.items() if one.data.revision > 1])
def test_where_the_reader_has_another_date_than_minsk_the_subject_tells_theirs(name: str) -> None:
    """A subject is as long as it is in each language: one tells the first story, another how many and when."""
    first = EXAMPLES[name]
    others = {one.data.story_id: one for one in EXAMPLES.values() if one.data.story_id != first.data.story_id}
    for stories in (4, 9, len(others)):
        events = [first, *list(others.values())[:stories]]
        assert differing(RENDERER, events, goes_on=True, zones=("Pacific/Pago_Pago",)) == []


SHARED = "shared/digest.txt.j2"


@pytest.mark.parametrize(
    ("file", "was", "becomes", "what"),
    [
        (SHARED, "{% for fact in alert.facts %}", "{% for fact in alert.facts if language != 'ru' %}", "numbers"),
        (SHARED, "line(digest.title)", "line(digest.title if language != 'be' else '')", "numbers"),
        (SHARED, "{% for group in alert.named %}", "{% for group in alert.named if language != 'en' %}", "names"),
        (SHARED, "line(alert.headline.whole)", "line(alert.headline.whole if language != 'be' else '')", "numbers"),
        ("languages/ru.yaml", '    until: "', '    until: "7 ', "numbers"),
    ],
)
def test_what_one_language_leaves_out_or_adds_is_seen(
    tmp_path: Path, file: str, was: str, becomes: str, what: str
) -> None:
    found = differing(broken(tmp_path, file, was, becomes), list(STORIES.values()))
    assert what in {one.what for one in found}
