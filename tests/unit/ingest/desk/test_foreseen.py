"""What readers would know otherwise, and a mark of it that only changes with what they would read."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from services.contract import Certainty, Event, EventType, Facts, PartyClass, Person, Role, Source
from services.ingest.desk.foreseen import ChangedMeanwhile, Difference, check_as_shown, differences, fingerprint
from services.names import fold
from tests.conformance.samples import event

A_SOURCE = Source(name="A wire", source_class=PartyClass.MEDIA, language="en", sha256="00")
STORY = event().data.story_id


def with_data(given: Event, **data: Any) -> Event:
    return msgspec.structs.replace(given, data=msgspec.structs.replace(given.data, **data))


def found(before: Event | None, after: Event) -> dict[str, tuple[Any, Any]]:
    told = {} if before is None else {STORY: before}
    rows = differences([after], told)
    assert {row.story for row in rows} == {STORY}
    return {row.field: (row.before, row.after) for row in rows}


def test_a_first_alert_tells_all_that_it_says() -> None:
    rows = found(None, with_data(event(), headline_facts=Facts(pardoned=20), persons=(), certainty=Certainty.REPORTED))
    assert rows == {"state": (None, "told"), "certainty": (None, "reported"), "pardoned": (None, 20)}


def test_a_revision_shows_what_it_changes_and_nothing_else() -> None:
    ales = Person(name="Ales Bialiatski", role=Role.PARDONED, key=fold("Ales Bialiatski"))
    before = with_data(event(), headline_facts=Facts(pardoned=20, women=11), persons=())
    after = with_data(before, headline_facts=Facts(pardoned=22), persons=(ales,), revision=2)
    assert found(before, after) == {
        "pardoned": (20, 22),
        "women": (11, None),
        "named as pardoned": (None, ("Ales Bialiatski",)),
    }


def test_after_a_retraction_nothing_of_it_stands() -> None:
    before = with_data(event(), headline_facts=Facts(pardoned=20), persons=(), certainty=Certainty.CONFIRMED)
    after = msgspec.structs.replace(before, type=EventType.STORY_RETRACTED)
    assert found(before, after) == {
        "state": ("told", "retracted"),
        "certainty": ("confirmed", None),
        "pardoned": (20, None),
    }


def test_a_story_that_ends_says_which_one_goes_on() -> None:
    assert found(event(), with_data(event(), merged_into="another")) == {
        "state": ("told", "merged"),
        "merged into": (None, "another"),
    }


def test_the_mark_is_the_same_whenever_it_is_made_and_whatever_else_went_out() -> None:
    later = msgspec.structs.replace(with_data(event(), sequence=99), time="2030-01-01T00:00:00.000Z")
    assert fingerprint([event()]) == fingerprint([later])
    check_as_shown([later], ["another", fingerprint([event()])])


@pytest.mark.parametrize(
    "changed",
    [
        (with_data(event(), headline_facts=Facts(pardoned=21)),),
        (with_data(event(), reason="another reason"),),
        (with_data(event(), sources=(A_SOURCE,)),),
        (with_data(event(), certainty=Certainty.DISPUTED),),
        (event(), event(revision=2)),
        (),
    ],
    ids=["a number", "the reason", "a source", "the certainty", "one more event", "no event"],
)
def test_the_mark_changes_with_anything_that_readers_would_read(changed: tuple[Event, ...]) -> None:
    with pytest.raises(ChangedMeanwhile, match="changed meanwhile"):
        check_as_shown(changed, [fingerprint([event()])])


def test_two_stories_are_told_apart() -> None:
    other = msgspec.structs.replace(with_data(event(), story_id="other", headline_facts=Facts(pardoned=1)))
    assert Difference("other", "pardoned", None, 1) in differences([event(), other], {STORY: event()})
