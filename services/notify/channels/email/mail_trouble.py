"""Why our mail server would take no letter now, in words for an operator."""

from __future__ import annotations

from typing import Final

from services.notify.channels.base import Outcome, Reason, Sent, Trouble
from services.notify.channels.email.smtp_replies import Stage

_UNENCRYPTED: Final = (
    "no encrypted connection that we trust: look at VESTKA_CHANNELS__EMAIL__STARTTLS, __IMPLICIT_TLS, __CA_FILE and "
    "the certificate of the mail server"
)
_BY_REASON: Final = {
    Reason.TIMEOUT: "the mail server does not answer in time: look at its log and at the network between",
    Reason.UNREACHABLE: (
        "no connection to the mail server: does it run, and are VESTKA_CHANNELS__EMAIL__HOST and __PORT right?"
    ),
    Reason.TLS: _UNENCRYPTED,
}
_BY_STAGE: Final = {
    Stage.GREETING: "the mail server turns us away before we say anything: look at its log and at __EHLO_NAME",
    Stage.SECURING: _UNENCRYPTED,
    Stage.LOGIN: "the mail server refuses our login: look at VESTKA_CHANNELS__EMAIL__USERNAME and __PASSWORD",
}


def trouble_at(stage: Stage, outcome: Outcome) -> Trouble | None:
    """`stage`: where the conversation broke off, before anything was said of a letter."""
    if isinstance(outcome, Sent):
        return None
    says = _BY_REASON.get(outcome.reason) or _BY_STAGE.get(stage, _BY_STAGE[Stage.GREETING])
    return Trouble(outcome.reason, says)
