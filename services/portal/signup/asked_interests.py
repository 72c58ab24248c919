"""Interests as a form shows them, and as they are after it was sent: what it cannot show, it does not touch. Pure.

A page shows news of some kinds and places (`general`) and people who are followed wherever it is (`followed`). All else
stays beside, as a whole, unless it is given up: somebody set it elsewhere, and meant it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from services.contract import Certainty, PartyClass
from services.fact_table import Region
from services.portal.signup.choice_fields import KINDS, ChoiceForm, entries
from services.portal.signup.person_lines import read_person
from services.portal.signup.towns import find_town, name_of_town
from services.subscribers.interests import Interest, PersonMark, each_once, following, marks_of


@dataclass(frozen=True, slots=True)
class PartedInterests:
    general: tuple[Interest, ...]
    followed: tuple[Interest, ...]
    others: tuple[Interest, ...]

    @property
    def marks(self) -> dict[str, PersonMark]:
        """Of whoever is followed, by the folded name."""
        found = {key: PersonMark(key=key) for one in self.followed for key in one.persons}
        return found | {mark.key: mark for one in self.followed for mark in one.marks if mark.key in found}


def parted(interests: Iterable[Interest]) -> PartedInterests:
    general, followed, others = list[Interest](), list[Interest](), list[Interest]()
    for one in interests:
        plain = Interest(persons=one.persons, marks=one.marks, frequency=one.frequency)
        if not one.persons and not one.without:
            general.append(one)
        elif one == plain:
            followed.append(one)
        else:
            others.append(one)
    return PartedInterests(tuple(general), tuple(followed), tuple(others))


def shown(interests: Iterable[Interest], language: str) -> ChoiceForm:
    """The fields that say what is asked for."""
    found = parted(interests)
    general = found.general
    kinds = {str(kind) for one in general for kind in one.kinds or KINDS}
    everywhere = any(not one.regions and not one.towns for one in general)
    towns = dict.fromkeys(town for one in general for town in one.towns)
    by_any = any(not one.sources for one in general)
    any_article = any(not one.articles for one in general)
    return ChoiceForm(
        about="all" if general else "persons",
        kinds=tuple(str(kind) for kind in KINDS if str(kind) in kinds or not general),
        regions=() if everywhere else tuple(dict.fromkeys(region for one in general for region in one.regions)),
        towns="" if everywhere else ", ".join(name_of_town(town, language) for town in towns),
        keys=tuple(found.marks),
        sources=() if by_any else tuple(str(one) for one in PartyClass if any(one in each.sources for each in general)),
        confirmed=bool(general) and all(one.least is Certainty.CONFIRMED for one in general),
        articles="" if any_article else ", ".join(dict.fromkeys(each for one in general for each in one.articles)),
    )


def asked(form: ChoiceForm, known: Sequence[Interest] = ()) -> tuple[Interest, ...]:
    """What is asked for from now on. `known`: what was until now."""
    before = parted(known)
    others = before.others if form.others else ()
    return (*_general(form, before), *_followed(form, before), *others)


def _general(form: ChoiceForm, before: PartedInterests) -> tuple[Interest, ...]:
    if form.about != "all":
        return ()
    new = _of_fields(form)
    as_before = before.general and new == _of_fields(shown(before.general, form.language))
    return before.general if as_before else (_as_often(new, before),)


def _of_fields(form: ChoiceForm) -> Interest:
    kinds = tuple(kind for kind in KINDS if str(kind) in form.kinds)
    sources = tuple(one for one in PartyClass if str(one) in form.sources)
    return Interest(
        kinds=() if len(kinds) == len(KINDS) else kinds,
        regions=tuple(region.value for region in Region if region.value in form.regions),
        towns=tuple(dict.fromkeys(filter(None, map(find_town, entries(form.towns, ",;\n"))))),
        sources=() if len(sources) == len(PartyClass) else sources,
        least=Certainty.CONFIRMED if form.confirmed else None,
        articles=tuple(dict.fromkeys(entries(form.articles, ",;\n"))),
    )


def _followed(form: ChoiceForm, before: PartedInterests) -> tuple[Interest, ...]:
    """Whoever watches people hears of these wherever and whatever it is."""
    new = each_once(read_person(line).mark for line in form.names)
    stay = [_only(one, set(form.keys) - set(new)) for one in before.followed]
    stay = [one for one in stay if one.persons]
    if not new:
        return tuple(stay)
    if stay:
        first = stay[0]
        whole = following([*marks_of(first), *new.values()], frequency=first.frequency)
        return (whole, *stay[1:])
    return (_as_often(following(new.values()), before),)


def _only(interest: Interest, keys: set[str]) -> Interest:
    return msgspec.structs.replace(
        interest,
        persons=tuple(key for key in interest.persons if key in keys),
        marks=tuple(mark for mark in interest.marks if mark.key in keys),
    )


def _as_often(interest: Interest, before: PartedInterests) -> Interest:
    """As whatever this page shows came until now, if that was all the same."""
    often = {one.frequency for one in (*before.general, *before.followed)}
    return msgspec.structs.replace(interest, frequency=often.pop()) if len(often) == 1 else interest
