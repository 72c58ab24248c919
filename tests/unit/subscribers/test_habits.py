"""When and how visibly somebody is told: as people write it, as it is kept, and through a file and back."""

from __future__ import annotations

from typing import Any

import pytest

from services.contract import Certainty, PartyClass
from services.subscribers.edits import read_edit
from services.subscribers.entries import UnusableSubscribers
from services.subscribers.exported import plain_line
from services.subscribers.habits import code_word_of, quiet_of, quiet_text, zone_of
from tests.unit.subscribers.test_subscriber_lines import channels, read

LINE: dict[str, Any] = {
    "channels": [{"channel": "email", "target": "reader@mail.example.org"}],
    "zone": "Europe/Warsaw",
    "quiet": "22:00-07:00",
    "urgent": True,
    "silent": True,
    "cover": "code_word",
    "code_word": "plums",
    "interests": [
        {
            "kinds": ["arrest"],
            "sources": ["defender", "official"],
            "least": "confirmed",
            "articles": ["361-4", "130"],
            "without": [{"regions": ["brest"]}],
            "frequency": "weekly",
        }
    ],
}


def test_a_line_is_read_whole_and_written_whole() -> None:
    found = read(LINE)
    [asked] = found.interests
    assert (found.zone, found.quiet, found.urgent, found.silent) == ("Europe/Warsaw", (1320, 420), True, True)
    assert (found.cover, found.code_word) == ("code_word", "plums")
    assert (asked.least, asked.sources) == (Certainty.CONFIRMED, (PartyClass.DEFENDER, PartyClass.OFFICIAL))
    assert read(plain_line(found)) == found


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "Warsaw"),
        ("quiet", "22-07"),
        ("quiet", "22:00-22:00"),
        ("quiet", "24:00-07:00"),
        ("quiet", "22:60-07:00"),
        ("code_word", "<b>"),
        ("code_word", "x" * 41),
        ("cover", "nothing"),
        ("interests", [{"articles": ["361.4"]}]),
        ("interests", [{"least": "disputed"}]),
        ("interests", [{"sources": ["rumour"]}]),
        ("interests", [{"without": [{"without": []}]}]),
        ("interests", [{"without": [{"frequency": "daily"}]}]),
        ("interests", [{"frequency": "hourly"}]),
    ],
)
def test_what_cannot_be_meant_is_named_by_its_field_and_not_repeated(field: str, value: object) -> None:
    with pytest.raises(UnusableSubscribers) as error:
        read({**LINE, field: value})
    assert field in str(error.value)
    assert str(value).strip("[]") not in str(error.value).replace("Europe/Warsaw", "")


def test_quiet_hours_are_written_as_they_areread() -> None:
    assert quiet_text(quiet_of(" 7:05 \u2013 23:59 ")) == "07:05-23:59"


def test_quiet_hours_are_taken_away_by_an_edit_that_names_none() -> None:
    known = read(LINE)
    assert read_edit({"quiet": None}, channels(), ["en"], "edit").applied(known).quiet is None
    assert read_edit({"urgent": False}, channels(), ["en"], "edit").applied(known).quiet == (1320, 420)


def test_a_zone_and_a_code_word_are_taken_as_they_are_meant() -> None:
    assert zone_of(" Europe/Minsk ") == "Europe/Minsk"
    assert code_word_of("  plum   jam ") == "plum jam"
