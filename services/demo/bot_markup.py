"""The buttons under a message, as the Bot API takes them: the checks and their words.

https://core.telegram.org/bots/api#inlinekeyboardmarkup and #forcereply; keyboards of text keys are real, but Vestka
never sends one and this stand-in does not read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from services.demo.bot_rules import bad_request
from services.demo.request_bodies import read_object

DATA_MAX: Final = 64
"""Bytes of what a button sends back."""
_PLACEHOLDER_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class ChatButton:
    """`data`: what the bot is told when it is pressed; "" for one that opens `url`."""

    text: str
    data: str = field(default="", repr=False)
    url: str = field(default="", repr=False)

    def document(self) -> dict[str, str]:
        return {"text": self.text, **({"callback_data": self.data} if self.data else {"url": self.url})}


@dataclass(frozen=True, slots=True)
class ChatMarkup:
    rows: tuple[tuple[ChatButton, ...], ...] = ()
    asks_for_reply: bool = False
    placeholder: str = ""

    def document(self) -> dict[str, Any]:
        """As a message has it that the bot is told of."""
        return {"inline_keyboard": [[button.document() for button in row] for row in self.rows]}

    def buttons(self) -> list[ChatButton]:
        return [button for row in self.rows for button in row]


NO_MARKUP: Final = ChatMarkup()


def read_markup(given: Mapping[str, str]) -> ChatMarkup:
    """Raises BotRefused."""
    text = given.get("reply_markup", "")
    if not text:
        return NO_MARKUP
    value = read_object(text)
    if value is None:
        raise bad_request("can't parse reply keyboard markup JSON object")
    if value.get("force_reply"):
        placeholder = str(value.get("input_field_placeholder", ""))
        if len(placeholder) > _PLACEHOLDER_MAX:
            raise bad_request("input field placeholder is too long")
        return ChatMarkup(asks_for_reply=True, placeholder=placeholder)
    return ChatMarkup(tuple(_row(row) for row in _list(value.get("inline_keyboard"), "inline keyboard")))


def _row(row: Any) -> tuple[ChatButton, ...]:
    return tuple(_button(button) for button in _list(row, "inline keyboard row"))


def _list(value: Any, called: str) -> list[Any]:
    if not isinstance(value, list):
        raise bad_request(f"object expected as {called}" if value is None else f"{called} must be an Array")
    return value


def _button(button: Any) -> ChatButton:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text, data, url = (button.get(name, "") for name in ("text", "callback_data", "url"))
    if not all(isinstance(part, str) for part in (text, data, url)):
        raise bad_request("can't parse inline keyboard button: Field must be of type String")
    if not text:
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not data and not url:
        raise bad_request("Text buttons are unallowed in the inline keyboard")
    if len(data.encode()) > DATA_MAX:
        raise bad_request("BUTTON_DATA_INVALID")
    if url and not url.startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return ChatButton(text, data, url)
