"""What `vestka subscriber add` and `edit` ask of whoever wants it finer: how often, when not, and which of the news."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from services.cli.prompts import ask, ask_whether
from services.cli.subscriber_questions import NONE, before_said, one_of, several_of, words
from services.contract import Certainty, Kind, PartyClass
from services.fact_table import Region
from services.portal.signup.choice_form import is_article
from services.portal.signup.towns import find_town
from services.subscribers.address import Mode
from services.subscribers.edits import NO_QUIET, Edit
from services.subscribers.habits import (
    COVERS,
    FREQUENCIES,
    MINSK,
    Cover,
    Frequency,
    Quiet,
    code_word_of,
    quiet_of,
    quiet_text,
    zone_of,
)
from services.subscribers.interests import Interest
from services.subscribers.subscriber import Subscriber

_OFFER: Final = "Finer: how often, quiet hours, who tells it, how certain, articles, towns, what not?"
_ANY, _CONFIRMED = "any", "confirmed"
_YES, _NO = "yes", "no"


def wants_it_finer() -> bool:
    return ask_whether(_OFFER)


def asked_finer(known: Subscriber, mode: Mode, interests: tuple[Interest, ...]) -> Edit:
    """`mode`, `interests`: as they were just answered. Of several interests it is asked how often each is told."""
    if len(interests) == 1:
        interests = (_finer(interests[0]),)
    else:
        interests = tuple(
            msgspec.structs.replace(one, frequency=_ask_often(f"How often interest {at}", one))
            for at, one in enumerate(interests, start=1)
        )
    return Edit(interests=interests, **_habits(known, mode))


def _ask_often(question: str, before: Interest) -> Frequency:
    return ask(f"{question} ({', '.join(FREQUENCIES)})", _frequency, default=before.frequency)


def _finer(before: Interest) -> Interest:
    """Empty: as before."""
    often = _ask_often("How often", before)
    towns = ask(f"Towns (empty: {before_said(_names(before.towns))})", _several_read(_town, before.towns))
    sources = ask(
        f"Told by ({', '.join(PartyClass)}; empty: {before_said(before.sources)})",
        several_of([str(one) for one in PartyClass], before.sources),
    )
    least = ask(f"How certain ({_ANY}, {_CONFIRMED})", one_of((_ANY, _CONFIRMED)), default=_certainty(before))
    articles: tuple[str, ...] = ()
    if Kind.ARREST in (before.kinds or (Kind.ARREST,)):  # news of pardons names none, so nothing would ever come
        question = f"Articles of the criminal code, like 342, 361-4 (empty: {before_said(before.articles)})"
        articles = ask(question, _several_read(_article, before.articles))
    regions = tuple(region for one in before.without for region in one.regions if one == Interest(regions=(region,)))
    left_out = ask(
        f"Not from the regions (empty: {before_said(regions, 'all are meant')})",
        several_of([region.value for region in Region], regions),
    )
    others = [one for one in before.without if one not in [Interest(regions=(region,)) for region in regions]]
    other_least = None if before.least is Certainty.CONFIRMED else before.least
    return msgspec.structs.replace(
        before,
        frequency=often,
        towns=towns,
        sources=tuple(map(PartyClass, sources)),
        least=Certainty.CONFIRMED if least == _CONFIRMED else other_least,
        articles=articles,
        without=(*others, *(Interest(regions=(region,)) for region in left_out)),
    )


def _habits(before: Subscriber, mode: Mode) -> dict[str, Any]:
    """As `Edit` has them."""
    found: dict[str, Any] = {"updates": _whether("Updates too, and not the first news only", before.updates)}
    quiet = ask(f"Quiet hours, like 22:00-07:00 (empty: {_quiet_before(before)})", lambda typed: _quiet(typed, before))
    found["quiet"] = quiet or NO_QUIET
    found["zone"] = ask("Time zone", zone_of, default=before.zone or MINSK)
    if quiet is not None:
        found["urgent"] = _whether("Urgent news in quiet hours all the same", before.urgent)
    if mode == "discreet":
        found["cover"] = cover = ask(f"A letter shows ({', '.join(COVERS)})", _cover, default=before.cover)
        if cover == "code_word":
            there = "as before" if before.code_word else "none yet"
            found["code_word"] = ask(f"Code word (not shown; empty: {there})", _code_word(before), hidden=True)
    return found


def _frequency(typed: str) -> Frequency:
    word = one_of(FREQUENCIES)(typed)
    return next(one for one in FREQUENCIES if one == word)


def _cover(typed: str) -> Cover:
    word = one_of(COVERS)(typed)
    return next(one for one in COVERS if one == word)


def _code_word(before: Subscriber) -> Callable[[str], str | None]:
    return lambda typed: code_word_of(typed) if typed else before.code_word


def _certainty(before: Interest) -> str:
    return _CONFIRMED if before.least is Certainty.CONFIRMED else _ANY


def _whether(question: str, before: bool) -> bool:
    return ask(f"{question} ({_YES}, {_NO})", one_of((_YES, _NO)), default=_YES if before else _NO) == _YES


def _quiet(typed: str, before: Subscriber) -> Quiet | None:
    if not typed:
        return before.quiet
    return None if typed == NONE else quiet_of(typed)


def _quiet_before(before: Subscriber) -> str:
    return "none" if before.quiet is None else f"{quiet_text(before.quiet)}; {NONE}: none"


def _town(typed: str) -> str:
    if (found := find_town(typed)) is None:
        raise ValueError("this place is not in the list of towns, so nothing would ever come about it")
    return found


def _article(typed: str) -> str:
    if not is_article(typed):
        raise ValueError("an article is written like 342 or 361-4")
    return typed


def _several_read(read: Callable[[str], str], before: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    def each(typed: str) -> tuple[str, ...]:
        if not typed:
            return tuple(before)
        return () if typed == NONE else tuple(dict.fromkeys(map(read, words(typed))))

    return each


def _names(towns: Sequence[str]) -> list[str]:
    return [town.partition(":")[2] for town in towns]
