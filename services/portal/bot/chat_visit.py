"""Somebody in a chat who wants something, and what is at hand for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from services.notify.content.languages import Language
from services.portal.bot.chat_answer import BotWords, ChatAnswer
from services.portal.bot.chat_steps import ChatCommand
from services.subscribers.address import Bot
from services.subscribers.manage_links import ManageLinks
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.vault import Vault

TELEGRAM: Final = "telegram"
FALLBACK_LANGUAGE: Final = "en"


@dataclass(frozen=True, slots=True)
class BotHouse:
    """`pages`: the address of the public pages, "" where nobody was told one; `links`: to what is kept of a reader,
    null without such an address. `tag`: what stands in a button for a folded name, nobody's without our key. `now`:
    Unix seconds. `bot`: which of ours is written to here; `other`: the name of the other one, without @."""

    vault: Vault
    languages: Mapping[str, Language]
    pages: str
    links: ManageLinks | None
    tag: Callable[[str], str]
    now: Callable[[], float]
    bot: Bot | None = None
    other: str | None = None

    @property
    def other_url(self) -> str | None:
        return f"https://t.me/{self.other}" if self.other else None

    async def known(self, chat_id: int) -> Subscriber | None:
        """Whose chat it is, whether anything comes there or not."""
        return await self.vault.by_address(TELEGRAM, str(chat_id))

    def words_for(self, known: Subscriber | None, language_code: str = "") -> BotWords:
        """The language that was chosen, else that of the app (IETF tag), else English."""
        if known is not None and known.language in self.languages:
            discreet = self.is_discreet or known.mode == "discreet"
            return BotWords(self.languages[known.language], discreet, known.silent)
        spoken = language_code.lower().partition("-")[0]
        return BotWords(self.languages.get(spoken) or self.languages[FALLBACK_LANGUAGE], self.is_discreet)

    @property
    def is_discreet(self) -> bool:
        """Whatever is said here gives nothing away, whoever reads it and whatever they chose."""
        return self.bot == "discreet"

    def writes_to(self, known: Subscriber) -> bool:
        """Do their messages come by this bot?"""
        address = address_of(known)
        return address is not None and address.bot == self.bot

    def page_of(self, known: Subscriber) -> str | None:
        """A link to what is kept of them, good for an hour."""
        address = address_of(known)
        if self.links is None or address is None or address.digest is None:
            return None
        return self.links.url(self.links.token(known.number, address.digest, self.now()))


@dataclass(frozen=True, slots=True)
class ChatVisit:
    """`known`: null for a chat that nothing is kept of."""

    house: BotHouse
    command: ChatCommand
    known: Subscriber | None = field(repr=False)
    words: BotWords = field(repr=False)

    @property
    def argument(self) -> str:
        return self.command.argument

    @property
    def subscriber(self) -> Subscriber:
        assert self.known is not None
        return self.known

    async def change(self, change: Callable[[Subscriber], Subscriber]) -> Subscriber:
        """As they are now. Nothing is written where nothing changes. Raises UnknownSubscriber, and what `change`
        raises."""
        if change(self.subscriber) == self.subscriber:
            return self.subscriber
        return await self.house.vault.amend(self.subscriber.number, change)

    def words_of(self, changed: Subscriber) -> BotWords:
        return self.house.words_for(changed, self.command.language_code)


VerbHandler = Callable[[ChatVisit], Awaitable[ChatAnswer]]


def address_of(known: Subscriber) -> StoredAddress | None:
    """Of the chat, whether it works or not; one that another subscriber has by now is none of theirs."""
    return next((one for one in known.addresses if one.channel == TELEGRAM and one.digest is not None), None)


def is_written_to(known: Subscriber) -> bool:
    """Does anything come to the chat, or would it if they had not paused?"""
    return known.stopped is None and known.address_on(TELEGRAM) is not None
