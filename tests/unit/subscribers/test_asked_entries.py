"""What somebody asks for, as a file has it: people told apart, through an export and back; what could never come."""

from __future__ import annotations

from typing import Any

import pytest

from services.subscribers.entries import UnusableSubscribers
from services.subscribers.exported import plain_line
from services.subscribers.interests import following, marked
from services.subscribers.subscriber import Subscriber
from tests.unit.subscribers.test_subscriber_lines import read

PERSON = {"name": "Иван Дроздов", "born": 1987, "town": "gomel:Mozyr"}


def asking(*interests: dict[str, Any]) -> Subscriber:
    return read({"channels": [{"channel": "email", "target": "reader@mail.example.org"}], "interests": list(interests)})


def test_people_are_told_apart_by_what_stands_beside_their_names() -> None:
    assert asking({"persons": ["Ганна Гузава"], "people": [PERSON]}).interests == (
        following([marked("Ганна Гузава"), marked("Иван Дроздов", 1987, "gomel:Mozyr")]),
    )


@pytest.mark.parametrize(
    "interest",
    [
        {"people": [PERSON], "persons": ["Ганна Гузава"]},
        {"person_keys": ["alaksandr balatka"]},
        {"without": [{"people": [PERSON]}], "kinds": ["arrest"]},
    ],
)
def test_an_export_is_read_as_what_it_was(interest: dict[str, Any]) -> None:
    found = asking(interest)
    assert read(plain_line(found)) == found


@pytest.mark.parametrize(
    "interest",
    [
        {"people": [{**PERSON, "born": 12}]},
        {"people": [{**PERSON, "town": "Mozyr"}]},
        {"people": [{**PERSON, "name": "12"}]},
        {"person_keys": ["x"], "person_marks": [{"key": "x", "strong": "no key/of ours"}]},
        {"articles": ["19"]},
        {"articles": ["342"], "kinds": ["pardon"]},
        {"without": [{}]},
        {"without": [{"kinds": ["arrest", "pardon"]}]},
        {"kinds": ["arrest"], "without": [{"kinds": ["arrest"]}]},
    ],
)
def test_what_could_never_come_is_said_at_once(interest: dict[str, Any]) -> None:
    with pytest.raises(UnusableSubscribers) as error:
        asking(interest)
    assert "interests" in str(error.value)
    assert "Дроздов" not in str(error.value)
