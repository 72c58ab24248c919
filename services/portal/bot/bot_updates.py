"""What the Bot API tells us of (https://core.telegram.org/bots/api#update), as far as we look at it. Pure.

Nothing of it is believed but that it comes from Telegram: whoever writes may write anything.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

ALLOWED = ("message", "callback_query", "my_chat_member")
"""What we ask to be told of."""


class _Told(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class TelegramUser(_Told, frozen=True, kw_only=True):
    id: int
    is_bot: bool = False
    language_code: str = ""


class TelegramChat(_Told, frozen=True, kw_only=True):
    id: int
    type: str = "private"


class TelegramMessage(_Told, frozen=True, kw_only=True):
    message_id: int
    chat: TelegramChat
    sender: TelegramUser | None = msgspec.field(name="from", default=None)
    sender_chat: TelegramChat | None = None
    """Who writes in the name of a chat: of the group itself, an administrator whose name is hidden."""
    text: str = ""
    forward_origin: Any = None
    forward_date: int | None = None
    via_bot: Any = None
    reply_to_message: TelegramMessage | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    """In a topic of a group that has some; `message_thread_id` is then its number."""
    migrate_to_chat_id: int | None = None
    migrate_from_chat_id: int | None = None

    @property
    def topic(self) -> int | None:
        return self.message_thread_id if self.is_topic_message else None

    @property
    def is_somebody_elses(self) -> bool:
        """Passed on, or written by another bot: its words are not those of whoever sends it."""
        return not (self.forward_origin is None and self.forward_date is None and self.via_bot is None)


class PressedButton(_Told, frozen=True, kw_only=True):
    id: str
    sender: TelegramUser = msgspec.field(name="from")
    message: TelegramMessage | None = None
    data: str = ""


class OurMembership(_Told, frozen=True, kw_only=True):
    status: str


class MembershipChange(_Told, frozen=True, kw_only=True):
    chat: TelegramChat
    new_chat_member: OurMembership


class BotUpdate(_Told, frozen=True, kw_only=True):
    update_id: int
    message: TelegramMessage | None = None
    callback_query: PressedButton | None = None
    my_chat_member: MembershipChange | None = None

    @property
    def chat_id(self) -> int | None:
        """In which chat; updates of one are handled in their order."""
        if self.callback_query is not None:
            return None if self.callback_query.message is None else self.callback_query.message.chat.id
        told = self.message or self.my_chat_member
        return None if told is None else told.chat.id


_NUMBERED: Final = re.compile(rb'\s*\{\s*"update_id"\s*:\s*(\d{1,19})\s*[,}]')
"""As the Bot API writes it: first of all, whatever follows."""


def read_update(raw: bytes | msgspec.Raw) -> BotUpdate:
    """One of a form that we do not know, or that is no JSON, says nothing but its number: passed over, it holds up
    nobody. Raises ValueError where it has none."""
    try:
        return msgspec.json.decode(raw, type=BotUpdate)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    numbered = _NUMBERED.match(bytes(raw))
    if numbered is None:
        raise ValueError("this is no update of the Bot API")
    return BotUpdate(update_id=int(numbered[1]))
