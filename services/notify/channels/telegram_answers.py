"""What the Bot API's answers mean (https://core.telegram.org/bots/api#making-requests).

Only Telegram's own JSON is believed: a proxy's 403 must not cost a reader their subscription.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from services.egress import Answer
from services.notify.channels.base import Address, Outcome, Reason, Refused, Retry, Sent

HOLD_SECONDS: Final = 60.0
"""How long the channel rests when our token is refused."""

_SILENCE_SECONDS: Final = 5.0
"""How long it rests on a 429 that names no time."""


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

_UNSPOKEN: Final = Retry(Reason.SERVER_ERROR)

_OUR_TOKEN: Final = Retry(Reason.MISCONFIGURED, after=HOLD_SECONDS, holds_channel=True)

_BY_PHRASE: Final[tuple[tuple[str, Outcome | Unparsable], ...]] = (
    ("can't parse entities", Unparsable()),
    ("too long", Refused(Reason.TOO_LARGE)),
    # Kept: with the token of another bot every chat is unknown, and all our readers would be gone in a minute.
    ("chat not found", Refused(Reason.UNKNOWN_ADDRESS)),
    ("peer_id_invalid", Refused(Reason.UNKNOWN_ADDRESS)),
    ("not enough rights", Refused(Reason.BLOCKED)),
    ("have no rights", Refused(Reason.BLOCKED)),
    ("chat_write_forbidden", Refused(Reason.BLOCKED)),
)
"""400 has no finer code than its description; the phrases are those of tdlib/telegram-bot-api, in lower case."""


def read_answer(answer: Answer, address: Address) -> Outcome | Unparsable:
    if 300 <= answer.status < 400:
        return Retry(Reason.REDIRECT)
    try:
        reply = msgspec.json.decode(answer.body, type=_Reply)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _cut_short(answer)
    return _taken(reply) if reply.ok else _not_taken(reply, address)


def _cut_short(answer: Answer) -> Outcome:
    """Telegram's «ok» stands first in what it says, so it counts although the rest is missing or badly framed."""
    begins = _BEGINS_WELL.match(answer.body) if 200 <= answer.status < 300 else None
    if begins is None:
        return _UNSPOKEN
    number = _MESSAGE_ID.search(answer.body, begins.end())
    return Sent(reference=number[1].decode() if number else None)


def _taken(reply: _Reply) -> Outcome:
    number = reply.result.get("message_id") if isinstance(reply.result, dict) else None
    return Sent(reference=str(number)) if isinstance(number, int) else Sent()


def _not_taken(reply: _Reply, address: Address) -> Outcome | Unparsable:
    code, parameters = reply.error_code, reply.parameters
    if parameters.migrate_to_chat_id is not None:
        moved = Address(address.channel, str(parameters.migrate_to_chat_id), address.secrets)
        return Retry(Reason.MOVED, after=0, moved_to=moved)
    if code == 429:
        after = parameters.retry_after if parameters.retry_after is not None else _SILENCE_SECONDS
        return Retry(Reason.RATE_LIMITED, after=max(after, 0.0), holds_channel=True)
    return _BY_CODE.get(code) or (_read_phrase(reply.description) if code == 400 else _UNSPOKEN)


_BY_CODE: Final[dict[int, Outcome]] = {
    401: _OUR_TOKEN,
    403: Refused(Reason.BLOCKED, ends_address=True),
    404: _OUR_TOKEN,
    413: Refused(Reason.TOO_LARGE),
}


def _read_phrase(description: str) -> Outcome | Unparsable:
    said = description.lower()
    return next((outcome for phrase, outcome in _BY_PHRASE if phrase in said), Refused(Reason.UNACCEPTABLE))
