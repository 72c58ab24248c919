"""What the Bot API says to a `sendMessage` before it sends anything: the checks, their order and their words.

https://core.telegram.org/bots/api#sendmessage says what the parameters mean; the error texts and their order are those
of the server's own source (tdlib/telegram-bot-api at 01a3679, Client.cpp).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from services.demo.bot_entities import Parsed, units
from services.demo.bot_html import UnparsableMarkup, parse_html
from services.demo.request_bodies import read_object

TEXT_MAX: Final = 4096
"""UTF-16 code units after the entities were parsed."""
SOURCE_MAX: Final = 1 << 15
"""Bytes before they were."""


@dataclass(frozen=True, slots=True)
class BotError:
    """An answer with `ok: false`. The description starts with the words of the status, as the server's do."""

    status: int
    description: str
    parameters: Mapping[str, int] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        error = {"ok": False, "error_code": self.status, "description": self.description}
        return {**error, "parameters": dict(self.parameters)} if self.parameters else error


class BotRefused(Exception):
    """Carries the answer to where it is given."""

    def __init__(self, answer: BotError) -> None:
        super().__init__(answer.description)
        self.answer = answer


UNAUTHORIZED: Final = BotError(401, "Unauthorized")
INVALID_TOKEN: Final = BotError(401, "Unauthorized: invalid token specified")
NO_SUCH_PATH: Final = BotError(404, "Not Found")
NO_SUCH_METHOD: Final = BotError(404, "Not Found: method not found")
TOO_LARGE: Final = BotError(413, "Request Entity Too Large")
CHAT_NOT_FOUND: Final = BotError(400, "Bad Request: chat not found")
BLOCKED: Final = BotError(403, "Forbidden: bot was blocked by the user")
DEACTIVATED: Final = BotError(403, "Forbidden: user is deactivated")
KICKED: Final = BotError(403, "Forbidden: bot was kicked from the supergroup chat")
_REPLY_NOT_FOUND: Final = BotError(400, "Bad Request: message to be replied not found")


def migrated(to_chat_id: int) -> BotError:
    """The group became a supergroup: https://core.telegram.org/bots/api#responseparameters"""
    return BotError(
        400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": to_chat_id}
    )


def too_many_requests(retry_after: int) -> BotError:
    return BotError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def bad_request(what: str) -> BotRefused:
    """To be raised. The server puts its own prefix before TDLib's words and begins them in lower case."""
    return BotRefused(BotError(400, f"Bad Request: {what[:1].lower()}{what[1:]}"))


@dataclass(frozen=True, slots=True)
class WantedMessage:
    """A `sendMessage` whose parameters are in order; whether the chat takes it is not decided yet."""

    chat_id: int
    parsed: Parsed
    source: str
    parse_mode: str
    reply_to: int | None
    reply_optional: bool
    preview_disabled: bool
    silent: bool
    protected: bool


def arguments(values: Mapping[str, Any]) -> dict[str, str]:
    """All parameters as the text they would be in a form; that is how the server reads JSON as well."""
    return {name: _as_text(value) for name, value in values.items() if value is not None}


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def read_send_message(given: Mapping[str, str]) -> WantedMessage:
    """Raises BotRefused. The text is looked at first and the chat last, as the server does it."""
    parse_mode = given.get("parse_mode", "").lower()
    parsed = _text(given.get("text", ""), parse_mode)
    preview_disabled = _preview_disabled(given)
    reply_to, reply_optional = _reply(given)
    return WantedMessage(
        chat_id=_chat_id(given.get("chat_id", "")),
        parsed=parsed,
        source=given["text"],
        parse_mode=parse_mode,
        reply_to=reply_to,
        reply_optional=reply_optional,
        preview_disabled=preview_disabled,
        silent=_flag(given.get("disable_notification")),
        protected=_flag(given.get("protect_content")),
    )


def check_length(parsed: Parsed) -> None:
    """Raises BotRefused. This one is Telegram's own servers' answer, so it comes after the chat was found."""
    if units(parsed.text) > TEXT_MAX:
        raise bad_request("message is too long")


def check_reply(wanted: WantedMessage, known: bool) -> None:
    """Raises BotRefused when what is answered is not there and was not called optional."""
    if wanted.reply_to is not None and not known and not wanted.reply_optional:
        raise BotRefused(_REPLY_NOT_FOUND)


def _text(source: str, parse_mode: str) -> Parsed:
    try:
        encoded = source.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    if len(encoded) > SOURCE_MAX:
        raise bad_request("Text is too long")
    parsed = _read(source, parse_mode).trimmed()
    if not parsed.text:
        raise bad_request("Message text is empty")
    return parsed


def _read(source: str, parse_mode: str) -> Parsed:
    if not source or parse_mode in ("", "none"):
        return Parsed(source)
    if parse_mode != "html":  # Markdown is real, but Vestka never sends it and this stand-in does not read it
        raise bad_request("Unsupported parse_mode")
    try:
        return parse_html(source)
    except UnparsableMarkup as error:
        raise bad_request(f"Can't parse entities: {error}") from None


def _chat_id(text: str) -> int:
    if not text:
        raise bad_request("chat_id is empty")
    chat_id = read_number(text)
    if chat_id is None:  # also "@username": the stand-in knows no public chat
        raise BotRefused(CHAT_NOT_FOUND)
    return chat_id


def read_number(text: str) -> int | None:
    """A 64-bit id, or None where the text is no number of that size."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else None


def _preview_disabled(given: Mapping[str, str]) -> bool:
    """https://core.telegram.org/bots/api#linkpreviewoptions, or the older parameter of its own."""
    options = _object(given, "link_preview_options", "link preview options")
    return bool(options.get("is_disabled")) or _flag(given.get("disable_web_page_preview"))


def _reply(given: Mapping[str, str]) -> tuple[int | None, bool]:
    """https://core.telegram.org/bots/api#replyparameters, or the older parameters of their own."""
    reply = _object(given, "reply_parameters", "reply parameters")
    if not reply:
        return read_number(given.get("reply_to_message_id", "")), _flag(given.get("allow_sending_without_reply"))
    if "message_id" not in reply:
        raise bad_request('Can\'t find field "message_id"')
    message_id = read_number(str(reply["message_id"]))
    if message_id is None:
        raise bad_request('Field "message_id" must be a valid Number')
    return (message_id if message_id > 0 else None), bool(reply.get("allow_sending_without_reply"))


def _object(given: Mapping[str, str], name: str, called: str) -> dict[str, Any]:
    text = given.get(name, "")
    if not text:
        return {}
    value = read_object(text)
    if value is None:
        raise bad_request(f"Can't parse {called} JSON object")
    return value


def _flag(text: str | None) -> bool:
    return (text or "").lower() in ("true", "yes", "1")
