"""What a command narrows of somebody's choices: kinds, who tells it, how certain, which articles, what is left out; and
how often each interest is told. Pure: the same command twice leaves what it left the first time.

It changes what is not about certain people: whoever is followed is followed whoever tells it, and whoever hears of
certain people alone is never told more by it.
"""

from __future__ import annotations

from typing import Final

import msgspec

from services.contract import Certainty, Kind, PartyClass
from services.portal.bot.chat_choices import TooMany, changed_general, general_of
from services.portal.signup.choice_fields import KINDS, entries
from services.portal.signup.choice_form import MOST_ARTICLES, is_article
from services.subscribers.habits import Frequency
from services.subscribers.interests import Interest
from services.subscribers.subscriber import Subscriber

_MOST_LEFT_OUT: Final = 20


class UnusableArticles(ValueError):
    """`slug`: why, a key of `door.join.problem`."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def kinds_of(subscriber: Subscriber) -> tuple[Kind, ...]:
    return tuple(kind for kind in KINDS if any(kind in (one.kinds or KINDS) for one in general_of(subscriber)))


def sources_of(subscriber: Subscriber) -> tuple[PartyClass, ...]:
    """None for anybody."""
    general = general_of(subscriber)
    if any(not one.sources for one in general):
        return ()
    return tuple(one for one in PartyClass if any(one in each.sources for each in general))


def is_confirmed_only(subscriber: Subscriber) -> bool:
    general = general_of(subscriber)
    return bool(general) and all(one.least is Certainty.CONFIRMED for one in general)


def articles_of(subscriber: Subscriber) -> tuple[str, ...]:
    general = general_of(subscriber)
    if any(not one.articles for one in general):
        return ()
    return tuple(dict.fromkeys(article for one in general for article in one.articles))


def left_out_of(subscriber: Subscriber) -> tuple[Interest, ...]:
    return tuple(dict.fromkeys(item for one in general_of(subscriber) for item in one.without))


def with_kind(subscriber: Subscriber, kind: Kind, *, wanted: bool) -> Subscriber:
    """One at least stays."""

    def changed(one: Interest) -> Interest:
        known = set(one.kinds or KINDS)
        new = (known | {kind} if wanted else known - {kind}) or known
        kinds = tuple(each for each in KINDS if each in new)
        # News of pardons names no article, so nothing would ever come.
        articles = one.articles if not kinds or Kind.ARREST in kinds else ()
        return msgspec.structs.replace(one, kinds=() if len(kinds) == len(KINDS) else kinds, articles=articles)

    return changed_general(subscriber, changed)


def with_source(subscriber: Subscriber, source: PartyClass, *, wanted: bool) -> Subscriber:
    """None is anybody."""

    def changed(one: Interest) -> Interest:
        new = {*one.sources, source} if wanted else {*one.sources} - {source}
        return msgspec.structs.replace(one, sources=tuple(each for each in PartyClass if each in new))

    return changed_general(subscriber, changed)


def with_certainty(subscriber: Subscriber, *, confirmed: bool) -> Subscriber:
    least = Certainty.CONFIRMED if confirmed else None
    return changed_general(subscriber, lambda one: msgspec.structs.replace(one, least=least))


def with_articles(subscriber: Subscriber, typed: str) -> Subscriber:
    """In place of those there were; "": it does not matter. Raises UnusableArticles."""
    articles = tuple(dict.fromkeys(one for part in entries(typed, ",;") for one in part.split()))
    if len(articles) > MOST_ARTICLES:
        raise UnusableArticles("too_many_articles")
    if not all(map(is_article, articles)):
        raise UnusableArticles("article")
    if articles and Kind.ARREST not in (kinds_of(subscriber) or KINDS):
        raise UnusableArticles("articles_of_pardons")
    return changed_general(subscriber, lambda one: msgspec.structs.replace(one, articles=articles))


def with_left_out(subscriber: Subscriber, item: Interest) -> Subscriber:
    """Raises TooMany."""
    if item not in (known := left_out_of(subscriber)) and len(known) >= _MOST_LEFT_OUT:
        raise TooMany

    def changed(one: Interest) -> Interest:
        return msgspec.structs.replace(one, without=tuple(dict.fromkeys((*one.without, item))))

    return changed_general(subscriber, changed)


def without_left_out(subscriber: Subscriber, item: Interest) -> Subscriber:
    def changed(one: Interest) -> Interest:
        return msgspec.structs.replace(one, without=tuple(other for other in one.without if other != item))

    return changed_general(subscriber, changed)


def interest_key(interest: Interest) -> str:
    """The same however often it is told."""
    return msgspec.json.encode(msgspec.structs.replace(interest, frequency="at_once")).decode()


def with_frequency_of(subscriber: Subscriber, key: str, frequency: Frequency) -> Subscriber:
    """`key`: see `interest_key`."""
    interests = tuple(
        msgspec.structs.replace(one, frequency=frequency) if interest_key(one) == key else one
        for one in subscriber.interests
    )
    return msgspec.structs.replace(subscriber, interests=interests)
