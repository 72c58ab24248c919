"""Subscribers as JSON Lines: what a line may say, and how one that is bad is told."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from services.contract import Kind
from services.egress import Egress, EgressPolicy
from services.names import fold
from services.notify.channels import (
    EmailChannel,
    EmailSettings,
    TelegramChannel,
    TelegramSettings,
    WebhookChannel,
    WebhookSettings,
)
from services.subscribers.address import AddressReader
from services.subscribers.entries import UnusableSubscribers
from services.subscribers.exported import plain_line
from services.subscribers.kinship import kept_address
from services.subscribers.subscriber import Subscriber
from services.subscribers.subscriber_lines import batches_of, lines_of, read_line, subscriber_of

NOW = "2024-12-28T10:00:00.000Z"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EMAIL = '{"channel": "email", "target": "reader@example.org"}'


def channels() -> dict[str, AddressReader]:
    mail = EmailSettings.model_validate(
        {"host": "127.0.0.1", "sender": "alerts@example.org", "list_id": "alerts.example.org"}
    )
    egress = Egress(EgressPolicy())
    return {
        "email": EmailChannel(mail),
        "telegram": TelegramChannel(TelegramSettings(), egress),
        "webhook": WebhookChannel(WebhookSettings(), egress),
    }


def read(line: str | bytes | dict[str, Any]) -> Subscriber:
    raw = json.dumps(line).encode() if isinstance(line, dict) else line.encode() if isinstance(line, str) else line
    return subscriber_of(read_line(raw, "line 1"), channels(), ("en", "ru"), NOW, "line 1")


def test_a_line_says_all_that_an_entry_says() -> None:
    found = read(
        {
            "language": "ru",
            "mode": "discreet",
            "since": "2024-12-01T12:00:00+03:00",
            "label": "newsroom",
            "tests": True,
            "channels": [{"channel": "webhook", "target": "https://example.org/alerts", "secrets": [SECRET]}],
            "interests": [{"kinds": ["arrest"], "regions": ["gomel"], "persons": ["Алесь Бяляцкі"]}, {}],
        }
    )
    assert (found.language, found.mode, found.label, found.tests) == ("ru", "discreet", "newsroom", True)
    assert found.since == "2024-12-01T09:00:00.000Z"
    assert found.addresses[0].secrets == (SECRET,)
    assert found.interests[0].kinds == (Kind.ARREST,)
    assert found.interests[0].persons == (fold("Ales Bialiatski"),)
    assert len(found.interests) == 2


def test_the_least_a_line_can_say_means_anything_from_now_on() -> None:
    found = read(f'{{"channels": [{EMAIL}]}}')
    assert (found.language, found.mode, found.since, found.label, found.active) == ("en", "plain", NOW, None, True)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("1001", "1001"), ("-1001557912345", "-1001557912345"), ('"1001"', "1001"), ("9007199254740",) * 2],
)
def test_a_chats_number_without_quotes_is_read_as_it_stands(written: str, read_as: str) -> None:
    found = read(f'{{"label": 5, "channels": [{{"channel": "telegram", "target": {written}}}]}}')
    assert (found.addresses[0].target, found.label) == (read_as, "5")


def test_what_became_of_somebody_is_read_as_an_export_writes_it() -> None:
    found = read(f'{{"active": false, "channels": [{EMAIL[:-1]}, "ended": "mailbox_full"}}]}}')
    assert (found.active, found.addresses[0].ended) == (False, "mailbox_full")


def test_which_bot_a_chat_wrote_to_is_read_as_an_export_writes_it() -> None:
    found = read('{"channels": [{"channel": "telegram", "target": 1001, "bot": "discreet"}]}')
    assert found.addresses[0].bot == "discreet"
    again = read({**plain_line(found), "language": "ru"})
    assert again.addresses == found.addresses


def test_a_file_that_names_no_bot_moves_nobody_to_the_usual_one() -> None:
    known = read('{"channels": [{"channel": "telegram", "target": 1001, "bot": "discreet"}]}')
    new = read('{"channels": [{"channel": "telegram", "target": 1001}]}')
    assert kept_address(new.addresses[0], known).bot == "discreet"


BAD: dict[str | bytes, str] = {
    f'{{"channels": [{EMAIL[:-1]}, "bot": "discreet"}}]}}': "channels.0.bot: only what goes by telegram",
    '{"channels": [{"channel": "telegram", "target": 1, "bot": "secret"}]}': "channels.0.bot: ",
    "nonsense": "it is not JSON from character 1 on",
    '{"channels": [': "it is not JSON from character 15 on",
    "subscribers:": "it is not JSON from character 1 on",
    "[1]": "it is no object",
    '"secret"': "it is no object",
    "[" * 100_000: "it is no JSON that we read",
    '{"channels": NaN}': "it is no JSON that we read",
    b'{"label": "\xff"}': "it is not text in UTF-8",
    '{"label": "a", "label": "b"}': "a field stands there twice",
    '{"label": "\\ud800"}': "half a character",
    "{}": "line 1: channels: it is missing",
    '{"channels": []}': "line 1: channels: name at least one",
    '{"channels": [{"channel": "email"}]}': "line 1: channels.0.target: it is missing",
    '{"channels": [{"channel": "emial", "target": "a"}]}': "did you mean email?",
    '{"channels": [{"channel": "email", "target": "secret at example.org"}]}': "line 1: channels.0.target: an email",
    '{"channels": [{"channel": "email", "target": ["secret"]}]}': "line 1: channels.0.target: it takes text",
    '{"channels": [{"channel": "telegram", "target": -1.0e+12}]}': "write out all its digits",
    f'{{"channels": [{EMAIL}, {{"channel": "webhook", "target": "https://secret.example/"}}]}}': "channels.1.secrets: ",
    f'{{"channels": [{EMAIL}], "language": "secret"}}': "line 1: language: it is one of en, ru",
    f'{{"channels": [{EMAIL}], "hidden": 1}}': "line 1: a field that we do not know",
    f'{{"channels": [{EMAIL}], "interests": [{{"regions": ["homel"]}}]}}': "did you mean gomel?",
    f'{{"channels": [{EMAIL}], "interests": []}}': "line 1: interests: name at least one",
    f'{{"channels": [{EMAIL}], "since": "secret"}}': "line 1: since: it takes a time",
    f'{{"channels": [{EMAIL}], "since": "9999-12-31T23:59:59-23:59"}}': "line 1: since: ",
}


@pytest.mark.parametrize(("line", "told"), BAD.items(), ids=range(len(BAD)))
def test_a_bad_line_is_told_with_its_place_and_never_with_what_stands_there(line: str | bytes, told: str) -> None:
    with pytest.raises(UnusableSubscribers) as raised:
        read(line)
    said = str(raised.value)
    assert said.startswith("line 1: ")
    assert told in said
    assert "secret" not in said.replace("channels.1.secrets", "").replace("signing secret", "")


def test_lines_have_the_numbers_they_have_in_an_editor_and_empty_ones_are_passed_over() -> None:
    stream = io.BytesIO(b'\xef\xbb\xbf{"a": 1}\r\n\n  \n{"b": 2}\r\n{"c": 3}')
    assert list(lines_of(stream)) == [(1, b'{"a": 1}'), (4, b'{"b": 2}'), (5, b'{"c": 3}')]


def test_a_line_without_an_end_fills_no_memory_and_costs_no_other() -> None:
    stream = io.BytesIO(b"x" * 5_000_000 + b"\n" + b'{"a": 1}\n')
    (first, raw), second = lines_of(stream)
    assert (first, second) == (1, (2, b'{"a": 1}'))
    assert len(raw) < 2_000_000
    with pytest.raises(UnusableSubscribers, match="longer than a subscriber can be"):
        read_line(raw, "line 1")


def test_a_batch_ends_with_so_many_lines_or_so_many_bytes() -> None:
    def sizes(*lengths: int) -> list[int]:
        lines = iter([(number, b"x" * length) for number, length in enumerate(lengths, start=1)])
        return [len(batch) for batch in batches_of(lines, 3, 100)]

    assert sizes() == []
    assert sizes(1, 1, 1, 1) == [3, 1]
    assert sizes(99, 1, 500, 1, 98, 1) == [2, 1, 3]
