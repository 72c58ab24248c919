"""Where there are two bots: which one writes to a chat, and what each says of the other.

A chat that wrote to both has one subscription, and the bot that it pressed Start at last writes to it: that press is
what Telegram asks of everybody before a bot may write at all, so no alert goes where it cannot arrive, and none twice.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from services.portal.bot.chat_answer import BotWords, ChatAnswer
from services.portal.bot.chat_visit import TELEGRAM, BotHouse
from services.subscribers.subscriber import Subscriber


async def take_over(house: BotHouse, known: Subscriber) -> Subscriber:
    """From now on messages come by this bot. Raises UnknownSubscriber."""

    def by_this_bot(one: Subscriber) -> Subscriber:
        addresses = tuple(
            msgspec.structs.replace(address, bot=house.bot)
            if address.channel == TELEGRAM and address.digest is not None
            else address
            for address in one.addresses
        )
        return msgspec.structs.replace(one, addresses=addresses)

    return await house.vault.amend(known.number, by_this_bot)


def offered(words: BotWords, house: BotHouse) -> Iterator[str]:
    """That there is a bot with a neutral name, where there is, and this is the other one."""
    if not house.is_discreet and house.other_url:
        yield words.say("two.offered", url=house.other_url)


def always_covered(words: BotWords, house: BotHouse) -> ChatAnswer:
    """A discreet bot has no other mode; whoever wants one goes to the other bot."""
    told = [words.say("two.covered")]
    if house.other_url:
        told.append(words.say("two.usual", url=house.other_url))
    return words.answer("here", *told, buttons=((words.button("menu", "help"),),))
