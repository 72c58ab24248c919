"""What became of those whom an act touched: whether they are out, where they went, where they are held."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from services.contract import Claim, Kind
from services.fact_table import HOME, ReleaseAct
from services.ingest.extraction.claims import first_value
from services.ingest.extraction.further.said_of_them import (
    SaidOfThem,
    Them,
    counts_others,
    names_some,
    statements,
    told,
)
from services.ingest.extraction.kind import News
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.words_of_further import country_of, detention_sites


def afterwards(text: ReadText, news: News, claims: list[Claim], whom: Them) -> Iterator[Claim]:
    if news.kind is Kind.PARDON:
        went = list(_went_to(text, news, whom))
        yield from _left_prison(text, news, claims, whom, went)
        yield from went
    else:
        yield from _let_go(text, news, whom)
        yield from _held(text, news, whom)


def _left_prison(text: ReadText, news: News, claims: list[Claim], whom: Them, went: list[Claim]) -> list[Claim]:
    """Where a text says both, it is of two minds, and nothing is claimed."""
    inside = _claims("left_prison", False, text, statements("inside", text, news, whom, denies=True))
    out = _claims("left_prison", True, text, statements("out", text, news, whom))
    out = out or [_as_out(each) for each in went] or list(_by_the_act(text, news, claims, whom))
    return inside or out if not (inside and out) else []


def _as_out(went: Claim) -> Claim:
    """Whoever is abroad or at home is in prison no more."""
    return Claim(field="left_prison", value=True, said_by=went.said_by, span=went.span)


def _by_the_act(text: ReadText, news: News, claims: list[Claim], whom: Them) -> Iterator[Claim]:
    """Whoever was released, exchanged or taken abroad has left; where a pardon is told of, "freed" may mean the decree
    alone, and a release that is ordered or agreed on, a noun, may be still to come."""
    act = first_value(claims, "act")
    pardon = text.lexicon.further["pardoning"]
    fresh = text.without(news.background)
    if act in (None, ReleaseAct.PARDONED) or any(pardon.first(text.readings[at].counted) for at in fresh):
        return
    for index in news.acts:
        counted = text.readings[index].counted
        match = text.lexicon.further["released"].first(counted)
        if match and not counts_others(index, text, whom) and not names_some(index, whom):
            yield told("left_prison", True, text, index, match.span())
            return


def _went_to(text: ReadText, news: News, whom: Them) -> Iterator[Claim]:
    """Nothing where the text names two places: who went where, nobody can tell from it."""
    abroad = list(statements("abroad", text, news, whom))
    if any(_goes_on(text, index, match) for index, match in abroad):
        return
    found = [
        told("went_to", code, text, index, match.span())
        for index, match in abroad
        if (code := country_of(text.readings[index].sentence.plain[slice(*match.span("to"))], text.lexicon.language))
    ]
    home = (said for said in statements("home", text, news, whom) if not _is_abroad(said, text))
    found += _claims("went_to", HOME, text, home)
    if len({each.value for each in found}) == 1:
        yield found[0]


_NEAR: Final = 50
"""Characters behind a place in which another one stands beside it."""


def _goes_on(text: ReadText, index: int, match: re.Match[str]) -> bool:
    """ "To Lithuania and Poland": who went where, is not told."""
    behind = text.readings[index].counted[match.end("to") :][:_NEAR]
    return any(not behind[: each.start()].strip() for each in text.lexicon.further["and_to"].all(behind))


def _let_go(text: ReadText, news: News, whom: Them) -> Iterator[Claim]:
    """Were the detained let go afterwards? Not where they were taken anew, or the words are of before."""
    after = [said for said in statements("let_go", text, news, whom) if _is_after_arrest(said, text, news)]
    kept = list(statements("not_let_go", text, news, whom, denies=True))
    if after and not kept:
        yield from _claims("left_prison", True, text, after)
    elif kept and not after:
        yield from _claims("left_prison", False, text, kept)


def _is_after_arrest(said: SaidOfThem, text: ReadText, news: News) -> bool:
    counted = text.readings[said.at].counted
    if text.lexicon.further["again"].first(counted):
        return False
    act = news.act
    if act is None or said.at != act:
        return act is not None and said.at > act
    arrest = text.lexicon.signals["arrest"].first(counted)
    return arrest is not None and arrest.start() < said.match.start()


def _held(text: ReadText, news: News, whom: Them) -> Iterator[Claim]:
    """With a place that has a name, it is known where they are."""
    lost = _claims("whereabouts_known", False, text, statements("lost", text, news, whom, denies=True))
    known = _claims("whereabouts_known", True, text, statements("found", text, news, whom))
    if place := _last_place(text, news, whom):
        (index, match), (name, which) = place
        yield told("where_held", name, text, index, match.span("site"))
        known += [told("whereabouts_known", True, text, index, match.span("site"))] if which else []
    if bool(lost) != bool(known):
        yield (lost or known)[0]


def _last_place(text: ReadText, news: News, whom: Them) -> tuple[SaidOfThem, tuple[str, bool]] | None:
    """Where they are held: of several places the last, where the text says that they were moved on to it."""
    found = [
        (said, site)
        for said in statements("held", text, news, whom, unsaid=True)
        if (site := _site(text.readings[said.at].sentence.plain[slice(*said.match.span("site"))]))
        and not (_is_over(said, text) or _is_abroad(said, text))
    ]
    if not found:
        return None
    last, _ = found[-1]
    counted = text.readings[last.at].counted
    behind = text.lexicon.further["sites"].first(counted[last.match.end("site") :])
    moved = text.lexicon.further["moved_on"].first(counted)
    if behind or (len({name for _, (name, _) in found}) > 1 and not moved):
        return None
    return found[-1]


def _is_over(said: SaidOfThem, text: ReadText) -> bool:
    """ "Was held there for a year"."""
    behind = text.readings[said.at].counted[said.match.end() :]
    return text.lexicon.further["lasted"].first(behind) is not None


def _is_abroad(said: SaidOfThem, text: ReadText) -> bool:
    return text.lexicon.further["abroad_site"].first(text.readings[said.at].counted) is not None


def _claims(field: str, value: bool | str, text: ReadText, found: Iterable[SaidOfThem]) -> list[Claim]:
    return [told(field, value, text, index, match.span()) for index, match in found]


def _site(written: str) -> tuple[str, bool] | None:
    """The name of the place of detention, and whether it says which one is meant."""
    for site in detention_sites():
        if match := site.pattern.fullmatch(written):
            number = next((each for each in match.groups() if each), "")
            return site.name.replace("{n}", number), site.which
    return None
