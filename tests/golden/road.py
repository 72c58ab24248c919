"""The golden events come from the road that real ones take: articles in, the pure stations, an operator's verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import msgspec

from services.contract import Certainty, Event, EventData, EventType, Facts, Kind, PartyClass, Status
from services.demo.sample_article import pardon as sample
from services.ingest.article_reading import report_of
from services.ingest.articles import to_article
from services.ingest.desk.correction_request import as_correction, read_correction_request, read_why
from services.ingest.reports import Report
from services.ingest.sources.base import Item
from services.ingest.stories import (
    EVENT_SOURCE,
    Step,
    Story,
    approve,
    correct,
    hold_of,
    merge_stories,
    place,
    published,
    retract,
    to_event,
)

NOW: Final = datetime(2024, 12, 28, 15, 50, tzinfo=UTC)
_TIME: Final = "2024-12-28T15:50:00Z"
_TOLD: Final = "2024-12-28T14:30:00Z"
"""When readers heard of what an update, a correction or a retraction is about."""

PRESIDENT: Final[dict[str, object]] = {
    "source_id": "president-en", "source_name": "President of Belarus, press service",
    "source_class": PartyClass.OFFICIAL, "speaks_for": "president", "outlet": "president", "owner": "state",
}  # fmt: skip
BELTA: Final[dict[str, object]] = {
    "source_id": "belta-ru", "source_name": "BelTA", "source_class": PartyClass.OFFICIAL,
    "speaks_for": "president", "outlet": "belta", "owner": "state",
}  # fmt: skip
VIASNA: Final[dict[str, object]] = {
    "source_id": "viasna-be", "source_name": "Viasna", "source_class": PartyClass.DEFENDER,
    "speaks_for": "viasna", "outlet": "viasna",
}  # fmt: skip
WIRE: Final[dict[str, object]] = {
    "source_id": "example-wire", "source_name": "Example Wire", "source_class": PartyClass.MEDIA,
    "speaks_for": "example-wire", "outlet": "example-wire",
}  # fmt: skip


def report_from(about: dict[str, object], body: str, url: str, hour: int, language: str = "en") -> Report:
    at = datetime(2024, 12, 28, hour, 20, tzinfo=UTC)
    item = Item(body=body, url=url, published=at, received=at, language=language, **about)  # type: ignore[arg-type]
    report = report_of(to_article(item))
    assert report is not None
    return report


def wire() -> Report:
    text = sample().text.partition("\n\n")[2].replace("Sample Wire", "Example Wire")
    return report_from(WIRE, text, "https://wire.example/belarus/clemency-20?a=1&b=2", 14)


def page(number: int = 22) -> Report:
    body = (
        f"On 28 December 2024 the President of Belarus signed decree No. 501. {number} people were pardoned. "
        "All of them had been convicted of extremist crimes. 11 women are among those pardoned."
    )
    return report_from(PRESIDENT, body, "https://president.example/en/events/decree", 15)


def arrests() -> tuple[Report, ...]:
    of_viasna = (
        "Праваабаронцы «Вясны» паведамляюць: 28 снежня 2024 года ў Гродне затрымалі 12 чалавек. Сярод затрыманых "
        "Марыя Калеснікава. Іх абвінавачваюць паводле артыкулаў 342 і 361-1 Крымінальнага кодэкса."
    )
    of_state = "КГБ сообщил: 28 декабря 2024 года в Гродно задержаны 14 человек."
    return (
        report_from(VIASNA, of_viasna, "https://viasna.example/be/news/2", 12, "be"),
        report_from(BELTA, of_state, "https://belta.example/view/1", 13, "ru"),
    )


def _told(*reports: Report) -> Story:
    """The story of these reports, each published as it came."""
    story = published(place(reports[0], [], NOW).story, _TOLD)
    for report in reports[1:]:
        placement = place(report, [story], NOW)
        assert placement.story.id == story.id, placement
        story = published(placement.story, _TOLD) if placement.outcome == "revised" else placement.story
    return story


def _announcing(story: Story) -> Step:
    return Step(msgspec.structs.replace(story, announcement=None), publish=True)


def _update() -> Step:
    placement = place(page(), [_told(wire())], NOW)
    return Step(placement.story, publish=True, changes=placement.changes)


def _dispute() -> Step:
    viasna, state = arrests()
    placement = place(state, [_told(viasna)], NOW)
    assert placement.outcome == "revised", placement
    return Step(placement.story, publish=True, changes=placement.changes)


def _corrected() -> Step:
    story, why = _told(wire()), read_why("misread", {"en": "The list has 22 lines.", "ru": "В списке 22 строки."})
    return correct(story, as_correction(read_correction_request("pardoned", 22), story, why.words, NOW), why, NOW)


def _merged() -> Step:
    ended, kept = published(place(wire(), [], NOW).story, "2024-12-29T09:00:00Z"), _told(page(20))
    reports = {report.id: report for report in (wire(), page(20))}
    return merge_stories(kept, ended, reports, "same_event", NOW)[0]


def _held() -> Step:
    return hold_of(_told(wire()), "a reader says that the number is of last year", NOW)


def _hold_ended() -> Step:
    return approve(published(_held().story, _TOLD), NOW)


def _first_names() -> Step:
    body = (
        "Праваабаронцы «Вясны» паведамляюць: 28 снежня 2024 года ў Беларусі памілавалі 20 чалавек. "
        "Сярод памілаваных Марыя Калеснікава і Віктар Бабарыка."
    )
    placement = place(report_from(VIASNA, body, "https://viasna.example/be/news/3", 15, "be"), [_told(page(20))], NOW)
    assert placement.outcome == "revised", placement
    return Step(placement.story, publish=True, changes=placement.changes)


def _released() -> Step:
    body = (
        "Lukashenko pardoned 20 prisoners on 28 December 2024, the president's office said. "
        "17 of them are already at liberty, the human rights centre Viasna counts."
    )
    placement = place(report_from(VIASNA, body, "https://viasna.example/en/news/4", 16), [_told(page(20))], NOW)
    assert placement.outcome == "revised", placement
    return Step(placement.story, publish=True, changes=placement.changes)


def _no_arrest() -> Step:
    return retract(_told(arrests()[1]), "misread", NOW)


STEPS: Final[dict[str, Callable[[], Step]]] = {
    "pardon": lambda: _announcing(_told(wire())),
    "pardon_own": lambda: _announcing(_told(page())),
    "pardon_update": _update,
    "pardon_corrected": _corrected,
    "pardon_merged": _merged,
    "arrest": _dispute,
    "arrest_first": lambda: _announcing(_told(arrests()[0])),
    "pardon_names": _first_names,
    "pardon_released": _released,
    "held": _held,
    "hold_ended": _hold_ended,
    "arrest_retracted": _no_arrest,
    "retraction": lambda: retract(_told(wire()), "old_event", NOW),
}


def event_of(name: str) -> Event:
    return _system_test() if name == "system_test" else _event(STEPS[name]())


def _event(step: Step) -> Event:
    event = to_event(step.story, sequence=1, changes=step.changes, now=NOW.timestamp())
    return msgspec.structs.replace(event, time=_TIME)


def _system_test() -> Event:
    data = EventData(
        story_id="st-test", revision=1, sequence=1, kind=Kind.OTHER, status=Status.TEST,
        certainty=Certainty.REPORTED, headline_facts=Facts(),
    )  # fmt: skip
    return Event(
        id="st-test-r1",
        source=EVENT_SOURCE,
        type=EventType.SYSTEM_TEST,
        subject="st-test",
        time=_TIME,
        data=data,
    )
