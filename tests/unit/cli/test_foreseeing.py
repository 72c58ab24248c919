"""What an operator is shown before a decision: the count and the words, and nothing that a terminal would act on."""

from __future__ import annotations

import msgspec

from services.cli.foreseeing import Trial, counts, trial_text
from services.contract import Facts
from services.ingest.desk.decisions import Decision
from services.notify.preview import Message, Preview, Readers
from tests.conformance.samples import event

EVENT = msgspec.structs.replace(
    event(), data=msgspec.structs.replace(event().data, headline_facts=Facts(pardoned=20, place="Minsk\x1b[2J"))
)
LETTER = Message(
    "email", "en", "plain", {"subject": "20 people pardoned\x07", "text": "First.\n\nThen \x1b]0;x\x07.\n"}
)
READERS = (Readers("email", "en", "plain", 3), Readers("telegram", "ru", "discreet", 1))


def trial(**changes: object) -> Trial:
    usual = {"decision": Decision((), (EVENT,)), "previews": (Preview(EVENT, READERS, (LETTER,)),), "off": frozenset()}
    return Trial(**(usual | changes))  # type: ignore[arg-type]


def test_it_shows_what_changes_how_many_get_it_and_what_they_read() -> None:
    lines = trial_text(trial()).splitlines()
    assert f"{EVENT.id} (pardon.announced) would go to 4 readers (email 3, telegram 1)" in lines
    assert [line.split() for line in lines if line.startswith("telegram")] == [["telegram", "ru", "discreet", "1"]]
    where = lines.index("── en, plain ──")
    assert lines[where + 1 : where + 4] == ["Subject: 20 people pardoned\ufffd", "", "First."]
    assert any(line.split()[1:] == ["pardoned", "-", "20"] for line in lines if "pardoned" in line)


def test_what_came_from_outside_cannot_move_the_cursor() -> None:
    text = trial_text(trial())
    assert all(line.isprintable() for line in text.split("\n"))


def test_a_channel_that_is_off_here_is_said_to_be() -> None:
    assert counts(trial(off=frozenset({"telegram", "webhook"}))) == (
        f"{EVENT.id} to 4 readers (email 3, telegram 1 (off here))"
    )


def test_where_nobody_hears_of_it_that_is_said() -> None:
    assert trial_text(trial(decision=Decision((), ()), previews=())) == "readers hear nothing of it"
