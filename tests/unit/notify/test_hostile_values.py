"""Every text of an event may be hostile, however it came there: no letter of it has a head but ours."""

from __future__ import annotations

import email
import json
from pathlib import Path
from typing import Any

import pytest

from services.contract import Event, decode_event
from services.notify.channels.email.letter import Letterhead, compose
from services.notify.channels.email.mail_addresses import read_mail_address
from services.subscribers.address import Address
from tests.conformance.samples import delivery
from tests.letters import renderer_at

EVENTS = sorted((Path(__file__).resolve().parents[2] / "golden" / "events").glob("*.json"))
RENDERER = renderer_at()
READER = read_mail_address("reader@mail.example.org")
HEAD = Letterhead(read_mail_address("alerts@vestka.example.org"), "Vestka", "Newsletter", "alerts.vestka.example.org")
HOSTILE = (
    "=?utf-8?q?=0D=0ABcc:b?=",
    "=?utf-8?b?DQpCY2M6Yg==?=",
    "\r\nBcc: b\r\n\r\nA body",
    "\u2028Bcc: b\x85Bcc: c\x00",
)
OF_PEOPLES_MAKING = {
    "name",
    "place",
    "value",
    "reason",
    "note",
    "title",
    "authority",
    "charge",
    "before",
    "after",
    "as_written",
}


def with_hostile_texts(value: Any, hostile: str, key: str = "") -> Any:
    match value:
        case dict() if value.get("field") != "certainty":  # that is one of a closed list
            keys = {name: "name" if key == "names" else name for name in value}
            return {name: with_hostile_texts(one, hostile, keys[name]) for name, one in value.items()}
        case list():
            return [with_hostile_texts(one, hostile, key) for one in value]
        case str() if key in OF_PEOPLES_MAKING:
            return hostile
    return value


def hostile_event(path: Path, hostile: str) -> Event:
    return decode_event(json.dumps(with_hostile_texts(json.loads(path.read_text()), hostile)))


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_of_an_event_becomes_a_field_of_its_letter(path: Path, hostile: str) -> None:
    event = hostile_event(path, hostile)
    address = Address("email", READER.text)
    for language in RENDERER.languages:
        rendered = RENDERER.render(
            event, channel="email", parts=("subject", "text", "html"), language=language, mode="plain"
        )
        letter = email.message_from_bytes(compose(delivery(address, of=event), rendered, READER, HEAD))
        assert "Bcc" not in letter
        assert len(letter.keys()) == len(set(letter.keys()))
        assert not letter.defects


def test_some_of_these_texts_do_stand_in_a_subject() -> None:
    subjects = [
        RENDERER.render(
            hostile_event(path, "HOSTILE"), channel="email", parts=("subject",), language="en", mode="plain"
        ).parts["subject"]
        for path in EVENTS
    ]
    assert any("HOSTILE" in subject for subject in subjects), subjects
