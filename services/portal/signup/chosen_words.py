"""What somebody chose, as a page tells it back: in words of the reader's language, each name as it will be found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.ingest.extraction.gazetteer import gazetteer
from services.notify.content.languages import Language
from services.notify.content.zone_names import city_of_zone
from services.portal.signup.habit_form import HabitForm, habit_form_of
from services.portal.signup.spellings import spellings
from services.portal.signup.towns import name_of_town
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


def chosen_words(choices: Choices, words: Language, names: Iterable[str] = ()) -> ChosenWords:
    """`names`: as they were typed just now; of those that are kept the folded form is known alone."""
    typed = tuple(NamedPerson(name, spellings(name)) for name in names)
    habits = habit_form_of(choices)
    general = [one for one in choices.interests if not one.persons]
    kinds = [str(kind) for one in general for kind in one.kinds]
    places = [words.entry("regions", region) or region for one in general for region in one.regions]
    places += [name_of_town(town, words.code) for one in general for town in one.towns]
    keys = [key for one in choices.interests for key in one.persons]
    return ChosenWords(
        everything=bool(general) and not kinds and not places,
        kinds=tuple(dict.fromkeys(kinds or ["pardon", "arrest"] if general else [])),
        places=tuple(dict.fromkeys(places)),
        habits=habits,
        city=city_of_zone(habits.zone, words.locale),
        persons=typed or tuple(named_by_key(key, words.code) for key in dict.fromkeys(keys)),
    )


def named_by_key(key: str, language: str) -> NamedPerson:
    """Of somebody widely written about the name is known; of others what their names have in common."""
    for known in gazetteer().people:
        if known.key == key:
            by_language = dict(known.names)
            return NamedPerson(by_language.get(language, by_language["en"]), tuple(dict.fromkeys(by_language.values())))
    return NamedPerson(" ".join(word.capitalize() for word in key.replace(".", "").split()), ())
