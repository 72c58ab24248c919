"""What has waited too long, by whatever clock: nobody waits in these tests."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from services.contract import Certainty, Facts, Kind, PartyClass, Source, Status
from services.ingest.desk.overdue import Patience, overdue
from services.ingest.stories import Story, approve, hold, published
from services.ingest.stories.dating import Dated, DayBasis

PATIENCE = Patience(for_operators=2 * 3600, for_officials=6 * 3600)
NOON = datetime(2024, 12, 28, 12, tzinfo=UTC)
HOUR = 3600.0


def story(**fields: object) -> Story:
    plain = Story(
        id="pardon-20241228-aaaaaa",
        kind=Kind.PARDON,
        status=Status.ACTUAL,
        certainty=Certainty.REPORTED,
        facts=Facts(pardoned=20),
        dated=Dated("2024-12-28", DayBasis.TEXT),
        opened_at="2024-12-28T12:00:00.000Z",
        updated_at="2024-12-28T12:00:00.000Z",
        revision=1,
        sources=(a_source(PartyClass.MEDIA),),
    )
    return msgspec.structs.replace(plain, **fields)


def a_source(party_class: PartyClass) -> Source:
    return Source(name=f"A {party_class} site", source_class=party_class, language="en", sha256="00")


def sounding(one: Story, hours: float) -> list[str]:
    return [found.kind for found in overdue([one], PATIENCE, NOON.timestamp() + hours * HOUR)]


def test_a_story_that_waits_for_an_operator_is_an_alarm_after_two_hours() -> None:
    held = hold(story(kind=Kind.ARREST), "undated", NOON)
    assert sounding(held, 1.9) == []
    assert sounding(held, 2.1) == ["waits_too_long"]
    assert sounding(approve(held, NOON).story, 2.1) == []


def test_it_waits_since_it_was_first_held_whatever_is_reported_meanwhile() -> None:
    held = hold(story(kind=Kind.ARREST), "undated", NOON)
    later = hold(held, "doubtful_match", datetime(2024, 12, 28, 14, tzinfo=UTC))
    assert sounding(later, 2.1) == ["waits_too_long"]


def test_a_story_that_was_let_go_and_is_held_again_begins_to_wait_anew() -> None:
    again = hold(
        published(hold(story(kind=Kind.ARREST), "undated", NOON)), "asking", datetime(2024, 12, 28, 14, tzinfo=UTC)
    )
    assert sounding(again, 3) == []
    assert sounding(again, 4.1) == ["waits_too_long"]


def test_an_operators_own_words_are_not_repeated_in_an_alarm() -> None:
    held = hold(story(), "Ales Bialiatski's family asks", NOON, by_operator=True)
    (found,) = overdue([held], PATIENCE, NOON.timestamp() + 3 * HOUR)
    assert "Bialiatski" not in found.says


def test_a_pardon_of_which_no_official_source_tells_is_an_alarm_after_six_hours() -> None:
    assert sounding(story(), 5.9) == []
    assert sounding(story(), 6.1) == ["official_silent"]


def test_after_a_month_silence_is_an_answer() -> None:
    assert sounding(story(), 29 * 24) == ["official_silent"]
    assert sounding(story(), 31 * 24) == []


@pytest.mark.parametrize(
    "settled",
    [
        {"sources": (a_source(PartyClass.MEDIA), a_source(PartyClass.OFFICIAL))},
        {"decided_at": "2024-12-28T18:30:00.000Z"},
        {"state": "retracted"},
        {"state": "known"},
        {"state": "old"},
        {"kind": Kind.ARREST},
        {"status": Status.EXERCISE},
        {"dated": Dated("2024-12-20", DayBasis.TEXT)},
    ],
    ids=["an official joined", "decided", "retracted", "known", "old", "arrest", "exercise", "an older act"],
)
def test_nobody_waits_for_an_authority_that_spoke_or_need_not(settled: dict[str, object]) -> None:
    assert sounding(story(**settled), 7) == []


def test_a_decision_before_the_authority_was_late_does_not_settle_its_silence() -> None:
    assert sounding(story(decided_at="2024-12-28T13:00:00.000Z"), 7) == ["official_silent"]
