"""What somebody chose on a page: read from a form, and written back into one. Pure.

A choice that could never bring a message is a problem, said at once; one that says less than it seems is a notice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.contract import Kind
from services.fact_table import Region
from services.names import fold, is_initialled
from services.portal.signup.towns import find_town, name_of_town
from services.subscribers.signups import Choices
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import Interest

MOST_PERSONS: Final = 20
MOST_TOWNS: Final = 20
_MOST_SIGNS: Final = 100
_MOST_WORDS: Final = 4
KINDS: Final = (Kind.PARDON, Kind.ARREST)
_BETWEEN: Final = " .'’ʼ`´-‐‑"
_OURS: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class ChoiceProblem:
    """`field`: where; `slug`: what, a key of `door.join.problem`."""

    field: str
    slug: str


@dataclass(frozen=True, slots=True)
class ChoiceForm:
    """As it was typed, to be shown again; whoever prints it escapes it."""

    about: str = "all"
    """all, or persons: nothing but what is about them."""
    kinds: tuple[str, ...] = tuple(str(kind) for kind in KINDS)
    regions: tuple[str, ...] = ()
    towns: str = ""
    persons: str = ""
    keys: tuple[str, ...] = ()
    """People who are followed already and stay so: folded names, since no name is kept as it was typed."""
    language: str = ""
    discreet: bool = True
    updates: bool = True

    def __repr__(self) -> str:
        return "ChoiceForm()"

    @property
    def names(self) -> list[str]:
        return _entries(self.persons, "\n;")

    @property
    def follows(self) -> bool:
        """Anybody at all?"""
        return bool(self.names or self.keys)


@dataclass(frozen=True, slots=True)
class ReadChoices:
    form: ChoiceForm = field(repr=False)
    choices: Choices | None
    """None where there is a problem."""
    problems: tuple[ChoiceProblem, ...] = ()
    notices: tuple[str, ...] = ()
    """Keys of `door.join.notice`."""


def form_of(subscriber: Subscriber) -> ChoiceForm:
    """What somebody has, as a form shows it."""
    general = [one for one in subscriber.interests if not one.persons]
    kinds = {str(kind) for one in general for kind in one.kinds or KINDS}
    towns = dict.fromkeys(town for one in general for town in one.towns)
    everywhere = any(not one.regions and not one.towns for one in general)
    return ChoiceForm(
        about="all" if general else "persons",
        kinds=tuple(str(kind) for kind in KINDS if str(kind) in kinds or not general),
        regions=() if everywhere else tuple(dict.fromkeys(region for one in general for region in one.regions)),
        towns="" if everywhere else ", ".join(name_of_town(town, subscriber.language) for town in towns),
        keys=tuple(dict.fromkeys(key for one in subscriber.interests for key in one.persons)),
        language=subscriber.language,
        discreet=subscriber.mode == "discreet",
        updates=subscriber.updates,
    )


def read_choices(
    fields: Mapping[str, tuple[str, ...]], languages: Sequence[str], followed: Collection[str] = ()
) -> ReadChoices:
    """`followed`: the folded names that may stay."""
    form = _typed(fields, followed)
    problems = (*_of_no_form_of_ours(fields, followed), *_problems(form, languages))
    if problems:
        return ReadChoices(form, None, problems)
    choices = Choices(form.language, "discreet" if form.discreet else "plain", form.updates, _interests(form))
    return ReadChoices(form, choices, (), tuple(_notices(form)))


def _typed(fields: Mapping[str, tuple[str, ...]], followed: Collection[str]) -> ChoiceForm:
    def last(name: str) -> str:
        return fields.get(name, ("",))[-1].strip()

    return ChoiceForm(
        about=last("about"),
        kinds=fields.get("kind", ()),
        regions=fields.get("region", ()),
        towns=last("towns"),
        persons=last("persons"),
        keys=tuple(dict.fromkeys(key for key in fields.get("key", ()) if key in followed)),
        language=last("language"),
        discreet="discreet" in fields,
        updates=last("updates") != "first",
    )


def _of_no_form_of_ours(fields: Mapping[str, tuple[str, ...]], followed: Collection[str]) -> Iterator[ChoiceProblem]:
    """What nobody can have chosen on a page of ours is not taken for something else."""
    possible = {"key": set(followed), "discreet": {"yes"}, "updates": {"all", "first"}}
    if any(not set(fields.get(name, ())) <= values for name, values in possible.items()):
        yield ChoiceProblem("about", "form")


def _problems(form: ChoiceForm, languages: Sequence[str]) -> Iterator[ChoiceProblem]:
    if form.language not in languages:
        yield ChoiceProblem("language", "language")
    if form.about not in ("all", "persons"):
        yield ChoiceProblem("about", "about")
    if form.about == "persons" and not form.follows:
        yield ChoiceProblem("persons", "nobody")
    if form.about == "all":
        yield from _of_kinds_and_places(form)
    yield from _of_persons(form)


def _of_kinds_and_places(form: ChoiceForm) -> Iterator[ChoiceProblem]:
    if not form.kinds:
        yield ChoiceProblem("kind", "no_kind")
    if not set(form.kinds) <= {str(kind) for kind in KINDS}:
        yield ChoiceProblem("kind", "no_kind")
    if not set(form.regions) <= {region.value for region in Region}:
        yield ChoiceProblem("region", "region")
    towns = _entries(form.towns, ",;\n")
    if len(towns) > MOST_TOWNS:
        yield ChoiceProblem("towns", "too_many_towns")
    elif any(find_town(town) is None for town in towns):
        yield ChoiceProblem("towns", "unknown_town")


def _of_persons(form: ChoiceForm) -> Iterator[ChoiceProblem]:
    if len(form.names) + len(form.keys) > MOST_PERSONS:
        yield ChoiceProblem("persons", "too_many_persons")
        return
    slugs = dict.fromkeys(slug for name in form.names if (slug := never_named(name)) is not None)
    yield from (ChoiceProblem("persons", slug) for slug in slugs)


def never_named(name: str) -> str | None:
    """Why no text that we read would name somebody so; None where one might."""
    key = fold(name)
    words = key.split()
    if any(unicodedata.category(sign)[0] not in "LM" and sign not in _BETWEEN for sign in name):
        return "signs"
    if len(name) > _MOST_SIGNS or len(words) > _MOST_WORDS:
        return "long_name"
    if not words or not all(map(_is_read, _OURS.findall(name))):
        return "no_letters"
    if len(words) < 2 or all(len(word) == 1 for word in words):
        return "one_word"
    if is_initialled(key) and any(word == "a" for word in words):
        return "vowel_initial"  # folding makes one letter of all vowels, so such an initial meets nobody
    return None


def _is_read(sign: str) -> bool:
    """Latin or Cyrillic, the only letters of the names that we read."""
    return sign <= "ɏ" or "Ѐ" <= sign <= "ԯ" or "Ḁ" <= sign <= "ỿ"


def _notices(form: ChoiceForm) -> Iterator[str]:
    placed = bool(form.regions or form.towns)
    if form.about == "all" and placed and str(Kind.PARDON) in form.kinds:
        yield "pardons_have_no_place"
    if form.follows:
        yield "unnamed_pardons"
    if form.about == "all" and form.follows:
        yield "persons_beside"


def _interests(form: ChoiceForm) -> tuple[Interest, ...]:
    """Whoever watches people hears of these wherever and whatever it is."""
    found = []
    if form.about == "all":
        kinds = tuple(kind for kind in KINDS if str(kind) in form.kinds)
        found.append(
            Interest(
                kinds=() if len(kinds) == len(KINDS) else kinds,
                regions=tuple(region.value for region in Region if region.value in form.regions),
                towns=tuple(dict.fromkeys(filter(None, map(find_town, _entries(form.towns, ",;\n"))))),
            )
        )
    if form.follows:
        found.append(Interest(persons=tuple(dict.fromkeys((*form.keys, *map(fold, form.names))))))
    return tuple(found)


def _entries(text: str, between: str) -> list[str]:
    return [entry for one in re.split(f"[{between}]", text) if (entry := " ".join(one.split()))]
