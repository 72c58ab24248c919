"""What partners read about the words of a body: each type of event, each value of an enumeration, each fact."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from services.contract import Certainty, EventType, Kind, PartyClass, Precision, ReasonCode, Role, Status

TYPES: Final[Mapping[EventType, str]] = {
    EventType.PARDON_ANNOUNCED: "The first we tell of a pardon, a release or an exchange of prisoners.",
    EventType.PARDON_UPDATED: "Something material changed in a pardon that we told before: `changes` says what.",
    EventType.ARREST_REPORTED: "The first we tell of an arrest.",
    EventType.ARREST_UPDATED: "Something material changed in an arrest that we told before: `changes` says what.",
    EventType.STORY_RETRACTED: "What we told is not so, or we cannot stand by it. It carries no facts.",
    EventType.STORY_HELD: "Do not rely on what we told of this story: we are checking. It carries no facts.",
    EventType.STORY_MERGED: "Two stories turned out to be one event: `merged_from` ends. Do not add their numbers.",
    EventType.SYSTEM_TEST: "A test that somebody asked for. Nothing happened.",
}

MEANINGS: Final[Mapping[type[StrEnum], Mapping[str, str]]] = {
    Kind: {
        Kind.PARDON: "prisoners were pardoned, released, exchanged or taken abroad",
        Kind.ARREST: "people were detained",
        Kind.OTHER: "neither, as in a test",
    },
    Status: {
        Status.ACTUAL: "about the world",
        Status.EXERCISE: "people practise; nothing of it happened",
        Status.TEST: "a machine is tried out; nothing of it happened",
    },
    Certainty: {
        Certainty.CONFIRMED: "an authority or a rights group says it in its own source, or independent outlets do",
        Certainty.REPORTED: "one outlet's word, or somebody heard through another",
        Certainty.DISPUTED: "those who say so give numbers that differ",
    },
    PartyClass: {
        PartyClass.OFFICIAL: "an authority, or a state outlet that speaks for one",
        PartyClass.DEFENDER: "a rights group",
        PartyClass.MEDIA: "an outlet, or anybody else",
    },
    Precision: {
        Precision.EXACT: "just this number",
        Precision.ABOUT: "near it",
        Precision.AT_LEAST: "it or more",
        Precision.OVER: "more than it",
        Precision.ALMOST: "a little less",
    },
    ReasonCode: {
        ReasonCode.MISREAD: "we misread the text",
        ReasonCode.OLD_EVENT: "it was an earlier event",
        ReasonCode.SAME_EVENT: "it was one event and not two",
        ReasonCode.SOURCE_CORRECTED: "the source corrected itself",
        ReasonCode.WRONG_PERSON: "it was somebody else",
        ReasonCode.WRONG_PLACE: "it was somewhere else",
    },
    Role: {
        Role.PARDONED: "the news is about them: freed or pardoned",
        Role.DETAINED: "the news is about them: detained",
        Role.STILL_HELD: "named as still in prison; not one of those freed",
        Role.MENTIONED: "only mentioned",
    },
    EventType: dict(TYPES.items()),
}

FACTS: Final[Mapping[str, str]] = {
    "pardoned": "People whom the act let go, or whose sentences it ended.",
    "convicted_of_extremism": "Of them, those convicted of what the authorities call extremist crimes.",
    "women": "Of them, women.",
    "men": "Of them, men.",
    "minors_at_offence": "Of them, those who were under 18 at the time of what they were convicted of.",
    "chronically_ill": "Of them, those with a chronic illness.",
    "with_disability": "Of them, those with a disability.",
    "pensioners": "Of them, pensioners.",
    "with_children": "Of them, those who have children.",
    "released": "Of those pardoned, those who are out already, by whoever counts them; it may grow.",
    "nth_pardon": "Which act of its row this is, by whoever keeps the count.",
    "names_pardoned": "Names of those freed, as far as they may be told.",
    "names_disclosed": "Whether whoever announced it published names.",
    "repented": "Whether the authorities say that they expressed remorse.",
    "petitioned": "Whether the authorities say that they asked for pardon.",
    "decree_number": "The number of the decree.",
    "act": "How they went free: pardoned, exchanged, taken abroad or released.",
    "detained": "People who were detained.",
    "names": "Names of those detained, as far as they may be told.",
    "authority": "Who detained them.",
    "criminal_articles": "Articles of the Criminal Code.",
    "administrative": "True: an administrative case. False: a criminal one.",
    "charge": "What they are accused of, in the words of whoever says so.",
    "released_total": "A running count: people let go in all acts of a row. It counts no act by itself.",
    "still_held": "A running count: people who remain in prison.",
    "deaths_in_custody": "A running count: people who died in custody.",
}
