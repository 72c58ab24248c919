"""Whether an event is about somebody whom an interest watches: by name, or since it names nobody."""

from __future__ import annotations

from typing import Final

from services.contract import EventData, Kind, Role
from services.names import by_initial, is_initialled, without_patronymic
from services.subscribers.interests import Interest

_CONCERNED: Final = (Role.PARDONED, Role.DETAINED)
"""A person who is only mentioned, or named as still in prison, is not whom the event is about."""
_ANY_VOWEL: Final = "a "


def watches_somebody_in(interest: Interest, data: EventData) -> bool:
    """Is a person this interest watches one whom the event is about, by name? Such deliveries go first."""
    if not interest.persons:
        return False
    named = keys_of_concerned(data)
    return any(_meet(key, other) for key in watched_keys(interest) for other in named)


def may_be_anybody(data: EventData) -> bool:
    """A pardon of people whose names were not published."""
    return data.kind is Kind.PARDON and not keys_of_concerned(data)


def watched_keys(interest: Interest) -> list[str]:
    return [without_patronymic(key) for key in interest.persons]


def keys_of_concerned(data: EventData) -> list[str]:
    return [without_patronymic(person.key) for person in data.persons if person.role in _CONCERNED]


def weak_key(key: str) -> str:
    """By which a name is found: with the given name by its initial, where it is known which part that is."""
    return next(iter(by_initial(key)), key)


def _meet(key: str, other: str) -> bool:
    """The same name; or one of the two gives no more than an initial, with which the other begins.

    Folding makes one letter of all vowels, so an initial that is one says too little of whom it means.
    """
    if key == other:
        return True
    both = set(by_initial(key)).intersection(by_initial(other))
    return (is_initialled(key) or is_initialled(other)) and any(not form.startswith(_ANY_VOWEL) for form in both)
