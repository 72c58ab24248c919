"""What the Bot API's answers mean (https://core.telegram.org/bots/api#making-requests).

Only Telegram's own JSON is believed: a proxy's 403 must not cost a reader their subscription.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from services.egress import Answer
from services.notify.channels.base import Outcome, Reason, Refused, Retry, Sent
from services.subscribers.address import Address

HOLD_SECONDS: Final = 15.0
"""How long the channel rests when our token is refused."""

_SILENCE_SECONDS: Final = 5.0
"""How long a chat rests after a 429 that names no time."""


class _Parameters(msgspec.Struct):
    retry_after: float | None = None
    migrate_to_chat_id: int | None = None


class _Reply(msgspec.Struct):
    ok: bool
    error_code: int = 0
    description: str = ""
    result: Any = None
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


@dataclass(frozen=True, slots=True)
class Unparsable:
    """Telegram cannot read our markup; the words themselves may still go out."""


_BEGINS_WELL: Final = re.compile(rb'(?:[0-9a-fA-F]{1,8}[ \t]*\r?\n)?\s*\{\s*"ok"\s*:\s*true\s*[,}]')
"""Perhaps after the length of a chunk, where the chunks could not be read as such."""
_MESSAGE_ID: Final = re.compile(rb'"message_id"\s*:\s*([0-9]{1,15})\s*[,}]')

_AWAY: Final = Retry(Reason.SERVER_ERROR, of_all=True)
_NOBODY_BEHIND: Final = frozenset({502, 503, 504})
"""What stands before the Bot API says that it is not there (RFC 9110, section 15.6), so no chat is meant."""


@dataclass(frozen=True, slots=True)
class Flooded:
    """Too fast: this chat, or all of us; see `verdicts`."""

    after: float
    """Seconds of silence that are asked for."""


@dataclass(frozen=True, slots=True)
class PutOff:
    """Not now: this chat, or any of them."""


@dataclass(frozen=True, slots=True)
class NoSuchChat:
    """Our bot knows no such chat. `meaning`: what that says of the address if our bot is known to be the right one."""

    meaning: Refused


BotAnswer = Outcome | Unparsable | Flooded | NoSuchChat | PutOff

OUR_TOKEN: Final = Retry(Reason.MISCONFIGURED, after=HOLD_SECONDS, holds_channel=True, spends_attempt=False)

_ENDED: Final = Refused(Reason.BLOCKED, ends_address=True)
_NOT_FOUND: Final = NoSuchChat(Refused(Reason.UNKNOWN_ADDRESS, ends_address=True))

_BY_PHRASE: Final[tuple[tuple[str, BotAnswer], ...]] = (
    ("can't parse entities", Unparsable()),
    ("too long", Refused(Reason.TOO_LARGE)),
    ("chat not found", _NOT_FOUND),
    ("user not found", _NOT_FOUND),
    ("peer_id_invalid", _NOT_FOUND),
    ("channel_invalid", _NOT_FOUND),
    ("deactivated", _ENDED),
    ("bot was blocked", _ENDED),
    ("bot was kicked", _ENDED),
    ("chat was deleted", _ENDED),
    ("not a member", _ENDED),
    ("not enough rights", Refused(Reason.BLOCKED)),
    ("have no rights", Refused(Reason.BLOCKED)),
    ("chat_write_forbidden", Refused(Reason.BLOCKED)),
)
"""400 and 403 have no finer code than the description; the phrases are those of tdlib/telegram-bot-api, lowered."""


def read_answer(answer: Answer, address: Address) -> BotAnswer:
    if 300 <= answer.status < 400:
        return Retry(Reason.REDIRECT)
    try:
        reply = msgspec.json.decode(answer.body, type=_Reply)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _cut_short(answer)
    return _taken(reply) if reply.ok else _not_taken(reply, address)


def _cut_short(answer: Answer) -> BotAnswer:
    """Telegram's «ok» stands first in what it says, so it counts although the rest is missing or badly framed."""
    begins = _BEGINS_WELL.match(answer.body) if 200 <= answer.status < 300 else None
    if begins is None:
        return _unspoken(answer.status)
    number = _MESSAGE_ID.search(answer.body, begins.end())
    return Sent(reference=number[1].decode() if number else None)


def _unspoken(code: int) -> BotAnswer:
    return _AWAY if code in _NOBODY_BEHIND else PutOff()


def _taken(reply: _Reply) -> Outcome:
    number = reply.result.get("message_id") if isinstance(reply.result, dict) else None
    return Sent(reference=str(number)) if isinstance(number, int) else Sent()


def _not_taken(reply: _Reply, address: Address) -> BotAnswer:
    code, parameters = reply.error_code, reply.parameters
    if parameters.migrate_to_chat_id is not None:
        moved = Address(address.channel, str(parameters.migrate_to_chat_id), address.secrets)
        return Retry(Reason.MOVED, after=0, moved_to=moved)
    if code == 429:
        after = parameters.retry_after if parameters.retry_after is not None else _SILENCE_SECONDS
        return Flooded(max(after, 0.0))
    by_phrase = _OTHERWISE.get(code)
    return _BY_CODE.get(code, _unspoken(code)) if by_phrase is None else _read_phrase(reply.description, by_phrase)


_BY_CODE: Final[dict[int, Outcome]] = {401: OUR_TOKEN, 404: OUR_TOKEN, 413: Refused(Reason.TOO_LARGE)}

_OTHERWISE: Final[dict[int, BotAnswer]] = {
    400: Refused(Reason.UNACCEPTABLE),
    # "bot can't initiate conversation with a user" is also what every reader would say to another bot.
    403: NoSuchChat(_ENDED),
}


def _read_phrase(description: str, otherwise: BotAnswer) -> BotAnswer:
    said = description.lower()
    return next((outcome for phrase, outcome in _BY_PHRASE if phrase in said), otherwise)
