"""`make gallery`: every message in every language, mode and channel on one static page, the bot's answers too."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec

from services.contract import Certainty, Kind, PartyClass
from services.demo.gallery.exhibit import ChatBubble, Exhibit
from services.demo.gallery.gallery_page import make_gallery
from services.demo.gallery.news_exhibits import (
    digest_exhibits,
    guarded_exhibits,
    news_exhibits,
    subscription_exhibits,
)
from services.demo.gallery.screenshots import browser_at_hand
from services.notify.assembly import renderer_of
from services.notify.content.rendering import Renderer
from services.notify.settings import NotifySettings
from services.portal.bot import chat_views as views
from services.portal.bot import views_of_narrowing as narrowing
from services.portal.bot.chat_answer import BotWords, ChatAnswer
from services.portal.bot.views_of_narrowing import each_frequency
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import Interest

_PAGES: Final = "https://vestka.example"
_OTHER_BOT: Final = "https://t.me/the_other_bot"
_TOWN: Final = "grodno:Lida"


def all_exhibits(renderer: Renderer, names: Sequence[str] = ()) -> Iterator[Exhibit]:
    """`names`: of exhibits, or how they begin ("digest", "bot"); none: all."""
    everything = (news_exhibits, digest_exhibits, guarded_exhibits, subscription_exhibits, bot_exhibits)
    for one in chain.from_iterable(make(renderer) for make in everything):
        if not names or one.name in names or one.name.partition("_")[0] in names:
            yield one


def bot_exhibits(renderer: Renderer) -> Iterator[Exhibit]:
    """What the bot says: before anybody joins, in the menu, of what was chosen."""
    for language in renderer.page_languages:
        for mode in ("plain", "discreet"):
            words = BotWords(renderer.language(language), mode == "discreet")
            for name, answer in _answers(words, renderer.page_languages):
                keys = tuple(tuple(one.document()["text"] for one in row) for row in answer.buttons)
                yield Exhibit(f"bot_{name}", language, mode, chat=(ChatBubble(answer.text, keys),))


def _answers(words: BotWords, languages: Sequence[str]) -> Iterator[tuple[str, ChatAnswer]]:
    """A welcome is discreet in the discreet bot alone: whoever reads it has chosen nothing yet."""
    known = _reader(words)
    offered = () if words.discreet else (words.say("two.offered", url=_OTHER_BOT),)
    yield "two_welcome", views.welcome(words, languages, _PAGES, *offered, group=False)
    yield "two_moved_here", views.menu(words, known, words.say("two.here"))
    if words.discreet:
        covered = (words.say("two.covered"), words.say("two.usual", url=_OTHER_BOT))
        yield "two_covered", words.answer("here", *covered, buttons=((words.button("menu", "help"),),))
    else:
        yield "welcome", views.welcome(words, languages, _PAGES, group=False)
        yield "welcome_of_a_group", views.welcome(words, languages, _PAGES, group=True)
        yield "returning", views.returning(words)
    yield "menu", views.menu(words, known)
    yield "list", views.chosen_list(words, known, str)
    yield "names", views.name_list(words, known, str)
    yield "places", views.place_list(words, known)
    yield "language", views.language_list(words, languages)
    yield "frequency", each_frequency(words, known, str)
    yield "frequency_changed", each_frequency(words, known, str, words.say("waits.sooner"))
    yield "narrow_down", narrowing.aspects(words, _narrowed(known))
    yield "narrow_down_kinds", narrowing.kinds_list(words, _narrowed(known))
    yield "narrow_down_sources", narrowing.sources_list(words, _narrowed(known))
    yield "narrow_down_confirmed", narrowing.confirmed_list(words, _narrowed(known))
    yield "narrow_down_articles", narrowing.articles_list(words, _narrowed(known))
    yield "narrow_down_updates", narrowing.updates_list(words, known)
    yield "narrow_down_not", narrowing.left_out_list(words, _narrowed(known), str)
    yield "quiet", views.quiet_list(words, known)
    yield "question", words.question("watch")


def _reader(words: BotWords) -> Subscriber:
    """Somebody who chose a little of everything; the name is made up."""
    interests = (Interest(regions=("grodno",), towns=(_TOWN,)), Interest(persons=("uzorny uladzimir",)))
    return Subscriber(
        number=1,
        since="2026-01-01T00:00:00.000Z",
        interests=interests,
        language=words.language.code,
        mode="discreet" if words.discreet else "plain",
        quiet=(1320, 420),
        zone="Europe/Minsk",
    )


def _narrowed(known: Subscriber) -> Subscriber:
    """Who also chose who has to tell it, how certain it has to be, which articles, and what not."""
    left_out = (Interest(regions=("brest",)), Interest(towns=("minsk_region:Slutsk",)))
    finer = Interest(
        kinds=(Kind.ARREST,),
        sources=(PartyClass.OFFICIAL, PartyClass.DEFENDER),
        least=Certainty.CONFIRMED,
        articles=("342", "361-4"),
        without=left_out,
    )
    return msgspec.structs.replace(known, interests=(finer, *known.interests[1:]))


def main(arguments: Sequence[str]) -> None:
    """The first argument is a folder, the others are names of exhibits."""
    target = Path(arguments[0]) if arguments else Path("build") / "gallery"
    given = {"public_url": "https://alerts.vestka.example", "pages_url": _PAGES}
    renderer, browser = renderer_of(NotifySettings.model_validate(given)), browser_at_hand()
    print(make_gallery(target, renderer.version, all_exhibits(renderer, arguments[1:]), browser))
    if browser is None:
        print("no chromium is installed, so there are frames in place of pictures", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
