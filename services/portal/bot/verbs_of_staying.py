"""The commands by which somebody comes, pauses, goes, comes back, takes along what is theirs, or is erased."""

from __future__ import annotations

from typing import Final

import msgspec
import structlog

from services.portal.bot import chat_views as views
from services.portal.bot import two_bots
from services.portal.bot.chat_answer import AnswerButton, BotWords, ChatAnswer
from services.portal.bot.chat_choices import EVERYTHING
from services.portal.bot.chat_visit import TELEGRAM, BotHouse, ChatVisit, VerbHandler, address_of, is_written_to
from services.subscribers.address import Address
from services.subscribers.exported import own_file
from services.subscribers.persistence import FilesNotRewritten
from services.subscribers.signups import Choices, Signup
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import UnknownSubscriber

log = structlog.get_logger(__name__)

_BEGIN: Final = ("start", "join")
"""What somebody says or presses who wants to hear from this bot."""
_YES: Final = "yes"
_FILE: Final = "file"


async def start(visit: ChatVisit) -> ChatAnswer:
    """The first answer of all: what to know. Nothing is kept yet. An argument names the language."""
    house, known = visit.house, visit.known
    if known is None:
        language = house.languages.get(visit.argument.lower(), visit.words.language)
        words = BotWords(language, house.is_discreet)
        said = two_bots.offered(words, house)
        return views.welcome(words, tuple(house.languages), house.pages, *said, group=visit.command.group)
    if not is_written_to(known):
        return views.returning(visit.words)
    if visit.command.verb in _BEGIN and not house.writes_to(known):
        known = await two_bots.take_over(house, known)
        return views.menu(visit.words, known, visit.words.say("two.here"))
    return views.menu(visit.words, known)


async def join(visit: ChatVisit) -> ChatAnswer:
    """The chat itself is the proof that it is theirs. Discreet until they say otherwise."""
    house, known = visit.house, visit.known
    if known is not None:
        return await start(visit) if is_written_to(known) else await come_back(visit)
    wanted = house.languages.get(visit.argument.lower(), visit.words.language).code
    choices = Choices(wanted, "discreet", updates=True, interests=(EVERYTHING,))
    joined = await house.vault.join(Signup(TELEGRAM, str(visit.command.chat_id), choices, bot=house.bot))
    log.info("subscriber_joined", channel=TELEGRAM)
    words = house.words_for(joined)
    said = [words.say("joined.done"), words.say("joined.everything")]
    said.append(words.say("two.covered" if house.is_discreet else "joined.discreet"))
    return words.answer("done", *said, buttons=views.menu_buttons(words, joined))


async def come_back(visit: ChatVisit) -> ChatAnswer:
    """Who stopped, or blocked us, goes on with all that they had."""
    if visit.known is None:
        return await start(visit)
    await visit.house.vault.set_active(visit.known.number, True)
    changed = await let_in_again(visit.house, visit.known)
    log.info("subscriber_came_back", channel=TELEGRAM)
    return views.menu(visit.words, changed, visit.words.say("resumed"))


async def pause(visit: ChatVisit) -> ChatAnswer:
    known = visit.subscriber
    changed = await visit.house.vault.set_active(known.number, False) if known.active else known
    buttons = ((visit.words.button("resume", "resume"),), (visit.words.button("menu", "help"),))
    log.info("subscriber_paused", channel=TELEGRAM)
    return visit.words_of(changed).answer("done", visit.words.say("paused"), buttons=buttons)


async def resume(visit: ChatVisit) -> ChatAnswer:
    known = visit.subscriber
    changed = known if known.active else await visit.house.vault.set_active(known.number, True)
    log.info("subscriber_resumed", channel=TELEGRAM)
    return visit.words.answer("done", visit.words.say("resumed"), buttons=views.menu_buttons(visit.words, changed))


async def stop(visit: ChatVisit) -> ChatAnswer:
    """At once, without a question: a day is left to come back."""
    words = visit.words
    if visit.known is None:
        return words.answer("nothing")
    if visit.known.stopped is None or visit.known.active:  # said again, it tells nobody who sends anything new
        await visit.house.vault.stop(visit.known.number)
        log.info("subscriber_stopped", channel=TELEGRAM)
    return words.answer("done", words.say("stopped"), buttons=((words.button("back", "back"),),))


async def erase(visit: ChatVisit) -> ChatAnswer:
    """Asks first; the last word is the same whether anything was kept or not, and gives nothing away."""
    words = visit.words
    if visit.argument != _YES:
        if visit.known is None:
            return words.answer("nothing")
        buttons = ((words.button("erase_yes", f"erase:{_YES}"),), (words.button("menu", "help"),))
        return words.answer("choose", words.say("erase.ask"), buttons=buttons)
    last = ChatAnswer(words.say("neutral.done"), discreet=words.discreet, silent=True, last=True)
    if visit.known is None:
        return last
    try:
        await visit.house.vault.erase(visit.known.number)
    except FilesNotRewritten as error:
        log.error("erasing_not_finished", todo=str(error))
        return words.answer("done", words.say("erase.later"))
    log.info("subscriber_erased", channel=TELEGRAM)
    return last


async def export(visit: ChatVisit) -> ChatAnswer:
    """What is kept of them. A file stays with Telegram, so it is sent only when asked for once more, and never in
    discreet mode."""
    words, known = visit.words, visit.subscriber
    page = None if visit.command.group else visit.house.page_of(known)  # in a group anybody could follow the link
    link = [(AnswerButton(words.plain("button.page"), url=page),)] if page else []
    if words.discreet:
        return words.answer("choose", words.say("export.discreet" if page else "export.no_page"), buttons=tuple(link))
    if visit.argument == _FILE:
        return words.answer("here", words.say("export.caption"), file=own_file(known, visit.house.now()).encode())
    buttons = (*link, (words.button("file", f"export:{_FILE}"),))
    return words.answer("choose", words.say("export.warn"), buttons=buttons)


async def let_in_again(house: BotHouse, known: Subscriber) -> Subscriber:
    """The chat takes messages again, by the bot that it let in; whoever paused stays paused. Raises
    UnknownSubscriber."""

    def works(one: Subscriber) -> Subscriber:
        addresses = tuple(
            msgspec.structs.replace(
                address,
                ended=None,
                ended_at=None,
                bot=address.bot if address.ended is None and known.stopped is None else house.bot,
            )
            if address.channel == TELEGRAM and address.digest is not None
            else address
            for address in one.addresses
        )
        return msgspec.structs.replace(one, addresses=addresses)

    if known.active and known.address_on(TELEGRAM) is None:
        await house.vault.set_active(known.number, True)  # so that it is remembered outside the store as well
    return await house.vault.amend(known.number, works)


async def blocked(house: BotHouse, known: Subscriber) -> None:
    """Of whoever is written to by the other bot nothing ends. Raises nothing for somebody who was erased in between."""
    address = address_of(known)
    if address is None:
        return
    try:
        here = Address(TELEGRAM, address.target, bot=house.bot)
        await house.vault.end_address(known.number, TELEGRAM, "blocked", here)
    except UnknownSubscriber:
        return


VERBS_OF_STAYING: Final[dict[str, VerbHandler]] = {
    "start": start,
    "help": start,
    "join": join,
    "back": come_back,
    "pause": pause,
    "resume": resume,
    "stop": stop,
    "erase": erase,
    "export": export,
}
WITHOUT_SUBSCRIPTION: Final = frozenset({"start", "help", "join", "back", "stop", "erase"})
"""What a chat may ask for that nothing is kept of."""
