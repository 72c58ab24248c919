"""The settings of our bots at Telegram: the usual one, and a second under a name that says nothing."""

from __future__ import annotations

import re
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, model_validator

from services.notify.throttle.send_rate import Rates
from services.subscribers.address import Bot

_TOKEN: Final = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")
"""https://core.telegram.org/bots/features#botfather: 5 to 32 signs, and it ends in "bot"."""
_TELLS: Final = re.compile(
    "vestka|вестк|alert|news|навін|новост|belarus|белар|prison|турм|тюр|вязн|заключ|polit|паліт|полит|pardon|"
    "памілав|помилов|arrest|арышт|арест|detain|затрым|задерж|rights|правы|права|viasna|вясна|весна|extrem|экстр|arest|aryst|navin|novost|"
    "zatrym|zaderz|turm|tyurm|tiurm|via[sz]n|vyaz?n|vjazn|zakl[yj]?uch|prava|vesna|pamil|pomil|svabod|svobod",
    re.IGNORECASE,
)


def tells_what_it_is(name: str) -> bool:
    """Would a glance at a list of chats learn from a bot's name what it is about?"""
    return bool(_TELLS.search(name))


def _is_token(token: SecretStr | None) -> SecretStr | None:
    if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError("a bot's token is a number, a colon and letters; copy it again from @BotFather")
    return token


def _is_name(given: str) -> str:
    name = given.strip().removeprefix("https://t.me/").removeprefix("@")
    if not _NAME.fullmatch(name) or not name.lower().endswith("bot"):
        raise ValueError("a bot's name has 5 to 32 letters, figures and _, and ends in bot; as @BotFather shows it")
    return name


def _says_nothing(name: str) -> str:
    if tells_what_it_is(name):
        raise ValueError("it stands in a list of chats and must not say what it is about; ask @BotFather for another")
    return name


BotToken = Annotated[SecretStr, AfterValidator(_is_token)]
BotName = Annotated[str, AfterValidator(_is_name)]


class DiscreetBotSettings(BaseModel):
    """A bot of its own, with a chat of its own on each phone, for readers whose list of chats is looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    token: BotToken
    name: Annotated[BotName, AfterValidator(_says_nothing)] | None = None
    """As people find it, without @. Where it is not set, no page and no answer offers it."""


class TelegramSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    api_base: str = "https://api.telegram.org"
    token: BotToken | None = None
    """What @BotFather gave. Without it the channel holds every message and says that it is misconfigured."""
    name: BotName | None = None
    """As people find it, without @; for whoever wants to come back from the other."""
    discreet: DiscreetBotSettings | None = None
    """Without it there is one bot for all."""
    overall_per_second: int = 30
    per_chat_per_second: int = 1
    per_group_per_minute: int = 20
    """Of each bot: Telegram counts them by themselves."""
    deadline: float = 15

    @property
    def rates(self) -> Rates:
        return Rates(self.overall_per_second, self.per_chat_per_second, self.per_group_per_minute)

    @property
    def bots(self) -> dict[Bot | None, SecretStr | None]:
        """The token of each that there is; null: the usual one."""
        tokens: dict[Bot | None, SecretStr | None] = {None: self.token}
        return tokens if self.discreet is None else {**tokens, "discreet": self.discreet.token}

    def name_of(self, bot: Bot | None) -> str | None:
        return self.name if bot is None else self.discreet.name if self.discreet is not None else None

    @model_validator(mode="after")
    def _are_two(self) -> Self:
        if self.discreet is not None and self.discreet.token == self.token:
            raise ValueError("the discreet bot has a token of its own: ask @BotFather for a second bot")
        return self
