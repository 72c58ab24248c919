"""By which words a site calls what stands round an article: readers' comments, cards of other news, buttons.

A word counts where it is a whole word of a class or an id: `news__comments` has one, `uncommented` has none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_WORD = re.compile(r"[A-ZА-ЯЁІЎ]?[a-zа-яёіў]+|[A-ZА-ЯЁІЎ]+(?![a-zа-яёіў])|\d+")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMMENTS: Final = ("comment", "koment", "komment", "kament", "kamment", "коммент", "комент", "камент", "каммент")
"""What such words begin with, in English, Russian and Belarusian, in either script."""
_TALK: Final = _set(
    "disqus hypercomments cackle replies respond discussion discussions guestbook otzyvy otzyv otzivy obsuzhdenie "
    "obsuzhdeniya abmerkavanne vodguki отзывы обсуждение водгукі абмеркаванне"
)
_FURNITURE: Final = _set(
    "related similar recommended recommendation recommendations recommends recirculation popular trending mostread "
    "readalso alsoread newsletter newsletters subscribe subscription share shares sharing social socials addthis "
    "addtoany sharedaddy yashare tags tagcloud taglist keywords cookie cookies gdpr consent ad ads advert adverts "
    "advertisement advertising adv adsbygoogle reklama reklam sponsored banner banners outbrain taboola mgid relap "
    "breadcrumb breadcrumbs pagination pager paginator sidebar menu navbar navigation ticker popup modal donate "
    "donation donations reactions reaction likes dislikes votes voting claps viewcount pageviews postviews "
    "pohozhie pohozie rekomenduem популярное похожие реклама рэклама"
)
_PHRASES: Final = (
    " read also ", " also read ", " see also ", " more news ", " other news ", " last news ", " latest news ",
    " most read ", " most popular ", " top news ", " more stories ", " news feed ", " author box ", " author bio ",
    " author info ", " author card ", " about author ", " tag list ", " tag cloud ", " skip link ",
    " view count ", " views count ", " post views ", " page views ", " like count ", " likes count ", " share count ",
    " shares count ", " reading time ", " read time ",
    " chitayte takzhe ", " chitajte takzhe ", " chitaite takzhe ", " chytajce taksama ", " po teme ", " pa teme ",
)  # fmt: skip
_NOT_SO: Final = _set(
    "no not non without has have having with is can allow allowed enable enabled disable disabled open opened closed "
    "on off free single page tag category cat type status format template layout theme style right left wrapper "
    "content container bg color site"
)
"""Beside one of these a word speaks of the page or article: «has-sidebar», «category-popular»."""
_OF_COMMENTS: Final = _NOT_SO - _set("wrapper container content style theme right left site")


@lru_cache(maxsize=4096)
def calls_comments(name: str) -> bool:
    """Does this class or id name readers' comments?"""
    words = _words(name)
    found = any(word in _TALK or word.startswith(_COMMENTS) for word in words)
    return found and _OF_COMMENTS.isdisjoint(words)


@lru_cache(maxsize=4096)
def calls_furniture(name: str) -> bool:
    """Does this class or id name something else that stands beside an article?"""
    words = _words(name)
    spaced = f" {' '.join(words)} "
    return _NOT_SO.isdisjoint(words) and (
        not _FURNITURE.isdisjoint(words) or any(phrase in spaced for phrase in _PHRASES)
    )


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name[:200])]


HEADS_COMMENTS = re.compile(
    r"\W*(?:\d+\s+)?(?:(?:all|add|leave|post|write|reader|readers|reader's|readers'|все|усе|оставить|добавить|пакінуць|дадаць)\s+)?(?:a\s+)?"
    r"(?:comments?|replies|responses|discussion|leave\s+a\s+reply|коммент\w*|камент\w*|обсуждени\w*|абмеркаванн\w*|отзыв\w*|водгук\w*)"
    r"(?:\s+(?:читател\w*|чытач\w*|readers))?\W*\d*\W*",
    re.IGNORECASE,
)
"""The whole heading of a part that readers wrote."""
HEADS_OTHER_NEWS = re.compile(
    r"\W*(?:(?:read|see|watch)\s+(?:also|more|next|too)|also\s+(?:read|see)|related(?:\s+\w+)?|more\s+(?:news|stories|on\s+(?:this|the)\s+\w+)"
    r"|(?:most|top)\s+(?:read|popular|stories|news)|(?:latest|other|last)\s+news|recommended(?:\s+\w+)?"
    r"|(?:читайте|смотрите|читай|смотри)\s+(?:также|ещ[её]|по\s+теме)|(?:ещ[её]\s+)?по\s+теме|похожие\s+\w+|друг(?:ие|ое)\s+(?:новости|\w+\s+по\s+теме)"
    r"|(?:самое|популярн\w+)\s*(?:читаемое|популярное|новости)?|последние\s+новости|рекомендуем\w*"
    r"|(?:чытайце|глядзіце)\s+(?:таксама|яшчэ|па\s+тэме)|(?:яшчэ\s+)?па\s+тэме|іншыя\s+навіны|апошнія\s+навіны|падобныя\s+\w+)\s*(?:[:.…!—–-]|$)",
    re.IGNORECASE,
)
"""How a line begins that leads to other news."""
