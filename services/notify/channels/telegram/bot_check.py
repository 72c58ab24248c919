"""Would the Bot API take messages of ours now? It is asked who we are (https://core.telegram.org/bots/api#getme)."""

from __future__ import annotations

from typing import Final

from pydantic import SecretStr

from services.egress import Egress, EgressError, ForbiddenTarget
from services.notify.channels.base import Outcome, Reason, Retry, Trouble
from services.notify.channels.failures import read_failure
from services.notify.channels.telegram.bot_answers import read_answer
from services.subscribers.address import Address, Bot

_ANSWER_BYTES: Final = 65_536
_SETTINGS: Final[dict[Bot | None, str]] = {
    None: "VESTKA_CHANNELS__TELEGRAM__TOKEN",
    "discreet": "VESTKA_CHANNELS__TELEGRAM__DISCREET__TOKEN",
}
_NOT_ALLOWED: Final = Trouble(
    Reason.MISCONFIGURED,
    "VESTKA_CHANNELS__TELEGRAM__API_BASE leads where we must not connect: correct it, or open its network in "
    "VESTKA_ALLOWED_NETWORKS",
)
_SILENT: Final = "the Bot API does not answer: look at the network, and at VESTKA_CHANNELS__TELEGRAM__API_BASE"
_BY_REASON: Final = {
    Reason.MISCONFIGURED: (
        "the Bot API refuses our token: it was revoked or is wrong. Take the one in use from @BotFather, set "
        "{setting}, and start notify again"
    ),
    Reason.TIMEOUT: _SILENT,
    Reason.UNREACHABLE: _SILENT,
    Reason.TLS: "the Bot API shows no certificate that we trust: look who stands between, and at API_BASE",
}
_ELSE: Final = "what answers is not the Bot API, or it has trouble of its own: look at __API_BASE"


async def ask_bot(
    egress: Egress, api_base: str, token: SecretStr | None, deadline: float, bot: Bot | None = None
) -> Trouble | None:
    setting = _SETTINGS[bot]
    if token is None:
        return Trouble(Reason.MISCONFIGURED, f"there is no token: {setting} takes what @BotFather gave")
    url = f"{api_base}/bot{token.get_secret_value()}/getMe"
    try:
        answer = await egress.request("GET", url, deadline=deadline, max_bytes=_ANSWER_BYTES)
    except ForbiddenTarget:
        return _NOT_ALLOWED
    except EgressError as error:
        return _trouble(read_failure(error), setting)
    outcome = read_answer(answer, Address("telegram", "0"))
    return _trouble(outcome, setting) if isinstance(outcome, Retry) else None


def _trouble(outcome: Outcome, setting: str) -> Trouble | None:
    if not isinstance(outcome, Retry) or outcome.reason is Reason.RATE_LIMITED:  # too busy for us is alive
        return None
    return Trouble(outcome.reason, _BY_REASON.get(outcome.reason, _ELSE).format(setting=setting))
