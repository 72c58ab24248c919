"""What the bot says: words of a language file as the Bot API's HTML, with buttons under it. Pure.

In discreet mode every answer begins with one of a few neutral lines, and all else lies under a spoiler, which a
notification and a glance do not show; it cannot be passed on, and makes no sound.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from services.notify.content.languages import Language, LanguageFault

Neutral = Literal["done", "here", "choose", "not_done", "nothing"]
_LONGEST_LABEL: Final = 40


@dataclass(frozen=True, slots=True)
class AnswerButton:
    """`data`: a verb, a colon and its argument, 64 bytes at most; or `url`."""

    label: str
    data: str = field(default="", repr=False)
    url: str = field(default="", repr=False)

    def document(self) -> dict[str, str]:
        label = self.label[:_LONGEST_LABEL]
        return {"text": label, "url": self.url} if self.url else {"text": label, "callback_data": self.data}


ButtonRows = tuple[tuple[AnswerButton, ...], ...]


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """`text`: HTML of the Bot API."""

    text: str = field(repr=False)
    buttons: ButtonRows = ()
    discreet: bool = False
    silent: bool = False
    asks: bool = False
    """It is to be answered with what a verb lacks."""
    file: bytes | None = field(default=None, repr=False)
    """Goes with it, as a document."""
    last: bool = False
    """Nothing is kept of the chat any more, so nothing is noted of this answer either."""

    @property
    def markup(self) -> dict[str, Any] | None:
        """https://core.telegram.org/bots/api#inlinekeyboardmarkup"""
        if self.asks:
            return {"force_reply": True, "selective": True}
        return {"inline_keyboard": [[one.document() for one in row] for row in self.buttons]} if self.buttons else None


@dataclass(frozen=True, slots=True)
class BotWords:
    """The words of one reader's language, in their mode."""

    language: Language
    discreet: bool = False
    silent: bool = False

    def say(self, key: str, **values: str) -> str:
        """A phrase of `door.bot`; whatever is filled in cannot be markup."""
        return html.escape(self.language.phrase(f"door.bot.{key}", **values), quote=False)

    def of(self, key: str, **values: str) -> str:
        """The same of a phrase that stands elsewhere, by its whole key."""
        return html.escape(self.language.phrase(key, **values), quote=False)

    def problem(self, slug: str) -> str:
        """Why something typed can never bring a message: in our own words, or in those that the page has for it."""
        try:
            return self.say(f"problem.{slug}")
        except LanguageFault:
            return html.escape(self.language.phrase(f"door.join.problem.{slug}"), quote=False)

    def plain(self, key: str, **values: str) -> str:
        """The same as it stands in a button or in a message that is none of HTML."""
        return self.language.phrase(f"door.bot.{key}", **values)

    def button(self, name: str, data: str) -> AnswerButton:
        return AnswerButton(self.plain(f"button.{name}"), data)

    def answer(
        self, neutral: Neutral, *details: str, buttons: ButtonRows = (), file: bytes | None = None
    ) -> ChatAnswer:
        """`neutral`: what stands first in discreet mode; `details`: paragraphs, what `say` gave."""
        text = "\n\n".join(details)
        if self.discreet:
            first = self.say(f"neutral.{neutral}")
            text = f"{first}\n\n<tg-spoiler>{text}</tg-spoiler>" if text else first
        elif not text:
            text = self.say(f"neutral.{neutral}")
        return ChatAnswer(text, buttons, self.discreet, self.discreet or self.silent, file=file)

    def question(self, verb: str) -> ChatAnswer:
        """Asks for what the verb lacks."""
        key = f"ask.{verb}_discreet" if self.discreet else f"ask.{verb}"
        return ChatAnswer(self.say(key), (), self.discreet, self.discreet or self.silent, asks=True)


def rows_of(buttons: Sequence[AnswerButton], wide: int) -> ButtonRows:
    return tuple(tuple(buttons[at : at + wide]) for at in range(0, len(buttons), wide))
