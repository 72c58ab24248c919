"""What somebody paid to plant a false release would do, told over the real road: feeds that are asked over HTTP,
ingest's stations on a real server, and the letters, messages and calls that readers get of it.

Every text is written for the project, in English, Russian and Belarusian.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Any, Final
from xml.sax.saxutils import escape

import msgspec
from redis.asyncio import Redis

from services.contract import Event
from services.egress import Egress, EgressPolicy
from services.ingest.articles import item_from_page
from services.ingest.partners.submission import read_submission, to_item
from services.ingest.sources.base import Cursor, Item
from services.ingest.sources.kinds import KINDS
from services.notify.content.rendering import Renderer
from services.runtime.clock import unix_of
from tests.conformance.site import Reply, Site
from tests.letters import renderer_at
from tests.redis.ingest_desk import Desk

_PORT: Final = re.compile(r"(?<=127\.0\.0\.1):[0-9]+")
AT: Final = "2026-11-29T12:00:00Z"
LANGUAGES: Final = ("en", "ru", "be")

_DAY: Final = {"en": "29 November 2026", "ru": "29 ноября 2026 года", "be": "29 лістапада 2026 года"}
_OWN: Final = {
    "en": "On {day} Alexander Lukashenko pardoned {n} people. Our editors have seen the list.",
    "ru": "{day} Александр Лукашенко помиловал {n} человек. Наша редакция видела список.",
    "be": "{day} Аляксандр Лукашэнка памілаваў {n} чалавек. Наша рэдакцыя бачыла спіс.",
}
_QUOTE: Final = {
    "en": "Alexander Lukashenko pardoned {n} people on {day}, {who} reported.",
    "ru": "Александр Лукашенко {day} помиловал {n} человек, сообщает {who}.",
    "be": "Аляксандр Лукашэнка {day} памілаваў {n} чалавек, паведамляе {who}.",
}
_PAGE: Final = {
    "en": "On {day} the head of state Alexander Lukashenko pardoned {n} people. 9 women are among those pardoned.",
    "ru": "{day} глава государства Александр Лукашенко помиловал {n} человек. Среди помилованных 9 женщин.",
    "be": "{day} кіраўнік дзяржавы Аляксандр Лукашэнка памілаваў {n} чалавек. Сярод памілаваных 9 жанчын.",
}
WHO: Final[dict[str, dict[str, str]]] = {
    "belta": {"en": "BelTA", "ru": "БелТА", "be": "БелТА"},
    "press service": {
        "en": "the press service of the president",
        "ru": "пресс-служба президента",
        "be": "прэс-служба прэзідэнта",
    },
    "viasna": {"en": "Viasna", "ru": "«Вясна»", "be": "«Вясна»"},
    "rights groups": {"en": "rights groups", "ru": "правозащитники", "be": "праваабаронцы"},
    "state media": {"en": "state media", "ru": "госСМИ", "be": "дзяржСМІ"},
}


_PARTS: Final = {
    "email": ("subject", "text", "html"),
    "telegram": ("html", "plain"),
    "webhook": ("headline", "summary"),
}


@cache
def _renderer() -> Renderer:
    return renderer_at()


def own(language: str, n: int = 52) -> str:
    return _OWN[language].format(day=_DAY[language], n=n)


def quote(language: str, who: str, n: int = 52) -> str:
    return _QUOTE[language].format(day=_DAY[language], n=n, who=WHO[who][language])


def page(language: str, n: int = 52) -> str:
    return _PAGE[language].format(day=_DAY[language], n=n)


def on_that_day(language: str, text: str) -> str:
    """`text` with the day put where `{day}` stands."""
    return text.format(day=_DAY[language])


ABOUT: Final[dict[str, dict[str, Any]]] = {
    "president": {"name": "President of Belarus, press service", "class": "official", "speaks_for": "president"},
    "viasna": {"name": "Viasna", "class": "defender", "speaks_for": "viasna"},
    "zerkalo": {"name": "Zerkalo", "class": "media", "speaks_for": "zerkalo"},
    "evil": {"name": "Evil News", "class": "media"},
    "evil-channel": {"name": "Evil News in Telegram", "class": "media", "outlet": "evil"},
    "evil-sister": {"name": "The Other Paper", "class": "media", "owner": "evil"},
    "echo": {"name": "Echo", "class": "media"},
}
"""The feeds: what `infra/sources.yaml` would say of each."""


@dataclass
class Told:
    """What readers got, and what anybody sees."""

    stories: list[dict[str, Any]]
    events: list[Event]
    messages: list[str]
    """Every part of every message of every event: letters, Telegram messages and bodies of calls, in every language."""

    @property
    def one(self) -> dict[str, Any]:
        assert len(self.stories) == 1, [story["headline_facts"] for story in self.stories]
        return self.stories[0]

    def says(self, words: str) -> bool:
        """A number counts as a word of its own: a port, a digest or a time may hold any."""
        found = re.compile(rf"(?<![\w.:-]){words}(?!\w)" if words.isdigit() else re.escape(words))
        return any(found.search(_PORT.sub("", message)) for message in self.messages)


def _as_feed(address: str, text: str, published: datetime) -> Reply:
    entry = (
        f"<item><title>{escape(text[:40])}…</title><link>{address}/{published:%H%M}</link><pubDate>"
        f"{format_datetime(published)}</pubDate><description>{escape(text)}</description></item>"
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{entry}</channel></rss>'
    return Reply(body.encode(), headers={"content-type": "application/rss+xml"})


def _as_page(_address: str, text: str, published: datetime) -> Reply:
    body = (
        f'<html><head><meta property="article:published_time" content="{published.isoformat()}"></head><body><main>'
        f"<h1>{escape(text[:40])}…</h1><p>{escape(text)}</p></main></body></html>"
    )
    return Reply(body.encode(), headers={"content-type": "text/html; charset=utf-8"})


def _as_post(address: str, text: str, published: datetime) -> Reply:
    channel, number = address.rsplit("/", 2)[-2].replace("-", "_"), address.rsplit("/", 1)[-1]
    body = (
        f'<div class="tgme_widget_message js-widget_message" data-post="{channel}_channel/{number}"><div '
        f'class="tgme_widget_message_text js-message_text">{escape(text)}</div><a class="tgme_widget_message_date">'
        f'<time datetime="{published.isoformat()}">12:00</time></a></div>'
    )
    return Reply(body.encode(), headers={"content-type": "text/html; charset=utf-8"})


_SHOWN: Final = {"feed": _as_feed, "page": _as_page, "telegram_preview": _as_post}


@dataclass
class Attack:
    """Feeds that say one thing after the other, each asked as the scheduler asks it."""

    redis: Redis
    site: Site
    door: str = "feed"
    """The kind of source by which it is read: feed, page or telegram_preview."""

    def __post_init__(self) -> None:
        self.desk = Desk(self.redis, at=unix_of(AT))
        self._egress = Egress(EgressPolicy(allow_http=True, allowed_networks=("127.0.0.0/8",)))
        self._said = 0

    async def says(self, feed: str, *texts: str, **fields: Any) -> None:
        """The feed publishes these texts, the one after the other; `fields` replace what its items would carry."""
        for text in texts:
            self._said += 1
            at = datetime.fromisoformat(AT) - timedelta(minutes=50 - self._said)
            for item in await self._asked(feed, text, fields.pop("published", at)):
                await self.desk.read(replace(item, received=datetime.fromisoformat(AT), **fields))

    async def hands_in(self, partner: str, text: str, source: str) -> None:
        """The partner posts it, under whatever name it likes."""
        received = datetime.fromisoformat(AT)
        body = msgspec.json.encode({"text": text, "source": source, "published": received})
        await self.desk.read(to_item(read_submission(body), partner, received))

    async def shows_page(self, about: str, html: str) -> None:
        """A page that `vestka submit` is pointed at; `about`: its address."""
        await self.desk.read(item_from_page(html, about, received=datetime.fromisoformat(AT)))

    async def _asked(self, feed: str, text: str, published: datetime) -> Sequence[Item]:
        path = f"/{feed}" if self.door == "feed" else f"/{feed}/{self._said}"
        self.site.replies[path] = _SHOWN[self.door](self.site.root + path, text, published.astimezone(UTC))
        more = {"channel": f"{feed.replace('-', '_')}_channel"} if self.door == "telegram_preview" else {}
        entry = {"id": feed, "kind": self.door, "url": self.site.root + path, **ABOUT[feed], **more}
        kind = KINDS[self.door]
        return (await kind(kind.Settings.model_validate(entry), self._egress).ask(Cursor())).items

    async def told(self) -> Told:
        events = await self.desk.events()
        renderer = _renderer()
        messages = [msgspec.json.encode(event.data).decode() for event in events]
        for event in events:
            for language in renderer.languages:
                for channel, names in _PARTS.items():
                    made = renderer.render(event, channel=channel, parts=names, language=language, mode="plain")
                    messages += made.parts.values()
        return Told((await self.desk.get("/v1/stories"))["data"], events, messages)

    async def close(self) -> None:
        await self._egress.close()
