"""What the law and rights groups say of them: recognised, sentenced to days, threatened with years, taken before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from services.contract import Claim, Kind, PartyClass
from services.ingest.extraction.further.said_of_them import (
    SaidOfThem,
    Them,
    counts_others,
    names_some,
    statements,
    told,
)
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.kind import News
from services.ingest.extraction.law_articles import cited
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.numbers import quantities

_MOST_DAYS: Final = 90
"""Of administrative arrest; for one offence 15, repeated 30, and several add up."""
_MOST_YEARS: Final = 25
_MOST_TIMES: Final = 50
_TIMES: Final = {"once": 1, "twice": 2, "three times": 3, "дважды": 2, "трижды": 3, "двойчы": 2, "тройчы": 3}


def in_law(text: ReadText, news: News, whom: Them) -> Iterator[Claim]:
    yield from _recognised(text, news, whom)
    if news.kind is Kind.ARREST:
        yield from _administrative_article(text, news, whom)
        yield from _one_value(_numbers("administrative_days", "days", _MOST_DAYS, text, news, whom))
        yield from _one_value(_numbers("threatened", "years", _MOST_YEARS, text, news, whom))
        yield from _detained_before(text, news, whom)


def _recognised(text: ReadText, news: News, whom: Them) -> Iterator[Claim]:
    """By a rights group that the words name; recognition by an outlet is none."""
    found: dict[str, Claim] = {}
    for index, match in statements("recognised", text, news, whom):
        if match.groupdict().get("party") is None:
            continue
        start = match.start("party")
        named = gazetteer().parties.found(text.readings[index].sentence.plain)
        party = next((party for there, party in named if there.start() <= start < there.end()), None)
        if party is not None and party.party_class is PartyClass.DEFENDER:
            said = Claim(
                field="recognised_by",
                value=(party.id,),
                said_by=party,
                span=text.readings[index].span(*match.span()),
            )
            found.setdefault(party.id, said)
    yield from found.values()


def _administrative_article(text: ReadText, news: News, whom: Them) -> Iterator[Claim]:
    """Those that the sentences which do not tell of before cite, as one text: "19.11, 24.3"."""
    of_code = [
        (index, each)
        for index in text.without(news.background)
        if not counts_others(index, text, whom) and not names_some(index, whom)
        for each in cited(text.readings[index].sentence.plain)
        if each.administrative
    ]
    if of_code:
        index, first = of_code[0]
        articles = dict.fromkeys(article for _, each in of_code for article in each.articles)
        yield told("administrative_article", ", ".join(articles), text, index, (first.start, first.end))


_EXACTLY: Final = "administrative_days"
_FIELDS: Final = {"administrative_days": "administrative_days", "threatened": "sentence_threatened"}


def _numbers(name: str, group: str, most: int, text: ReadText, news: News, whom: Them) -> Iterator[Claim]:
    for index, match in statements(name, text, news, whom, unsaid=True, denies=name == "threatened"):
        value = _value(text, index, match.span(group))
        if value is not None and value <= most and not (name == _EXACTLY and _is_bounded(text, index, match, group)):
            yield told(_FIELDS[name], value, text, index, match.span())


def _is_bounded(text: ReadText, index: int, match: re.Match[str], group: str) -> bool:
    """ "Up to 15 days", "from 10 to 15": what some got, or may get."""
    before = text.readings[index].counted[: match.start(group)].rstrip()
    return any(bound.end() == len(before) for bound in text.lexicon.further["bounded"].all(before))


def _one_value(found: Iterator[Claim]) -> Iterator[Claim]:
    """Two numbers are of two people, or two articles: who got which, is not told."""
    said = list(found)
    if len({each.value for each in said}) == 1:
        yield said[0]


def _value(text: ReadText, index: int, span: tuple[int, int]) -> int | None:
    """The number that stands there, masked or not."""
    plain = text.readings[index].sentence.plain[slice(*span)]
    if (times := _TIMES.get(plain.strip().lower())) is not None:
        return times
    found = quantities(plain, text.lexicon)
    return found[0].value if len(found) == 1 else None


def _detained_before(text: ReadText, news: News, whom: Them) -> Iterator[Claim]:
    """How often before this time, where the text counts; else that they were, or never were."""
    before = list(statements("detained_before", text, news, whom, denies=True))
    never = list(statements("never_before", text, news, whom, denies=True))
    if bool(before) == bool(never):
        return
    if never:
        yield told("detained_before", False, text, never[0].at, never[0].match.span())
        return
    times = [(said, value) for said in before if (value := _times(said, text)) is not None]
    for index, match in before[:1]:
        yield told("detained_before", True, text, index, match.span())
    if len({value for _, value in times}) == 1:
        (index, match), value = times[0]
        yield told("earlier_detentions", value, text, index, match.span())


def _times(said: SaidOfThem, text: ReadText) -> int | None:
    groups = said.match.groupdict()
    if groups.get("nth"):
        ordinal = text.readings[said.at].ordinal_at(said.match.start("nth"))
        value = ordinal.value - 1 if ordinal else None
    elif name := next((name for name in ("times", "after") if groups.get(name)), None):
        value = _value(text, said.at, said.match.span(name))
    else:
        return None
    return value if value and value <= _MOST_TIMES else None
