"""Thirty filters against fifty events: what is expected comes from plain words about each, never from the code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import pytest

from services.contract import Certainty, EventData, Facts, Kind, PartyClass, Person, Place, Role, Source, Status
from services.names import fold
from services.subscribers.filters import asks_for
from services.subscribers.interests import Interest
from services.subscribers.topics import topics_of_event, topics_of_interest

SPELT: Final = {
    "ales": ("Ales Bialiatski", "Алесь Беляцкий", "Алесь Бяляцкі", "Aleś Białacki", "Беляцкий Алесь Викторович"),
    "maria": ("Maria Kalesnikava", "Мария Колесникова", "Марыя Калеснікава", "Maryja Kalesnikava", "М. Колесникова"),
    "mikola": ("Mikola Statkevich", "Николай Статкевич", "Мікалай Статкевіч", "Mikoła Statkievič", "Н. Статкевич"),
}
"""Whom each means, told by a person."""
TOWNS: Final = {
    "Mozyr": "gomel", "Rechitsa": "gomel", "Gomel": "gomel", "Pinsk": "brest", "Brest": "brest", "Minsk": "minsk_city",
    "Borisov": "minsk_region", "Lida": "grodno", "Orsha": "vitebsk", "Bobruisk": "mogilev",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """An event in plain words. `about`: of whom it is, and how often each is spelt anew."""

    kind: str
    town: str = ""
    region: str = ""
    about: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    """Named, and not whom it is about."""
    by: tuple[str, ...] = ("media",)
    certainty: str = "reported"
    articles: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        return TOWNS[self.town] if self.town else self.region


@dataclass(frozen=True)
class Filter:
    kinds: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    confirmed: bool = False
    articles: tuple[str, ...] = ()
    no: tuple[Filter, ...] = field(default=())


P, A = "pardon", "arrest"
EVENTS: Final = (
    *(Told(P, about=about, by=by, certainty=certainty)
      for about, by, certainty in (
          ((), ("official",), "confirmed"), ((), ("media",), "reported"), ((), ("media", "defender"), "disputed"),
          (("ales",), ("official", "media"), "confirmed"), (("maria",), ("media",), "reported"),
          (("mikola",), ("defender",), "confirmed"), (("ales", "maria"), ("media", "media"), "disputed"),
          (("maria", "mikola"), ("official", "defender"), "confirmed"))),
    Told(P, beside=("ales",), by=("official",), certainty="confirmed"),
    Told(P, about=("maria",), beside=("ales",), by=("defender",), certainty="confirmed"),
    Told(P, town="Gomel"), Told(P, town="Minsk", about=("mikola",), by=("official",), certainty="confirmed"),
    Told(P, region="gomel", by=("defender",), certainty="confirmed"), Told(P, region="brest", about=("ales",)),
    *(Told(A, town=town) for town in TOWNS),
    *(Told(A, town=town, by=("defender",), certainty="confirmed", articles=articles)
      for town, articles in (("Mozyr", ("361-4",)), ("Pinsk", ("130", "342")), ("Minsk", ("342",)),
                             ("Lida", ("361-1",)), ("Orsha", ("368",)))),
    *(Told(A, region=one, by=("media", "defender"), certainty="disputed") for one in ("gomel", "grodno", "brest")),
    Told(A), Told(A, by=("official",), certainty="confirmed"), Told(A, articles=("342",)),
    Told(A, by=("defender",), certainty="confirmed", articles=("361-4", "130")), Told(A, about=("ales",)),
    Told(A, about=("maria",), town="Mozyr", articles=("342",)), Told(A, about=("mikola",), town="Rechitsa"),
    Told(A, about=("ales", "mikola"), town="Minsk", by=("defender",), certainty="confirmed", articles=("361-4",)),
    Told(A, beside=("maria",), town="Minsk"), Told(A, beside=("ales", "mikola"), town="Pinsk", by=("official",)),
    Told(A, about=("maria",), beside=("ales",), region="minsk_city", certainty="disputed"),
    Told(A, about=("mikola",), region="gomel", by=("official",), certainty="confirmed", articles=("130",)),
    Told(A, about=("ales",), town="Brest", by=("official", "media"), articles=("368",)),
    Told(A, about=("maria",), town="Lida", by=("defender",), certainty="confirmed"),
    Told(A, about=("mikola",), town="Borisov"), Told(A, town="Bobruisk", by=("official",), certainty="confirmed"),
    Told(A, town="Gomel", certainty="disputed", articles=("361-4", "342")),
    Told(A, town="Orsha", about=("ales",), by=("official",), certainty="confirmed", articles=("130", "361-1")),
)  # fmt: skip
FILTERS: Final = (
    Filter(), Filter(kinds=(P,)), Filter(kinds=(A,)), Filter(regions=("gomel",)), Filter(regions=("brest", "grodno")),
    Filter(towns=("Mozyr",)), Filter(towns=("Rechitsa", "Pinsk")), Filter(towns=("Mozyr",), regions=("brest",)),
    Filter(kinds=(A,), regions=("minsk_city",)), Filter(kinds=(P,), regions=("gomel",)), Filter(people=("ales",)),
    Filter(people=("maria", "mikola")), Filter(people=("mikola",), kinds=(A,)), Filter(people=("ales",), kinds=(P,)),
    Filter(people=("maria",), regions=("gomel",)), Filter(people=("ales",), confirmed=True), Filter(confirmed=True),
    Filter(confirmed=True, kinds=(A,), towns=("Mozyr",)), Filter(by=("official",)), Filter(by=("defender", "official")),
    Filter(by=("media",), regions=("gomel",)), Filter(articles=("361-4",)),
    Filter(articles=("342", "130"), by=("defender",)),
    Filter(articles=("361-4",), regions=("gomel", "minsk_city")), Filter(no=(Filter(kinds=(P,)),)),
    Filter(no=(Filter(regions=("gomel",)),)), Filter(kinds=(P,), no=(Filter(people=("ales",)),)),
    Filter(no=(Filter(by=("media",)), Filter(articles=("342",)))), Filter(no=(Filter(kinds=(A,), confirmed=True),)),
    Filter(kinds=(A,), no=(Filter(towns=("Mozyr", "Minsk"), articles=("361-4",)), Filter(people=("mikola",)))),
)  # fmt: skip


def wanted(asked: Filter, told: Told, *, surely: bool = False) -> bool:
    """What a person would answer. `surely`: what the event does not say is a no."""
    if asked.kinds and told.kind not in asked.kinds:
        return False
    if (asked.regions or asked.towns) and not wanted_there(asked, told, surely=surely):
        return False
    if asked.people:
        is_named = any(one in told.about for one in asked.people)
        may_be = told.kind == P and told.about == () and not surely
        if not is_named and not may_be:
            return False
    if asked.by and not [one for one in told.by if one in asked.by]:
        return False
    if asked.confirmed and told.certainty in ("reported", "disputed"):
        return False
    if asked.articles and not [one for one in told.articles if one in asked.articles]:
        return False
    return not [one for one in asked.no if wanted(one, told, surely=True)]


def wanted_there(asked: Filter, told: Told, *, surely: bool) -> bool:
    if told.where == "":
        return told.kind == P and not surely
    return told.where in asked.regions or (told.town != "" and told.town in asked.towns)


def as_interest(asked: Filter, turn: int) -> Interest:
    return Interest(
        kinds=tuple(map(Kind, asked.kinds)),
        regions=asked.regions,
        towns=tuple(f"{TOWNS[town]}:{town}" for town in asked.towns),
        persons=tuple(fold(SPELT[who][turn % 4]) for who in asked.people),
        sources=tuple(map(PartyClass, asked.by)),
        least=Certainty.CONFIRMED if asked.confirmed else None,
        articles=asked.articles,
        without=tuple(as_interest(one, turn + 1) for one in asked.no),
    )


def as_event(told: Told, turn: int) -> EventData:
    named = [(who, Role.PARDONED if told.kind == P else Role.DETAINED) for who in told.about]
    named += [(who, (Role.STILL_HELD, Role.MENTIONED)[turn % 2]) for who in told.beside]
    return EventData(
        story_id="story", revision=1, sequence=1, kind=Kind(told.kind), status=Status.ACTUAL,
        certainty=Certainty(told.certainty),
        headline_facts=Facts(criminal_articles=told.articles or None),
        place=Place(name=told.town or "somewhere", region=told.where) if told.where else None,
        persons=tuple(
            Person(name=(name := SPELT[who][(turn + place) % 5]), role=role, key=fold(name))
            for place, (who, role) in enumerate(named)
        ),
        sources=tuple(
            Source(name="x", source_class=PartyClass(by), language="en", sha256=f"{turn}{place}")
            for place, by in enumerate(told.by)
        ),
    )  # fmt: skip


def test_there_are_thirty_filters_and_fifty_events() -> None:
    assert (len(FILTERS), len(EVENTS)) == (30, 50)


@pytest.mark.parametrize("place", range(len(FILTERS)))
def test_a_filter_asks_for_what_a_person_would_say_it_asks_for(place: int) -> None:
    asked = FILTERS[place]
    expected = [wanted(asked, told) for told in EVENTS]
    assert any(expected), "a filter that nothing passes tests nothing"
    for turn in range(20):
        interest = as_interest(asked, turn)
        assert [asks_for(interest, as_event(told, turn + at)) for at, told in enumerate(EVENTS)] == expected


@pytest.mark.parametrize("place", range(len(FILTERS)))
def test_whoever_asks_for_an_event_is_found_by_its_topics(place: int) -> None:
    interest = as_interest(FILTERS[place], place)
    topics = set(topics_of_interest(interest))
    for at, told in enumerate(EVENTS):
        event = as_event(told, at)
        assert not asks_for(interest, event) or topics & set(topics_of_event(event))
