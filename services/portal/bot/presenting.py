"""How a bot presents itself when it starts: its name is learnt, and its commands are told to Telegram.

Whoever opens the chat sees what a command is said to do, in discreet mode as well; so it is the neutral word that
stands on its button, and no more. What stands beside a discreet bot says nothing either: it is set anew each time, and
of a name, which people give it, the log says where it tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import structlog

from services.notify.channels.telegram.bot_settings import tells_what_it_is
from services.notify.content.languages import Language
from services.portal.bot.bot_api import BotApi, BotApiRefused
from services.portal.bot.chat_answer import BotWords
from services.portal.bot.chat_visit import FALLBACK_LANGUAGE

log = structlog.get_logger(__name__)

_OFFERED: Final = (
    *("watch", "place", "list", "language", "frequency", "quiet"),
    *("discreet", "pause", "stop", "export", "erase"),
)


async def present(api: BotApi, languages: Mapping[str, Language]) -> str:
    """Our name. Raises EgressError and BotApiRefused."""
    seen = await api.who_we_are()
    if api.bot == "discreet" and any(map(tells_what_it_is, (seen.username, seen.first_name))):
        log.error("discreet_bot_gives_away", todo="give the second bot a name at @BotFather that says nothing")
    try:
        await api.set_commands(offered(languages[FALLBACK_LANGUAGE]), "")
        for code, language in languages.items():
            await api.set_commands(offered(language), code)
        if api.bot == "discreet":
            await api.describe(described(languages[FALLBACK_LANGUAGE]), "")
            for code, language in languages.items():
                await api.describe(described(language), code)
    except BotApiRefused as refused:  # it works without
        log.warning("bot_api_refused", method=refused.method, code=refused.code)
    return seen.username


def offered(language: Language) -> dict[str, str]:
    words = BotWords(language)
    return {"help": words.plain("button.menu"), **{verb: words.plain(f"button.{verb}") for verb in _OFFERED}}


def described(language: Language) -> str:
    """What a discreet bot says of itself."""
    return BotWords(language).plain("two.about")
