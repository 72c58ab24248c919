"""What somebody chose on a page: read from a form, and written back into one. Pure.

A choice that could never bring a message is a problem, said at once; one that says less than it seems is a notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Final

from services.contract import Kind, PartyClass
from services.fact_table import Region
from services.portal.signup.asked_interests import asked, parted, shown
from services.portal.signup.choice_fields import KINDS as KINDS
from services.portal.signup.choice_fields import ChoiceForm as ChoiceForm
from services.portal.signup.choice_fields import ChoiceProblem as ChoiceProblem
from services.portal.signup.choice_fields import entries
from services.portal.signup.person_lines import never_named as never_named
from services.portal.signup.person_lines import read_person
from services.portal.signup.towns import find_town
from services.subscribers.address import Mode
from services.subscribers.interests import Interest
from services.subscribers.signups import Choices
from services.subscribers.subscriber import Subscriber

MOST_PERSONS: Final = 20
MOST_TOWNS: Final = 20
MOST_ARTICLES: Final = 20
_ARTICLE: Final = re.compile(r"[1-4]\d\d(-[1-9]\d?)?", re.ASCII)
"""As texts name those of the criminal code that we read."""


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
    return replace(
        shown(subscriber.interests, subscriber.language),
        language=subscriber.language,
        discreet=subscriber.mode == "discreet",
        updates=subscriber.updates,
    )


def read_choices(
    fields: Mapping[str, tuple[str, ...]], languages: Sequence[str], known: Sequence[Interest] = ()
) -> ReadChoices:
    """`known`: what they asked for until now, of which stays what the form does not show."""
    followed = set(parted(known).marks)
    form = _typed(fields, followed)
    problems = (*_of_no_form_of_ours(fields, followed), *_problems(form, languages, known))
    if problems:
        return ReadChoices(form, None, problems)
    mode: Mode = "discreet" if form.discreet else "plain"
    choices = Choices(form.language, mode, form.updates, asked(form, known))
    return ReadChoices(form, choices, (), tuple(_notices(form)))


def _typed(fields: Mapping[str, tuple[str, ...]], followed: Set[str]) -> ChoiceForm:
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
        sources=fields.get("source", ()),
        confirmed=bool(fields.get("confirmed")),
        articles=last("articles"),
        others=bool(fields.get("others")),
    )


def _of_no_form_of_ours(fields: Mapping[str, tuple[str, ...]], followed: Set[str]) -> Iterator[ChoiceProblem]:
    """What nobody can have chosen on a page of ours is not taken for something else."""
    possible = {
        "key": followed,
        "discreet": {"yes"},
        "updates": {"all", "first"},
        "source": set(map(str, PartyClass)),
        "confirmed": {"yes"},
        "others": {"yes"},
    }
    if any(not set(fields.get(name, ())) <= values for name, values in possible.items()):
        yield ChoiceProblem("about", "form")


def _problems(form: ChoiceForm, languages: Sequence[str], known: Sequence[Interest]) -> Iterator[ChoiceProblem]:
    if form.language not in languages:
        yield ChoiceProblem("language", "language")
    if form.about not in ("all", "persons"):
        yield ChoiceProblem("about", "about")
    if form.about == "persons" and not form.follows and not (form.others and parted(known).others):
        yield ChoiceProblem("persons", "nobody")
    if form.about == "all":
        yield from _of_kinds_and_places(form, shown(known, form.language))
    yield from _of_persons(form)


def _of_kinds_and_places(form: ChoiceForm, had: ChoiceForm) -> Iterator[ChoiceProblem]:
    """`had`: what they have, perhaps by a file, which may name more than a page takes."""
    if not form.kinds:
        yield ChoiceProblem("kind", "no_kind")
    if not set(form.kinds) <= {str(kind) for kind in KINDS}:
        yield ChoiceProblem("kind", "no_kind")
    if not set(form.regions) <= {region.value for region in Region}:
        yield ChoiceProblem("region", "region")
    towns = entries(form.towns, ",;\n")
    if len(towns) > max(MOST_TOWNS, len(entries(had.towns, ",;\n"))):
        yield ChoiceProblem("towns", "too_many_towns")
    elif any(find_town(town) is None for town in towns):
        yield ChoiceProblem("towns", "unknown_town")
    yield from _of_articles(form, max(MOST_ARTICLES, len(entries(had.articles, ",;\n"))))


def is_article(typed: str) -> bool:
    """Of the criminal code, as the contract writes them."""
    return _ARTICLE.fullmatch(typed) is not None


def _of_articles(form: ChoiceForm, most: int) -> Iterator[ChoiceProblem]:
    articles = entries(form.articles, ",;\n")
    if len(articles) > most:
        yield ChoiceProblem("articles", "too_many_articles")
    elif not all(map(is_article, articles)):
        yield ChoiceProblem("articles", "article")
    elif articles and str(Kind.ARREST) not in form.kinds:
        yield ChoiceProblem("articles", "articles_of_pardons")


def _of_persons(form: ChoiceForm) -> Iterator[ChoiceProblem]:
    if form.names and len(form.names) + len(form.keys) > MOST_PERSONS:  # who is followed already stays, however many
        yield ChoiceProblem("persons", "too_many_persons")
        return
    slugs = dict.fromkeys(slug for line in form.names if (slug := read_person(line).problem) is not None)
    yield from (ChoiceProblem("persons", slug) for slug in slugs)


def _notices(form: ChoiceForm) -> Iterator[str]:
    placed = bool(form.regions or form.towns)
    if form.about == "all" and placed and str(Kind.PARDON) in form.kinds:
        yield "pardons_have_no_place"
    if form.about == "all" and (form.confirmed or form.sources):
        yield "less_is_told"
    if form.about == "all" and form.articles:
        yield "articles_are_rare"
    if form.follows:
        yield "unnamed_pardons"
    if form.about == "all" and form.follows:
        yield "persons_beside"
