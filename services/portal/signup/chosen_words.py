"""What somebody chose, as a page tells it back: in words of the reader's language, each name as it will be found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.contract import Certainty
from services.ingest.extraction.gazetteer import gazetteer
from services.notify.content.languages import Language
from services.notify.content.zone_names import city_of_zone
from services.portal.signup.asked_interests import parted
from services.portal.signup.habit_form import HabitForm, habit_form_of
from services.portal.signup.person_lines import read_person
from services.portal.signup.spellings import spellings
from services.portal.signup.towns import name_of_town
from services.subscribers.interests import PersonMark
from services.subscribers.signups import Choices


@dataclass(frozen=True, slots=True)
class NamedPerson:
    name: str
    found_as: tuple[str, ...]
    """Spellings; empty where nothing but the folded form is known."""


@dataclass(frozen=True, slots=True)
class ChosenWords:
    everything: bool
    kinds: tuple[str, ...]
    """Keys of `door.join.kind`; empty where only people are followed."""
    places: tuple[str, ...]
    persons: tuple[NamedPerson, ...]
    habits: HabitForm
    city: str
    """Whose clock is theirs."""
    sources: tuple[str, ...] = ()
    """Keys of `door.join.source`."""
    confirmed: bool = False
    articles: tuple[str, ...] = ()
    others: int = 0
    """How many interests a page cannot show."""


def chosen_words(choices: Choices, words: Language, names: Iterable[str] = ()) -> ChosenWords:
    """`names`: as they were typed just now; of those that are kept the folded form is known alone."""
    typed = tuple(NamedPerson(line, spellings(read_person(line).name)) for line in names)
    found = parted(choices.interests)
    general = found.general
    habits = habit_form_of(choices)
    kinds = [str(kind) for one in general for kind in one.kinds]
    places = [words.entry("regions", region) or region for one in general for region in one.regions]
    places += [name_of_town(town, words.code) for one in general for town in one.towns]
    sources = dict.fromkeys(str(each) for one in general for each in one.sources)
    articles = dict.fromkeys(each for one in general for each in one.articles)
    confirmed = bool(general) and all(one.least is Certainty.CONFIRMED for one in general)
    return ChosenWords(
        everything=bool(general) and not (kinds or places or sources or articles or confirmed),
        kinds=tuple(dict.fromkeys(kinds or ["pardon", "arrest"] if general else [])),
        places=tuple(dict.fromkeys(places)),
        persons=typed or tuple(_marked(mark, words.code) for mark in found.marks.values()),
        habits=habits,
        city=city_of_zone(habits.zone, words.locale),
        sources=tuple(sources),
        confirmed=confirmed,
        articles=tuple(articles),
        others=len(found.others),
    )


def marked_name(mark: PersonMark, language: str) -> str:
    """The name as it is known, and what tells the person apart."""
    town = None if mark.town is None else name_of_town(mark.town, language)
    told = (named_by_key(mark.key, language).name, None if mark.born is None else str(mark.born), town)
    return ", ".join(filter(None, told))


def _marked(mark: PersonMark, language: str) -> NamedPerson:
    return NamedPerson(marked_name(mark, language), named_by_key(mark.key, language).found_as)


def named_by_key(key: str, language: str) -> NamedPerson:
    """Of somebody widely written about the name is known; of others what their names have in common."""
    for known in gazetteer().people:
        if known.key == key:
            by_language = dict(known.names)
            return NamedPerson(by_language.get(language, by_language["en"]), tuple(dict.fromkeys(by_language.values())))
    return NamedPerson(" ".join(word.capitalize() for word in key.replace(".", "").split()), ())
